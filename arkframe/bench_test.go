package arkframe_test

import (
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/mlange-42/ark/ecs"
)

const crowd = 10_000

// What collecting 10,000 entities costs, beside a query.
func BenchmarkCollect(b *testing.B) {
	w, fs, _ := install(b)
	ecs.NewMap2[pos, vel](w).NewBatch(crowd, &pos{}, &vel{})
	filter := ecs.NewFilter2[pos, vel](w)
	for what, body := range map[string]func(*framealloc.Frame){
		"query": func(*framealloc.Frame) {
			q := filter.Query()
			for q.Next() {
				p, v := q.Get()
				p.X += v.X
			}
		},
		"rows":     func(f *framealloc.Frame) { arkframe.Rows2(f, filter) },
		"tables":   func(f *framealloc.Frame) { arkframe.Tables2(f, filter) },
		"copy":     func(f *framealloc.Frame) { arkframe.Copy2(f, filter) },
		"parallel": func(*framealloc.Frame) { arkframe.Parallel2(fs.Commands(), filter, move) },
	} {
		b.Run(what, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fs.Step(body)
			}
		})
	}
}

func move(_ *arkframe.Commands, t arkframe.Table2[pos, vel]) {
	for i := range t.A {
		t.A[i].X += t.B[i].X
	}
}

// What a command costs, beside the same done at once: 10,000 entities get a component
// and lose it.
func BenchmarkCommands(b *testing.B) {
	w, fs, _ := install(b)
	ecs.NewMap1[pos](w).NewBatch(crowd, &pos{})
	vels, filter := ecs.NewMap[vel](w), ecs.NewFilter0(w)
	b.Run("direct", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fs.Step(func(f *framealloc.Frame) {
				for _, e := range arkframe.Entities(f, filter) {
					vels.Add(e, &vel{X: 1})
					vels.Remove(e)
				}
			})
		}
	})
	b.Run("recorded", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fs.Step(func(f *framealloc.Frame) {
				for _, e := range arkframe.Entities(f, filter) {
					arkframe.Add(fs.Commands(), vels, e, vel{X: 1})
					arkframe.Remove(fs.Commands(), vels, e)
				}
			})
		}
	})
}
