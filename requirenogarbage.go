package framealloc

import (
	"runtime"

	"github.com/framealloc/framealloc/diag"
)

// garbageTries is how often RequireNoGarbage looks before it believes that it was
// the program which allocated, and not something in the background that happened to.
const garbageTries = 3

// RequireNoGarbage fails the test if anything is allocated on the heap in so many
// frames (FA531), by anyone: the code under test, what it calls, goroutines of its
// own. The failure lists the lines and what to use instead. fn is called once for
// each frame. It is run in a frame of an allocator made for the purpose, or gets
// that allocator and runs its frame itself, or is a frame of any kind, such as the
// Update of a game:
//
//	framealloc.RequireNoGarbage(t, 100, func(f *framealloc.Frame) { world.Update(f) })
//
// As many frames again run first, so that what grows once may grow. It counts all
// of the process's allocations, so it cannot be used in parallel tests. It belongs
// to the test's goroutine.
func RequireNoGarbage[F func(*Frame) | func(*Allocator) | func()](t diag.TB, frames int, fn F) {
	t.Helper()
	frame, done := garbageFrame(fn)
	defer done()
	frames = max(1, frames)
	for range frames {
		frame()
	}
	var g *GarbageReport
	for range garbageTries {
		if mallocs(frames, frame) == 0 {
			return
		}
		var err error
		if g, err = TraceGarbage(frames, frame); err != nil {
			t.Errorf("%v", err)
			return
		}
		if len(g.Sites)+len(g.Own) == 0 {
			return // what there was came from the background
		}
	}
	d := diag.Diagnostic{Code: diag.FA531, PC: diag.CallerPC(), Message: g.String()}.Complete()
	t.Errorf("%s", d.Text())
}

// garbageFrame returns what runs fn's frame, and what is to be done afterwards.
func garbageFrame(fn any) (frame, done func()) {
	if fn, ok := fn.(func()); ok {
		return fn, func() {}
	}
	a := NewAllocator(Config{})
	a.SetModes(0) // others, from the environment, allocate
	done = func() { _ = a.Close() }
	switch fn := fn.(type) {
	case func(*Frame):
		return func() { a.Frame(fn) }, done
	default:
		alone := fn.(func(*Allocator))
		return func() { alone(a) }, done
	}
}

// mallocs returns the number of heap allocations in so many frames, exactly.
func mallocs(frames int, frame func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range frames {
		frame()
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
