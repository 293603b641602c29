package behavior_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/behavior"
)

// fakeTB is a test that may fail.
type fakeTB struct {
	failures []string
	cleanups []func()
}

func (f *fakeTB) Helper() {}
func (f *fakeTB) Errorf(format string, args ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}
func (f *fakeTB) Cleanup(fn func()) { f.cleanups = append(f.cleanups, fn) }

func (f *fakeTB) end() string {
	for _, fn := range f.cleanups {
		fn()
	}
	return strings.Join(f.failures, "\n")
}

func TestRequire(t *testing.T) {
	good := func(f *framealloc.Frame) { framealloc.New[query](f) }
	hint := func(f *framealloc.Frame) { framealloc.PoolPut(f, framealloc.PoolGet[query](f)) }
	warning := func(f *framealloc.Frame) { framealloc.HeapNew[query](f) }
	type require = func(behavior.TB, *framealloc.Allocator, ...behavior.Options) *behavior.Filter
	strict := []behavior.Options{everyFrame}
	for _, c := range []struct {
		name    string
		require require
		options []behavior.Options
		frames  int
		frame   func(*framealloc.Frame)
		want    string // in the failure; "" for none
	}{
		{"good", behavior.Require, nil, 180, good, ""},
		{"good, quiet", behavior.RequireQuiet, nil, 180, good, ""},
		{"too few frames", behavior.Require, nil, 179, good, "119 frames: 60 to warm up and 120 more"},
		{"no frames", behavior.Require, strict, 0, good, "nothing can be judged"},
		{"warning", behavior.Require, nil, 180, warning, "FA530"},
		{"warning, strict", behavior.Require, strict, 40, warning, "FA530"},
		{"warning, quiet", behavior.RequireQuiet, nil, 180, warning, "FA530"},
		{"hint", behavior.Require, strict, 40, hint, ""},
		{"hint, quiet", behavior.RequireQuiet, strict, 40, hint, "FA510"},
	} {
		t.Run(c.name, func(t *testing.T) {
			alloc := framealloc.NewAllocator(framealloc.Config{})
			defer alloc.Close()
			tb := &fakeTB{}
			c.require(tb, alloc, c.options...)
			for range c.frames {
				alloc.Frame(c.frame)
			}
			if got := tb.end(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("the test fails with %q, want %q", got, c.want)
			}
		})
	}
}
