package framealloc

import (
	"fmt"
	"runtime"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// Escape mode: every allocation is an object of its own, and after the frame the
// collector tells which of them something still refers to.

// reportEscapes reports what is referred to after its end: once for all of one
// place.
func (w *Worker) reportEscapes(found []*guard.Record) {
	more := make(map[kindred]int, len(found))
	for _, r := range found {
		more[kindred{r.Type, r.Made.PC}]++
	}
	for _, r := range found {
		k := kindred{r.Type, r.Made.PC}
		n := more[k]
		if n == 0 {
			continue // reported
		}
		more[k] = 0
		d := diagnosis(diag.FA601, r, fmt.Sprintf("%s of %s is still referred to after it was given back", named(r), in(r)))
		if n > 1 {
			d.Note = others("is", "are", n-1) + d.Note
		}
		w.report(d)
	}
}

// RequireNoEscapes fails the test if anything that fn allocates in frame memory
// is still referred to when its frame has ended (FA601): stored in a global, in
// something that lives longer, in a goroutine. fn either is run in a frame of an
// allocator made for the purpose, or gets that allocator, in [ModeEscape], and
// runs frames itself:
//
//	framealloc.RequireNoEscapes(t, func(f *framealloc.Frame) { world.Update(f) })
//
// What the library itself promoted, and a [FrameBox], may stay. It runs the
// collector for every frame. Other diagnostics go to the default reporter. It
// belongs to the test's goroutine.
func RequireNoEscapes[F func(*Frame) | func(*Allocator)](t diag.TB, fn F) {
	t.Helper()
	var escapes escapeSink
	a := NewAllocator(Config{
		Modes:    ModeEscape,
		Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{&escapes}, Strict: diag.StrictOff, EveryTime: true}),
	})
	func() {
		defer a.Close()
		switch fn := any(fn).(type) {
		case func(*Frame):
			a.Frame(fn)
		case func(*Allocator):
			fn(a)
		}
	}()
	runtime.KeepAlive(fn) // with all that it refers to
	for _, d := range escapes {
		t.Errorf("%s", d.Text())
	}
}

// escapeSink keeps escapes and passes everything else on.
type escapeSink []diag.Diagnostic

// Report implements [diag.Sink].
func (s *escapeSink) Report(d diag.Diagnostic) {
	if d.Code == diag.FA601 {
		*s = append(*s, d)
		return
	}
	diag.Default().Report(d)
}
