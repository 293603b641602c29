package framealloc_test

import (
	"encoding/binary"
	"fmt"

	"github.com/framealloc/framealloc"
)

// A packet is built in frame memory and sent before the frame ends.
func ExampleBuffer() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		packet := framealloc.NewBuffer(frame)
		packet.WriteByte(1)
		packet.WriteString("move")
		if err := binary.Write(packet, binary.BigEndian, uint16(500)); err != nil {
			fmt.Println(err)
		}
		fmt.Printf("% x\n", packet.Bytes())
	})
	// Output: 01 6d 6f 76 65 01 f4
}
