package arkframe_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// populate makes n entities with a position and a velocity, in several tables.
func populate(w *ecs.World, n int) {
	m := ecs.NewMap2[pos, vel](w)
	names, ice := ecs.NewMap[name](w), ecs.NewMap[frozen](w)
	for i := range n {
		e := m.NewEntity(&pos{X: float64(i)}, &vel{X: 1})
		if i%3 == 0 {
			ice.Add(e, &frozen{})
		}
		if i%7 == 0 {
			names.Add(e, &name{})
		}
	}
}

// Whatever the number of goroutines, every entity is seen once, and commands are applied
// in the order of the query.
func TestParallelKeepsTheOrder(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 1000} {
		for _, procs := range []int{1, 2, 3, 8} {
			t.Run(fmt.Sprint(n, " on ", procs), func(t *testing.T) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				w, fs, diags := install(t)
				populate(w, n)
				filter := ecs.NewFilter2[pos, vel](w)
				var want []ecs.Entity
				for q := filter.Query(); q.Next(); {
					want = append(want, q.Entity())
				}

				var got []ecs.Entity // in the order of application
				for turn := range 3 {
					got = got[:0]
					fs.Step(func(f *framealloc.Frame) {
						arkframe.Parallel2(fs.Commands(), filter, func(c *arkframe.Commands, t arkframe.Table2[pos, vel]) {
							framealloc.Slice[int](c.Frame(), t.Len())
							for i, e := range t.Entities {
								t.A[i].Y += t.B[i].X
								c.Do(func(*ecs.World) { got = append(got, e) })
							}
						})
						if fs.Commands().Pending() != n {
							t.Errorf("%d pending", fs.Commands().Pending())
						}
					})
					if !slices.Equal(got, want) {
						t.Fatalf("turn %d: applied for %v, want %v", turn, got, want)
					}
				}
				for q := filter.Query(); q.Next(); {
					if p, _ := q.Get(); p.Y != 3 {
						t.Fatalf("%v visited %v times, want 3", q.Entity(), p.Y)
					}
				}
				diags.RequireNone()
			})
		}
	}
}

// Parallel work may itself work in parallel.
func TestNestedParallel(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	_, fs, diags := install(t)
	var got []int
	add := func(c *arkframe.Commands, x int) { c.Do(func(*ecs.World) { got = append(got, x) }) }
	fs.Step(func(*framealloc.Frame) {
		c := fs.Commands()
		add(c, -1)
		c.Parallel(5, func(c *arkframe.Commands, i int) {
			add(c, 100*i)
			c.Parallel(4, func(c *arkframe.Commands, j int) { add(c, 100*i+10*j+1) })
			child := c.Fork()
			add(c, 100*i+90)
			add(child, 100*i+80)
			child.Join()
		})
		add(c, 1000)
	})
	want := []int{-1}
	for i := range 5 {
		want = append(want, 100*i, 100*i+1, 100*i+11, 100*i+21, 100*i+31, 100*i+80, 100*i+90)
	}
	if want = append(want, 1000); !slices.Equal(got, want) {
		t.Errorf("applied %v, want %v", got, want)
	}
	diags.RequireNone()
}

// Goroutines with forks of their own read the world and record, while their order of
// running is left to chance; End waits for them.
func TestForksOnGoroutines(t *testing.T) {
	w, fs, diags := install(t, arkframe.WithLockedWorld())
	populate(w, 200)
	positions := ecs.NewMap[pos](w)
	filter := ecs.NewFilter0(w)
	for range 20 {
		var order []int
		fs.Step(func(f *framealloc.Frame) {
			all := arkframe.Entities(f, filter)
			for i := range 8 {
				child := fs.Commands().Fork()
				go func() { //fa:ignore FA201 the frame's end waits for the fork
					defer child.Join()
					sums := framealloc.Slice[float64](child.Frame(), len(all))
					for k, e := range all[i*20:] {
						if w.Alive(e) && positions.Has(e) {
							sums[k] = positions.Get(e).X
						}
					}
					child.Do(func(*ecs.World) { order = append(order, i) })
				}()
			}
		})
		if !slices.Equal(order, []int{0, 1, 2, 3, 4, 5, 6, 7}) {
			t.Fatalf("applied in the order %v", order)
		}
	}
	diags.RequireNone()
}

// The world is locked while tasks run, and no longer: also when one panics.
func TestParallelLocksTheWorld(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	w, fs, _ := install(t)
	populate(w, 100)
	filter := ecs.NewFilter2[pos, vel](w)
	fs.Begin()
	p := panicked(func() {
		arkframe.Parallel2(fs.Commands(), filter, func(c *arkframe.Commands, t arkframe.Table2[pos, vel]) {
			arkframe.RemoveEntity(c, t.Entities[0])
			w.RemoveEntity(t.Entities[1])
		})
	})
	if _, ok := p.(*framealloc.TaskPanic); !ok {
		t.Fatalf("panicked with %v", p)
	}
	if w.IsLocked() {
		t.Error("the world is still locked")
	}
	if got := fs.End(); got.Done != 2 {
		t.Errorf("%+v, want the 2 commands recorded before the panics", got)
	}
	// And all works as before.
	if got := fs.Step(func(*framealloc.Frame) {
		arkframe.Parallel2(fs.Commands(), filter, func(c *arkframe.Commands, t arkframe.Table2[pos, vel]) {
			for _, e := range t.Entities {
				arkframe.RemoveEntity(c, e)
			}
		})
	}); got.Done != 98 {
		t.Errorf("%+v, want 98 done", got)
	}
}

// A fork that does not end in time is reported, and waited for.
func TestApplyWaitsForForks(t *testing.T) {
	_, fs, diags := install(t)
	recorded := make(chan bool)
	var stop sync.Once
	remove := fs.Allocator().Reporter().AddSink(sinkFunc(func(diag.Diagnostic) { stop.Do(func() { close(recorded) }) }))
	defer remove()
	ran := false
	got := fs.Step(func(*framealloc.Frame) {
		child := fs.Commands().Fork()
		go func() {
			<-recorded // until FA205 is reported
			child.Do(func(*ecs.World) { ran = true })
			child.Join()
		}()
	})
	if got.Done != 1 || !ran {
		t.Errorf("%+v", got)
	}
	diags.Require(diag.FA205)
}

type sinkFunc func(diag.Diagnostic)

func (s sinkFunc) Report(d diag.Diagnostic) { s(d) }

func TestForkMisuse(t *testing.T) {
	_, fs, _ := install(t)
	fs.Begin()
	defer fs.End()
	child := fs.Commands().Fork()
	child.Join()
	requirePanic(t, diag.FA002, child.Join)
	requirePanic(t, diag.FA002, fs.Commands().Join)
	e := requirePanic(t, diag.FA103, func() { arkframe.Create(child) })
	if !errors.Is(e, diag.FA103) || e.Caller == "" {
		t.Errorf("%v has no place", e)
	}
	requirePanic(t, diag.FA102, func() { child.Frame() })
	requirePanic(t, diag.FA103, func() { child.Fork() })
}
