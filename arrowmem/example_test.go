package arrowmem_test

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arrowmem"
	"github.com/framealloc/framealloc/bytealloc"
)

func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	mem := arrowmem.New(bytealloc.FromWorker(alloc.Main())) // once

	for range 3 {
		frame := alloc.BeginFrame()
		builder := array.NewFloat64Builder(mem)
		for i := range 1000 {
			builder.Append(float64(i) / 4)
		}
		prices := builder.NewFloat64Array()
		fmt.Println("frame", frame.Number(), "has", prices.Len(), "prices; the last is", prices.Value(999))
		prices.Release()
		builder.Release()
		if err := mem.Err(); err != nil {
			fmt.Println(err)
		}
		alloc.EndFrame()
	}
	// Output:
	// frame 1 has 1000 prices; the last is 249.75
	// frame 2 has 1000 prices; the last is 249.75
	// frame 3 has 1000 prices; the last is 249.75
}

// A Scratch takes compute functions in any mode, and says what was kept too long.
func ExampleScratch() {
	alloc := framealloc.NewAllocator(framealloc.Config{Debug: true})
	defer alloc.Close()
	batches := arrowmem.NewScratch(alloc, "batches")

	record := build(batches, 1000)
	kept, err := expensive(batches, record)
	if err != nil {
		fmt.Println(err)
		return
	}
	record.Release()
	fmt.Println(kept.NumRows(), "trades above 100")
	fmt.Println("kept beyond the frame:", batches.Reset() != nil)
	kept.Release()
	fmt.Println("still:", batches.Reset() != nil)
	if err := batches.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 480 trades above 100
	// kept beyond the frame: true
	// still: false
}
