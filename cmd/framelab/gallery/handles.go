package gallery

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

// A ship aims at another by a handle.
type ship struct {
	Hull   float32
	Target handle.Handle[ship]
}

func fireAtTheSunk(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	fleet := handle.NewTable[ship](alloc, handle.Config{Name: "fleet"})
	frigate := fleet.NewValue(ship{Hull: 1})
	privateer := fleet.NewValue(ship{Hull: 1, Target: frigate})

	fleet.Free(frigate) // sunk by somebody else
	fleet.Get(fleet.Get(privateer).Target).Hull -= 0.1
	return nil
}

func fireAtWhatFloats(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	fleet := handle.NewTable[ship](alloc, handle.Config{Name: "fleet"})
	frigate := fleet.NewValue(ship{Hull: 1})
	privateer := fleet.NewValue(ship{Hull: 1, Target: frigate})

	fleet.Free(frigate)
	if target, ok := fleet.Lookup(fleet.Get(privateer).Target); ok {
		target.Hull -= 0.1
	}
	return nil
}
