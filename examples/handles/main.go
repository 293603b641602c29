// Handles names paths of all lengths that come and go, while the memory they are in is
// moved together; and it asks a handle whether what it names is still there.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type point struct{ x, y float32 }

// A walker follows a path that somebody else may take away.
type walker struct {
	path handle.Handle[point]
	at   int
}

// step moves on, and reports false where there is nothing to follow.
func (w *walker) step(paths *handle.Table[point]) (point, bool) {
	path, ok := paths.LookupSlice(w.path)
	if !ok || w.at >= len(path) {
		return point{}, false
	}
	p := path[w.at]
	w.at++
	return p, true
}

func plan(paths *handle.Table[point], length int) handle.Handle[point] {
	h := paths.NewSlice(length)
	for i := range paths.Slice(h) {
		paths.Slice(h)[i] = point{float32(i), float32(length)}
	}
	return h
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	paths := handle.NewTable[point](alloc, handle.Config{Name: "paths"})

	var walkers []walker
	for i := range 200 {
		walkers = append(walkers, walker{path: plan(paths, 10+i%50)})
	}
	fmt.Println("planned:", describe(paths))

	for i := range walkers { // three of four have arrived
		if i%4 != 0 {
			paths.Free(walkers[i].path)
		}
	}
	fmt.Println("arrived:", describe(paths))

	for frame := range 60 { // 1 KiB between any two frames
		alloc.Frame(func(*framealloc.Frame) {
			for i := range walkers {
				if p, ok := walkers[i].step(paths); ok && p.x != float32(frame) {
					fmt.Println("walker", i, "is on a wrong path")
				}
			}
		})
		paths.Compact(1 * framealloc.KiB)
	}
	fmt.Println("moved:  ", describe(paths))

	walking := 0
	for i := range walkers {
		if paths.Has(walkers[i].path) {
			walking++
		}
	}
	fmt.Println(walking, "of", len(walkers), "paths are still there")
}

func describe(paths *handle.Table[point]) string {
	st := paths.Stats()
	return fmt.Sprintf("%5d of %d bytes in use, %3d gaps, fragmentation %.2f, %d bytes moved", st.Used, st.Capacity, st.Gaps, st.Fragmentation(), st.Moved)
}
