// Groups keep together what is freed together: a level, and the rooms in it.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/group"
)

type prop struct {
	name string
	next *prop
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	level := group.New(alloc, "level")
	tiles := framealloc.Slice[uint16](level.Frame(), 128*128)
	tiles[0] = 1
	cellar := furnish(level.Sub("cellar"), "barrel", "barrel", "ladder")
	attic := furnish(level.Sub("attic"), "trunk")
	fmt.Println("cellar:", list(cellar), "attic:", list(attic))
	report(level)

	for g := range level.All() {
		if g.Name() == "cellar" {
			g.Free() // the player has left it for good
			break
		}
	}
	report(level)

	level.Free() // and everything in it
	fmt.Println("freed:", level.Freed())
}

// furnish allocates a linked list of props into the group.
func furnish(g *group.Group, names ...string) *prop {
	var first *prop
	for _, name := range names {
		first = framealloc.NewValue(g.Frame(), prop{name, first})
	}
	return first
}

func list(p *prop) (names []string) {
	for ; p != nil; p = p.next {
		names = append(names, p.name)
	}
	return names
}

func report(g *group.Group) {
	s := g.Stats()
	fmt.Printf("%s: %d groups, %d allocations\n", s.Path, s.Groups, s.Allocations)
}
