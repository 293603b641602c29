package tracyframe_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/tracyframe"
)

// A game goes on without Tracy's client: a nil Session does nothing.
func ExampleAttach() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	session, err := tracyframe.Attach(alloc, tracyframe.Config{Library: "/opt/no-tracy-here/libTracyClient.so"})
	if errors.Is(err, tracyframe.ErrUnavailable) {
		fmt.Println("no Tracy")
	}
	defer session.Close()
	session.Message("level loaded")

	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Phase("update")()
		framealloc.New[[64]byte](frame)
	})
	fmt.Println("connected:", session.Connected())
	// Output:
	// no Tracy
	// connected: false
}
