// Package fa607 makes garbage inside of frames.
package fa607

import (
	"errors"
	"fmt"
	"sort"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type agent struct{ x, y float32 }

func near(f *framealloc.Frame, all []agent, r float32) int {
	var found []*agent
	for i := range all {
		if all[i].x < r {
			found = append(found, &all[i]) // bad FA607
		}
	}
	return len(found)
}

func sorted(f *framealloc.Frame, all []agent) float32 {
	keys := make([]float64, len(all)) // bad FA607
	for i := range all {
		keys[i] = float64(all[i].x)
	}
	sort.Float64s(keys)
	return float32(keys[0])
}

func grouped(f *framealloc.Frame, all []agent) int {
	cells := make(map[int]int) // bad FA607
	for _, a := range all {
		cells[int(a.x)]++
	}
	return len(cells)
}

func label(f *framealloc.Frame, hp int) {
	text := fmt.Sprintf("hp %d", hp) // bad FA607
	draw(text)
}

func draw(s string) { _ = len(s) }

func begun(w *framealloc.Worker, n int) (sum int) {
	f := w.BeginFrame()
	marks := make([]bool, n) // bad FA607
	for i := range marks {
		if marks[i] {
			sum += f.Used()
		}
	}
	w.EndFrame()
	return sum
}

func scope(a *framealloc.Allocator, n int) {
	a.Frame(func(f *framealloc.Frame) {
		tmp := make([]int, 0, n) // bad FA607
		tmp = append(tmp, f.Used())
		_ = tmp
	})
}

// good FA607: frame forms
func forms(f *framealloc.Frame, all []agent) int {
	found := framealloc.SliceCap[*agent](f, 0, len(all))
	cells := framealloc.NewMap[int, int](f, 16)
	for i := range all {
		found = append(found, &all[i])
		cells.Put(int(all[i].x), i)
	}
	draw(framealloc.Sprintf(f, "%d", len(found)))
	return len(found)
}

// good FA607: it leaves the function
func snapshot(f *framealloc.Frame, all []agent) []agent {
	list := make([]agent, len(all))
	copy(list, all)
	return list
}

// good FA607: it is stored in something that lives on
type world struct {
	index map[int]*agent
	names []string
}

func (w *world) rebuild(f *framealloc.Frame, all []agent) {
	index := make(map[int]*agent)
	for i := range all {
		index[i] = &all[i]
	}
	w.index = index
	w.names = append(w.names, fmt.Sprintf("%d", len(all)))
}

var errNone = errors.New("none")

// good FA607: an error's text
func fails(f *framealloc.Frame, err error, n int) error {
	if err != nil {
		detail := fmt.Sprintf("frame %d", f.Number())
		draw(detail)
		return fmt.Errorf("%s: %w", detail, err)
	}
	if n < 0 {
		panic(fmt.Sprintf("n is %d", n))
	}
	return errNone
}

// good FA607: a small array that stays on the stack
func small(f *framealloc.Frame) int {
	buf := make([]int, 8)
	buf[0] = f.Used()
	p := new(agent)
	p.x = 1
	return buf[0] + int(p.x)
}

// good FA607: before the frame
func before(w *framealloc.Worker, n int) int {
	marks := make([]bool, n)
	f := w.BeginFrame()
	defer w.EndFrame()
	return f.Used() + len(marks)
}

// good FA607: no frame at hand
func plain(n int) int {
	marks := make([]bool, n)
	return len(marks)
}

// good FA607: values of a table live on, and so does what they point to
func inTables(f *framealloc.Frame, t *handle.Table[*agent], texts *handle.Table[[]string]) int {
	t.NewValue(&agent{x: 1})
	h := t.NewSlice(2)
	t.Slice(h)[0] = &agent{x: 2}
	*texts.Get(texts.New()) = make([]string, t.Len())
	return len(framealloc.Slice[int](f, 8))
}
