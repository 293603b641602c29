package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

type monster struct{ x, y, health int64 }

// What is there more of than a while ago?
func ExampleAllocator_Leaks() {
	alloc := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeLeaks})
	spawn := func() *monster {
		m := framealloc.PoolGet[monster](alloc)
		m.health = 100
		return m
	}

	boss := spawn()
	before := alloc.Leaks()
	for range 5 {
		spawn() // and forget
	}
	for _, s := range alloc.Leaks().Since(before).Sites {
		fmt.Printf("%d more %s from a %s, %d bytes\n", s.Objects, s.Type, s.Kind, s.Bytes)
	}
	fmt.Println(boss.health)
	// Output:
	// 5 more framealloc_test.monster from a pool, 120 bytes
	// 100
}

// A test makes sure that a function gives back what it takes.
func ExampleRequireNoLeaks() {
	var t printing // in a test, its *testing.T

	framealloc.RequireNoLeaks(t, func(frame *framealloc.Frame) {
		framealloc.PoolGet[monster](frame)
	})
	framealloc.RequireNoLeaks(t, func(frame *framealloc.Frame) {
		m := framealloc.PoolGet[monster](frame)
		defer framealloc.PoolPut(frame, m)
		m.x, m.y = 3, 4
	})
	// Output:
	// the test failed
}

// Resources of other kinds go on the same books.
func ExampleTrack() {
	alloc := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeLeaks})
	stone := framealloc.Track(alloc, "texture", "stone.png", 64*framealloc.KiB)
	wood := framealloc.Track(alloc, "texture", "wood.png", 16*framealloc.KiB)
	wood.Release()
	for _, s := range alloc.Leaks().Sites {
		fmt.Println(s.Kind, s.Type, s.Bytes)
	}
	stone.Release()
	// Output:
	// texture stone.png 65536
}
