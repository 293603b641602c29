package behavior_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/behavior"
	"github.com/framealloc/framealloc/diag"
)

var litter []byte

// drop allocates in a size that the runtime counts at once.
func drop() { litter = make([]byte, 40<<10) }

func TestGarbageIsFound(t *testing.T) {
	garbage := framealloc.Config{Modes: framealloc.ModeGarbage}
	nothing := behavior.Strict()
	nothing.Garbage = 0
	for _, c := range []struct {
		name   string
		config framealloc.Config
		limits behavior.Thresholds
		frames int
		every  int // frames to one with garbage
		want   bool
	}{
		{"strict", garbage, behavior.Strict(), 60, 1, true},
		{"strict, in each third frame", garbage, behavior.Strict(), 70, 3, true},
		{"strict, in each sixth frame", garbage, behavior.Strict(), 70, 6, false},
		{"strict, not yet", garbage, behavior.Strict(), 39, 1, false},
		{"default, in half of the frames", garbage, behavior.Default(), 180, 2, false},
		{"relaxed, one a frame", garbage, behavior.Relaxed(), 900, 1, false},
		{"beside another mode", framealloc.Config{Modes: framealloc.ModeGarbage | framealloc.ModePoison}, behavior.Strict(), 60, 1, false},
		{"mode off", framealloc.Config{}, behavior.Strict(), 60, 1, false},
		{"switched off", garbage, nothing, 60, 1, false},
		{"when the level begins", garbage, behavior.Strict(), 60, 40, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			runtime.GC() // what was allocated before is counted before
			r := run(t, c.config, behavior.Options{Thresholds: c.limits, PoolEvery: -1, ContentsEvery: -1}, c.frames, func(g *game, f *framealloc.Frame, i int) {
				if i%c.every == 0 {
					drop()
				}
			})
			if got := len(r.Of(diag.FA531)) == 1; got != c.want || r.HasWarnings() != c.want {
				t.Errorf("found: %v, want %v\n%s", got, c.want, r)
			}
			for _, x := range r.Findings {
				if x.Value < x.Limit || x.Limit != c.limits.Garbage || x.Worker != "main" || x.Tag != "" || x.Suggestion == "" {
					t.Errorf("%+v", x)
				}
				if text := x.String(); !strings.Contains(text, "heap memory, whoever took it") || !strings.Contains(text, "in a frame") || strings.Contains(text, "tags") {
					t.Error(text)
				}
			}
		})
	}
}

// TestGarbageNamesTheLine runs until the mode has looked for the lines.
func TestGarbageNamesTheLine(t *testing.T) {
	reports := diag.NewCollector(t)
	alloc := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeGarbage, Reporter: reports.Reporter()})
	defer alloc.Close()
	filter := behavior.Watch(alloc, everyFrame)
	for alloc.Garbage().Found == nil {
		alloc.Frame(func(*framealloc.Frame) { drop() })
		time.Sleep(time.Microsecond) // JavaScript's loop reads the sources
	}
	found := filter.Diagnose().Of(diag.FA531)
	if len(found) != 1 || !strings.HasPrefix(found[0].Caller, "behavior/garbage_test.go:") || !strings.Contains(found[0].Observed, "made by make of []byte") || !strings.Contains(found[0].Suggestion, "framealloc.Slice") {
		t.Errorf("%+v", found)
	}
	if !slices.ContainsFunc(reports.Of(diag.FA531), func(d diag.Diagnostic) bool { return strings.HasPrefix(d.Caller, "behavior/garbage_test.go:") }) {
		t.Errorf("%+v", reports.Diagnostics())
	}
}
