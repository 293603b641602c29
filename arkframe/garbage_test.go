package arkframe_test

import (
	"runtime"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/mlange-42/ark/ecs"
)

// A turn in which everything happens: queries of each kind, commands of each kind, on
// several goroutines, makes no garbage once the world has grown.
func TestNoGarbage(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, opts := range [][]arkframe.Option{nil, {arkframe.WithLockedWorld()}} {
		w, fs, diags := install(t, opts...)
		s := newBusy(w, fs)
		for range 20 {
			fs.Step(s.step)
		}
		if n := testing.AllocsPerRun(200, func() { fs.Step(s.step) }); n != 0 {
			t.Errorf("%v allocations a turn, want none", n)
		}
		if a := fs.Applied(); a != (arkframe.Applied{Done: 261, Dead: 10, Missing: 10, Orphaned: 10}) {
			t.Errorf("%+v", a)
		}
		diags.RequireNone()
	}
}

// busy makes and removes 100 entities a turn.
type busy struct {
	world    *ecs.World
	frames   *arkframe.Frames
	movers   *ecs.Filter2[pos, vel]
	all      *ecs.Filter0
	spawn    *ecs.Map2[pos, vel]
	spawnRel *ecs.Map2[pos, childOf]
	vels     *ecs.Map[vel]
	names    *ecs.Map[name]
	frozen   *ecs.Map[frozen]
	parents  *ecs.Map[childOf]
	root     ecs.Entity
	dead     ecs.Entity
	text     string

	perTable func(*arkframe.Commands, arkframe.Table2[pos, vel])
	perIndex func(*arkframe.Commands, int)
	rows     []arkframe.Row2[pos, vel]
}

func newBusy(w *ecs.World, fs *arkframe.Frames) *busy {
	s := &busy{
		world: w, frames: fs,
		movers: ecs.NewFilter2[pos, vel](w), all: ecs.NewFilter0(w), spawn: ecs.NewMap2[pos, vel](w), spawnRel: ecs.NewMap2[pos, childOf](w),
		vels: ecs.NewMap[vel](w), names: ecs.NewMap[name](w), frozen: ecs.NewMap[frozen](w), parents: ecs.NewMap[childOf](w),
		root: w.NewEntity(), dead: w.NewEntity(), text: "a name",
	}
	w.RemoveEntity(s.dead)
	s.perTable, s.perIndex = s.table, s.index
	return s
}

func (s *busy) step(f *framealloc.Frame) {
	c := s.frames.Commands()
	for _, e := range arkframe.Entities(f, s.all) {
		if e != s.root {
			arkframe.RemoveEntity(c, e)
		}
	}
	for i := range 10 {
		e := arkframe.Create2(c, s.spawn, pos{X: float64(i)}, vel{Y: 1})
		arkframe.Add(c, s.names, e, name{&s.text})
		arkframe.Set(c, s.vels, e, vel{X: 3})
		arkframe.Remove(c, s.vels, e)
		arkframe.Set(c, s.vels, e, vel{X: 4})                                             // missing
		arkframe.Create2(c, s.spawnRel, pos{}, childOf{Rank: i}, arkframe.Rel(1, s.dead)) // orphaned
		arkframe.Add(c, s.names, s.dead, name{})                                          // dead
		arkframe.Relate(c, s.parents, e, childOf{Rank: i}, s.root)
	}
	s.frames.Apply()
	for range 60 {
		arkframe.Create2(c, s.spawn, pos{}, vel{X: 1, Y: 1})
	}
	s.frames.Apply()
	arkframe.Parallel2(c, s.movers, s.perTable)
	s.rows = arkframe.Rows2(f, s.movers) //fa:ignore FA601 until a few lines below
	arkframe.Copy2(f, s.movers)
	c.Parallel(len(s.rows), s.perIndex)
	s.rows = nil
	child := c.Fork()
	arkframe.Add(child, s.frozen, s.root, frozen{})
	child.Join()
}

func (s *busy) table(c *arkframe.Commands, t arkframe.Table2[pos, vel]) {
	framealloc.Slice[float64](c.Frame(), t.Len())
	for i, e := range t.Entities {
		t.A[i].X += t.B[i].X
		arkframe.Add(c, s.frozen, e, frozen{})
	}
}

func (s *busy) index(c *arkframe.Commands, i int) {
	if s.rows[i].A.X > 0 {
		arkframe.RemoveEntity(c, s.rows[i].Entity)
	}
}
