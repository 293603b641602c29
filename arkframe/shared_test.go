package arkframe_test

import (
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// Components that the tests use: without pointers, with, of no size, and a relation.
type (
	pos     struct{ X, Y float64 }
	vel     struct{ X, Y float64 }
	name    struct{ Text *string }
	frozen  struct{}
	childOf struct {
		ecs.RelationMarker
		Rank int
	}
)

// install returns a world with frames whose diagnostics are collected.
func install(t testing.TB, opts ...arkframe.Option) (*ecs.World, *arkframe.Frames, *diag.Collector) {
	t.Helper()
	w, c := ecs.NewWorld(64), diag.NewCollector(t)
	fs := arkframe.Install(w, append([]arkframe.Option{arkframe.WithConfig(framealloc.Config{Reporter: c.Reporter()})}, opts...)...)
	t.Cleanup(func() {
		if err := fs.Close(); err != nil {
			t.Error(err)
		}
	})
	return w, fs, c
}

// panicked returns what fn panics with.
func panicked(fn func()) (p any) {
	defer func() { p = recover() }()
	fn()
	return nil
}

// requirePanic fails the test unless fn panics with an error of the code, which it returns.
func requirePanic(t *testing.T, code diag.Code, fn func()) *diag.Error {
	t.Helper()
	p := panicked(fn)
	e, ok := p.(*diag.Error)
	if !ok || e.Code != code {
		t.Fatalf("panicked with %v, want %s", p, code)
	}
	return e
}
