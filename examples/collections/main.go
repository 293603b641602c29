// Collections finds a way through a maze with everything that a frame's
// collections offer, and no garbage.
package main

import (
	"fmt"
	"slices"

	"github.com/framealloc/framealloc"
)

var maze = []string{
	"#########",
	"#S..#...#",
	"#.#.#.#.#",
	"#.#...#.#",
	"#.#####.#",
	"#...#..E#",
	"#########",
}

type cell struct{ x, y int }

type step struct {
	at   cell
	cost int // so far, and as the crow flies from here
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		path, expanded := findPath(frame, find('S'), find('E'))
		fmt.Println("steps:", path.Len()-1, "expanded:", expanded)

		// The picture, in a text of the frame.
		onPath := framealloc.NewSet[cell](frame, path.Len())
		onPath.AddAll(path.Values())
		picture := framealloc.NewText(frame)
		for y, row := range maze {
			for x := range len(row) {
				if row[x] == '.' && onPath.Has(cell{x, y}) {
					picture.Byte('*')
				} else {
					picture.Byte(row[x])
				}
			}
			picture.Line()
		}
		fmt.Print(picture)

		// The last turns, in a ring that forgets the older ones.
		turns := framealloc.NewRing[cell](frame, 3)
		for i, c := range path.All() {
			if i > 1 && (path.At(i-2).x == path.At(i-1).x) != (path.At(i-1).x == c.x) {
				turns.OverwriteBack(path.At(i - 1))
			}
		}
		fmt.Println("last turns:", turns.Slice())
	})
}

// findPath is A*.
func findPath(frame *framealloc.Frame, from, to cell) (path *framealloc.Vec[cell], expanded int) {
	open := framealloc.NewPriorityQueue(frame, 64, func(a, b step) bool { return a.cost < b.cost })
	cost := framealloc.NewMap[cell, int](frame, 64)
	came := framealloc.NewMap[cell, cell](frame, 64)
	open.Push(step{from, 0})
	cost.Put(from, 0)
	for s := range open.Drain() {
		expanded++
		if s.at == to {
			break
		}
		so, _ := cost.Get(s.at)
		for _, d := range [...]cell{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
			next := cell{s.at.x + d.x, s.at.y + d.y}
			if maze[next.y][next.x] == '#' {
				continue
			}
			if known, ok := cost.Get(next); !ok || so+1 < known {
				cost.Put(next, so+1)
				came.Put(next, s.at)
				open.Push(step{next, so + 1 + abs(to.x-next.x) + abs(to.y-next.y)})
			}
		}
	}
	path = framealloc.NewVec[cell](frame, came.Len()+1)
	for at := to; ; {
		path.Push(at)
		previous, ok := came.Get(at)
		if !ok {
			break
		}
		at = previous
	}
	slices.Reverse(path.Slice())
	return path, expanded
}

func find(what byte) cell {
	for y, row := range maze {
		for x := range len(row) {
			if row[x] == what {
				return cell{x, y}
			}
		}
	}
	panic("not in the maze")
}

func abs(n int) int { return max(n, -n) }
