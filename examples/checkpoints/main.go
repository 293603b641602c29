// Checkpoints tries things out and takes them back: memory of an attempt that
// failed is given back at once, not at the frame's end.
package main

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
)

type room struct {
	name   string
	behind *room
}

var errCrowded = errors.New("rooms overlap")

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		// Speculate keeps what fn allocated only if it returns nil.
		var level []*room
		for seed := 1; level == nil; seed++ {
			err := framealloc.Speculate(frame, func() (err error) {
				level, err = generate(frame, seed)
				return err
			})
			if err != nil {
				fmt.Printf("seed %d: %v, %d bytes in use\n", seed, err, frame.Used())
				continue
			}
			fmt.Printf("seed %d: %d rooms, %d bytes\n", seed, len(level), frame.Used())
		}

		// A checkpoint serves a loop of attempts on the same memory.
		start, best, most := frame.Checkpoint(), 0, 0
		for width := range 5 {
			tiles := framealloc.Slice[int32](frame, 100*width)
			most = max(most, frame.Used())
			best = max(best, len(tiles)%301)
			frame.Rollback(start)
		}
		fmt.Printf("best %d; at most %d bytes, now %d\n", best, most, frame.Used())

		// A sub-frame is a checkpoint with a scope of its own.
		frame.Sub(func(f *framealloc.Frame) {
			names := framealloc.NewMap[string, *room](f, 64)
			for _, r := range level {
				names.Put(r.name, r)
			}
			if r, ok := names.Get("room 3"); ok {
				fmt.Println("behind", r.name, "is", r.behind.name)
			}
		})
		fmt.Println("after the search:", frame.Used(), "bytes")
	})
}

// generate makes more rooms for every seed, of which the first are unlucky.
func generate(frame *framealloc.Frame, seed int) ([]*room, error) {
	rooms := framealloc.ArenaOf[room](frame)
	var level []*room
	for i := range 4 * seed {
		r := rooms.New()
		r.name = framealloc.NewText(frame).Str("room ").Int(i).String()
		if i > 0 {
			r.behind = level[i-1]
		}
		level = framealloc.Append(frame, level, r)
	}
	if seed < 3 {
		return nil, errCrowded
	}
	return level, nil
}
