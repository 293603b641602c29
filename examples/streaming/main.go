// Streaming keeps the tiles around a traveller in memory, in a budget that holds a
// few of the world's many.
package main

import (
	"context"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

const (
	worldTiles = 40
	tileSize   = 64 * 64
	inMemory   = 6
)

// A tile's heights follow from its number, which stands for a file.
func load(number int) stream.LoadFunc[uint16] {
	return func(_ context.Context, e *stream.Entry[uint16], heights []uint16) error {
		for i := range heights {
			heights[i] = uint16(number*100 + i%100)
		}
		return nil
	}
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	terrain := stream.New[uint16](alloc, stream.Config{Name: "terrain", Budget: inMemory * tileSize * 2, Loads: 1})
	defer terrain.Close()
	var tiles []*stream.Entry[uint16]
	for n := range worldTiles {
		tiles = append(tiles, terrain.Entry(fmt.Sprint("tile ", n), tileSize, stream.Normal, load(n)))
	}

	ctx := context.Background()
	missing, highest := 0, uint16(0)
	for at := range worldTiles - 1 {
		// What is ahead is asked for now and needed in the next step; a real game asks
		// earlier, and never waits.
		if err := tiles[at+1].Wait(ctx); err != nil {
			fmt.Println(err)
			return
		}
		alloc.Frame(func(frame *framealloc.Frame) {
			for _, n := range []int{max(at-1, 0), at, at + 1} {
				heights, ok := tiles[n].Use(frame)
				if !ok {
					missing++ // draw it flat
					continue
				}
				highest = max(highest, heights[99])
			}
		})
	}
	st := terrain.Stats()
	fmt.Printf("%d tiles in a budget of %d: %d loads, %d evictions\n", worldTiles, inMemory, st.Loads, st.Evictions)
	fmt.Printf("%d of %d bytes in use at most, tiles missing %d times, the highest place is at %d\n", st.HighWater, st.Budget, missing, highest)
}
