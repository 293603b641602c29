package framealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

func ExampleNew() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		u := framealloc.New[unit](frame) // zeroed
		u.name = "ada"
		fmt.Println(*u)
	})
	// Output: {ada 0}
}

// The functions that begin with Try return what the others panic with.
func ExampleTryNew() {
	alloc := framealloc.NewAllocator(framealloc.Config{MaxFrameBytes: 100})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		for n := 0; ; n++ {
			if _, err := framealloc.TryNew[[32]byte](frame); err != nil {
				fmt.Println(n, "fitted;", errors.Is(err, diag.FA003))
				return
			}
		}
	})
	// Output: 3 fitted; true
}

func ExampleNewMany() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		squad := framealloc.NewMany[unit](frame, 3) // side by side, one pointer each
		squad[1].name = "grace"
		fmt.Println(len(squad), squad[1].name)
	})
	// Output: 3 grace
}

func ExampleSlice() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		heights := framealloc.Slice[float64](frame, 4)
		heights[2] = 1.5
		fmt.Println(heights)
	})
	// Output: [0 0 1.5 0]
}

// The newest allocation grows in place.
func ExampleAppend() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		var trail []int
		for i := range 5 {
			trail = framealloc.Append(frame, trail, i*i)
		}
		fmt.Println(trail)
	})
	// Output: [0 1 4 9 16]
}

// A copy survives the buffer that it was read from, until the frame ends.
func ExampleClone() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	buf := []byte("left")
	alloc.Frame(func(frame *framealloc.Frame) {
		word := framealloc.Clone(frame, buf)
		copy(buf, "gone")
		fmt.Printf("%s\n", word)
	})
	// Output: left
}

// An Arena is the fastest way to many values of one type with pointers.
func ExampleArenaOf() {
	type node struct {
		left, right *node
		key         int
	}
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		nodes := framealloc.ArenaOf[node](frame)
		var root *node
		for _, key := range []int{5, 2, 8, 1, 9} {
			at := &root
			for *at != nil {
				if key < (*at).key {
					at = &(*at).left
				} else {
					at = &(*at).right
				}
			}
			*at = nodes.New()
			(*at).key = key
		}
		fmt.Println(root.left.left.key, root.key, root.right.right.key)
	})
	// Output: 1 5 9
}
