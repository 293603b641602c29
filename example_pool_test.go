package framealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

type enemy struct {
	name   string
	health int
}

func ExamplePoolGet() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	e := framealloc.PoolGet[enemy](alloc) // outlives frames
	e.name, e.health = "orc", 30
	fmt.Println(*e)
	framealloc.PoolPut(alloc, e) // e must not be used from here on

	fmt.Println(*framealloc.PoolGet[enemy](alloc)) // zeroed
	// Output:
	// {orc 30}
	// { 0}
}

func ExamplePool() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	enemies := framealloc.PoolOf[enemy](alloc) // looked up once, for a hot loop
	var wave []*enemy
	for i := range 3 {
		e := enemies.Get()
		e.health = 10 * i
		wave = append(wave, e)
	}
	for _, e := range wave {
		if e.health == 0 {
			enemies.Put(e)
		}
	}
	s := enemies.Stats()
	fmt.Println(s.Live, "alive,", s.Gets, "spawned,", s.Puts, "gone")
	// Output: 2 alive, 3 spawned, 1 gone
}

func ExamplePool_Put_debug() {
	alloc := framealloc.NewAllocator(framealloc.Config{Debug: true})
	defer alloc.Close()
	defer func() {
		err := recover().(error)
		fmt.Println(errors.Is(err, diag.FA208))
	}()

	e := framealloc.PoolGet[enemy](alloc)
	framealloc.PoolPut(alloc, e)
	framealloc.PoolPut(alloc, e) // panics, and says where e was put first
	// Output: true
}

func ExamplePoolBox() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	target := framealloc.PoolBox[enemy](alloc)
	target.Get().name = "orc"
	remembered := target // by a missile, say

	fmt.Println(remembered.Get().name)
	target.Free()
	if _, err := remembered.TryGet(); errors.Is(err, diag.FA606) {
		fmt.Println("the target is gone")
	}
	// Output:
	// orc
	// the target is gone
}

func ExampleBytesGet() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	packet := framealloc.BytesGet(alloc, 100)
	fmt.Println(len(packet), cap(packet))
	framealloc.BytesPut(alloc, packet)
	// Output: 100 128
}
