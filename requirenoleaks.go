package framealloc

import (
	"github.com/framealloc/framealloc/diag"
)

// RequireNoLeaks fails the test if anything that fn takes is not given back when
// it returns (FA609): objects and buffers of pools, groups, handles, transfers, and what
// [Track] was told of. fn either is run in a frame of an allocator made for the
// purpose, or gets that allocator, in [ModeLeaks], and runs frames itself:
//
//	framealloc.RequireNoLeaks(t, func(a *framealloc.Allocator) { playLevel(a) })
//
// Other diagnostics go to the default reporter. It belongs to the test's
// goroutine.
func RequireNoLeaks[F func(*Frame) | func(*Allocator)](t diag.TB, fn F) {
	t.Helper()
	a := NewAllocator(Config{Modes: ModeLeaks})
	func() {
		defer func() {
			a.leaks.switchTo(false) // they are the test's to tell of
			_ = a.Close()
		}()
		switch fn := any(fn).(type) {
		case func(*Frame):
			a.Frame(fn)
		case func(*Allocator):
			fn(a)
		}
		for _, s := range a.Leaks().Sites {
			t.Errorf("%s", s.diagnostic(diag.FA609).Complete().Text())
		}
	}()
}
