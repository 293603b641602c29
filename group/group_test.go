package group_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/group"
)

type prop struct {
	name  string
	links []*prop
}

func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	level := group.New(alloc, "level1")
	cellar := level.Sub("cellar")
	props := framealloc.NewVec[prop](level.Frame(), 8)
	props.Push(prop{name: "door"})
	barrel := framealloc.New[prop](cellar.Frame())
	barrel.name = "barrel"

	fmt.Println(cellar.Path(), level.Stats().Groups)
	level.Free() // the cellar too
	fmt.Println(cellar.Freed())
	// Output:
	// level1/cellar 2
	// true
}

func TestFreeGivesBackAll(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	g := group.New(alloc, "scene")
	a, b := g.Sub("a"), g.Sub("b")
	inner := a.Sub("inner")
	collected := make(chan struct{})
	func() {
		kept := new([1 << 12]byte)
		runtime.AddCleanup(kept, func(c chan struct{}) { close(c) }, collected)
		type holder struct{ p *[1 << 12]byte }
		framealloc.New[holder](inner.Frame()).p = kept
	}()
	if st := g.Stats(); st.Groups != 4 || st.Allocations != 1 || st.Used == 0 {
		t.Errorf("Stats() = %+v, want 4 groups and 1 allocation", st)
	}
	b.Free()
	b.Free()
	if n := g.Stats().Groups; n != 3 {
		t.Errorf("%d groups after one was freed, want 3", n)
	}
	g.Free()
	runtime.GC()
	<-collected
	for _, freed := range []*group.Group{g, a, b, inner} {
		if !freed.Freed() {
			t.Errorf("%s is not freed", freed.Path())
		}
	}
}

func TestContentsSurviveFrames(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	g := group.New(alloc, "world")
	var all []*prop
	for i := range 2000 {
		alloc.Frame(func(f *framealloc.Frame) {
			framealloc.Slice[prop](f, 10)
			p := framealloc.New[prop](g.Frame())
			p.name = fmt.Sprint("prop ", i)
			p.links = framealloc.Clone(g.Frame(), all[max(0, len(all)-3):])
			all = append(all, p)
		})
		if i%500 == 0 {
			runtime.GC()
		}
	}
	for i, p := range all {
		if p.name != fmt.Sprint("prop ", i) || len(p.links) != min(i, 3) {
			t.Fatalf("prop %d is %+v", i, p)
		}
	}
}

func TestMisuse(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	g := group.New(alloc, "g")
	g.Free()
	for name, tt := range map[string]struct {
		code diag.Code
		do   func()
	}{
		"sub of a freed group":   {diag.FA207, func() { g.Sub("x") }},
		"allocation from freed":  {diag.FA001, func() { framealloc.New[prop](g.Frame()) }},
		"group of closed worker": {diag.FA207, func() { alloc.Close(); group.New(alloc, "late") }},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if err, ok := recover().(error); !ok || !errors.Is(err, tt.code) {
					t.Errorf("recovered %v, want %s", err, tt.code)
				}
			}()
			tt.do()
		})
	}
}
