// Pools recycle objects that are born and die one by one, across frames.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

type bullet struct {
	x, dx  float64
	target framealloc.Box[enemy]
}

type enemy struct {
	name   string
	health int
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	// A Box notices when what it refers to has gone: the bullets in flight
	// outlive their target.
	orc := framealloc.PoolBox[enemy](alloc)
	*orc.Get() = enemy{"orc", 25}

	bullets := framealloc.PoolOf[bullet](alloc) // looked up once
	var flying []*bullet
	hits, lost := 0, 0
	for n := range 40 {
		if n%4 == 0 {
			b := bullets.Get() // zeroed
			b.dx, b.target = 1, orc
			flying = append(flying, b)
		}
		alive := flying[:0]
		for _, b := range flying {
			if b.x += b.dx; b.x < 8 {
				alive = append(alive, b)
				continue
			}
			if b.target.Valid() {
				hits++
				if e := b.target.Get(); e.health > 10 {
					e.health -= 10
				} else {
					fmt.Println("the", e.name, "is dead")
					b.target.Free()
				}
			} else {
				lost++
			}
			bullets.Put(b)
		}
		flying = alive
	}
	s := bullets.Stats()
	fmt.Printf("%d hits, %d found nobody, %d in flight\n", hits, lost, len(flying))
	fmt.Printf("%d bullets fired, %d live\n", s.Gets, s.Live)

	// Raw buffers come in powers of two.
	packet := framealloc.BytesGet(alloc, 1200)
	fmt.Println("packet:", len(packet), "of", cap(packet), "bytes")
	framealloc.BytesPut(alloc, packet)
	for _, b := range flying {
		bullets.Put(b)
	}
}
