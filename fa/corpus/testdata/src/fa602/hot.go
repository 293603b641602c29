// Package fa602 allocates in loops.
package fa602

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type particle struct{ x, y, vx, vy float32 }

func emit(f *framealloc.Frame, emitters, each int) {
	for range emitters {
		for range each {
			p := framealloc.New[particle](f) // bad FA602
			p.vx = 1
		}
	}
}

func grid(f *framealloc.Frame, rows [][]float32) (sum float32) {
	for _, row := range rows {
		for range row {
			buf := framealloc.Slice[float32](f, 16) // bad FA602
			sum += buf[0]
		}
	}
	return sum
}

func known(f *framealloc.Frame) (sum float32) {
	for i := range 64 {
		p := framealloc.New[particle](f) // bad FA602
		p.x = float32(i)
		sum += p.x
	}
	return sum
}

func table(f *framealloc.Frame) (sum int) {
	var cells [32]int
	for i := range cells {
		b := framealloc.Bytes(f, 128) // bad FA602
		sum += int(b[0]) + cells[i]
	}
	return sum
}

func classic(f *framealloc.Frame, n int) (total int) {
	for i := 0; i < 100; i++ {
		v := framealloc.NewVec[int](f, n) // bad FA602
		v.Push(i)
		total += v.Len()
	}
	return total
}

func texts(f *framealloc.Frame, names []string, draw func(string)) {
	for range 20 {
		t := framealloc.NewText(f).Str("score ") // bad FA602
		draw(t.String())
	}
	_ = names
}

// good FA602: one allocation before the loop
func batch(f *framealloc.Frame, emitters, each int) {
	ps := framealloc.Slice[particle](f, emitters*each)
	for i := range ps {
		ps[i].vx = 1
	}
}

// good FA602: a few turns
func few(f *framealloc.Frame) (list [4]*particle) {
	for i := range 4 {
		list[i] = framealloc.New[particle](f)
	}
	return list
}

// good FA602: a size that changes
func sizes(f *framealloc.Frame, rows [][]float32) (n int) {
	for _, row := range rows {
		for i := range row {
			n += len(framealloc.Slice[float32](f, i))
		}
	}
	return n
}

// good FA602: only some turns allocate
func some(f *framealloc.Frame, rows [][]float32) (n int) {
	for _, row := range rows {
		for _, x := range row {
			if x > 0 {
				framealloc.New[particle](f).x = x
				n++
			}
		}
	}
	return n
}

// good FA602: a frame for each turn
func frames(w *framealloc.Worker) {
	for range 1000 {
		f := w.BeginFrame()
		_ = framealloc.New[particle](f)
		w.EndFrame()
	}
}

// good FA602: once for each element, in a single loop of unknown length
func single(f *framealloc.Frame, all []particle) (list []*particle) {
	list = framealloc.SliceCap[*particle](f, 0, len(all))
	for i := range all {
		p := framealloc.New[particle](f)
		*p = all[i]
		list = append(list, p)
	}
	return list
}

// good FA602: the scope of each turn gives it back
func scoped(f *framealloc.Frame) {
	for range 100 {
		f.Sub(func(s *framealloc.Frame) { framealloc.New[particle](s).x = 1 })
	}
}

// good FA602: a table's values are no frame memory
func tables(f *framealloc.Frame, t *handle.Table[particle]) (sum float32) {
	sum = framealloc.New[particle](f).x
	for range 64 {
		t.New()
		t.NewValue(particle{})
		sum += t.Slice(t.NewSlice(8))[0].x
	}
	return sum
}
