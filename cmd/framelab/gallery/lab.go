package gallery

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/behavior"
	"github.com/framealloc/framealloc/diag"
)

// A Lab is where a mistake is made: it collects what is said about it.
type Lab struct {
	reporter *diag.Reporter
	allocs   []*framealloc.Allocator

	shown any
	drawn int

	mu    sync.Mutex
	found []diag.Diagnostic
}

// Run makes a mistake, or its twin, and returns what the library said, in order. The
// error is what the program met with that is no diagnostic.
func Run(program func(*Lab) error) (found []diag.Diagnostic, err error) {
	l := &Lab{}
	l.reporter = diag.NewReporter(diag.Options{Sinks: []diag.Sink{l}, Strict: diag.StrictOff, EveryTime: true})
	err = l.Elsewhere(func() error { return program(l) })
	for _, a := range l.allocs {
		_ = a.Close() // a frame that a panic has left active is no news
	}
	return l.found, err
}

// Report implements [diag.Sink].
func (l *Lab) Report(d diag.Diagnostic) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = append(l.found, d)
}

// Allocator returns an allocator that reports to the lab, in the modes that it is
// asked for and no others, whatever the environment says.
func (l *Lab) Allocator(c framealloc.Config) *framealloc.Allocator {
	c.Reporter = l.reporter
	a := framealloc.NewAllocator(c)
	a.SetModes(c.Modes)
	l.allocs = append(l.allocs, a)
	return a
}

// Show is what a game does with its results.
func (l *Lab) Show(v any) { l.shown = v }

// Draw is what a game does with text.
func (l *Lab) Draw(text string) { l.drawn += len(text) }

// Elsewhere runs fn on another goroutine and waits for it. Diagnostics that it
// panics with or returns are collected; any other error is returned.
func (l *Lab) Elsewhere(fn func() error) error {
	ended := make(chan error)
	go func() {
		err := errors.New("the goroutine was ended")
		defer func() {
			switch p := recover().(type) {
			case nil:
			case error:
				err = p
			default:
				err = fmt.Errorf("panic: %v", p)
			}
			ended <- err
		}()
		err = fn()
	}()
	err := <-ended
	var e *diag.Error
	if errors.As(err, &e) {
		l.Report(e.Complete())
		return nil
	}
	return err
}

// Litter runs a game's frames with the debug mode that looks for garbage: five
// seconds of them, and on until the lines are known if there is much of it.
func (l *Lab) Litter(alloc *framealloc.Allocator, frame func()) error {
	runtime.GC() // what others have allocated before is counted before
	alloc.SetModes(framealloc.ModeGarbage)
	for range 300 {
		frame()
	}
	for g := alloc.Garbage(); g.Allocations >= g.Frames && g.Found == nil; g = alloc.Garbage() {
		time.Sleep(time.Millisecond) // the display is busy
		frame()
	}
	frame() // reports what is known
	return nil
}

// Watch runs a game's frames for five seconds under the behaviour filter and asks
// that for its findings.
func (l *Lab) Watch(alloc *framealloc.Allocator, frame func()) error {
	filter := behavior.Watch(alloc, behavior.Options{})
	for range 300 {
		frame()
	}
	filter.Diagnose()
	return nil
}
