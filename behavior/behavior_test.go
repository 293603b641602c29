package behavior_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/behavior"
	"github.com/framealloc/framealloc/diag"
)

type point [2]float32

type query struct{ hits [64]int32 }

type node struct {
	Next *node
	Name string
}

// everyFrame looks at every frame, so that a test needs few.
var everyFrame = behavior.Options{Thresholds: behavior.Strict(), PoolEvery: 1, ContentsEvery: 1}

// A game is what the scenarios run in.
type game struct {
	alloc *framealloc.Allocator
	pool  []*query // out all the time
}

// run runs a scenario under a filter and returns the report.
func run(t *testing.T, c framealloc.Config, o behavior.Options, frames int, scenario func(*game, *framealloc.Frame, int)) behavior.Report {
	t.Helper()
	reports := diag.NewCollector(t)
	c.Reporter = reports.Reporter()
	g := &game{alloc: framealloc.NewAllocator(c)}
	defer g.alloc.Close()
	for range 50 {
		g.pool = append(g.pool, framealloc.PoolGet[query](g.alloc))
	}
	filter := behavior.Watch(g.alloc, o)
	for i := range frames {
		f := g.alloc.BeginFrame()
		scenario(g, f, i)
		g.alloc.EndFrameWithSummary()
	}
	return filter.Report()
}

func codes(r behavior.Report) (list []diag.Code) {
	for _, x := range r.Findings {
		list = append(list, x.Code)
	}
	return list
}

// fill writes what no other frame has written.
func fill(s []int64, i int) {
	for k := range s {
		s[k] = int64(i*1000 + k)
	}
}

func TestFindings(t *testing.T) {
	spill := framealloc.Config{MaxFrameBytes: 512, Exhaustion: framealloc.Promote}
	for _, c := range []struct {
		name     string
		config   framealloc.Config
		scenario func(g *game, f *framealloc.Frame, i int)
		want     []diag.Code
		in       string // the findings' text
	}{
		{name: "frame data is made anew", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("sum", func() { fill(framealloc.Slice[int64](f, 100), i) })
		}},
		{name: "equal data is made again", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("lights", func() { fill(framealloc.Slice[int64](f, 100), 0) })
		}, want: []diag.Code{diag.FA501}, in: "tag lights, frame memory"},
		{name: "equal data, though it changes now and then", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("lights", func() { fill(framealloc.Slice[int64](f, 100+i/20), i/20) })
		}, want: []diag.Code{diag.FA501}},
		{name: "data of equal size that often changes", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("lights", func() { fill(framealloc.Slice[int64](f, 100), i/2) })
		}},
		{name: "equal data that is small", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("camera", func() { *framealloc.New[int64](f) = 7 })
		}},
		{name: "data with pointers, of equal size", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("tree", func() { framealloc.Slice[node](f, 10)[3].Name = "n" })
		}, want: []diag.Code{diag.FA501}, in: "the contents are not known"},
		{name: "most of it survives", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("decals", func() {
				if i%3 == 0 { // not in most frames
					framealloc.Retain[query](f, framealloc.ToPool)
				}
				fill(framealloc.Slice[int64](f, 5), i)
			})
		}, want: []diag.Code{diag.FA502}, in: "to a pool"},
		{name: "little of it survives", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("decals", func() {
				if i%3 == 0 {
					framealloc.Retain[point](f, framealloc.ToPool)
				}
				fill(framealloc.Slice[int64](f, 50), i)
			})
		}},
		{name: "promoted in every frame", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("trail", func() {
				framealloc.Retain[query](f, framealloc.ToHeap).Value().hits[0] = int32(i)
				fill(framealloc.Slice[int64](f, 200), i)
			})
		}, want: []diag.Code{diag.FA520}, in: "behavior_test.query"},
		{name: "promoted to the pool in every frame, and put back in the next", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("trail", func() {
				framealloc.Retain[query](f, framealloc.ToPool).Value().hits[0] = int32(i)
				fill(framealloc.Slice[int64](f, 200), i)
				framealloc.PoolPut(f, new(query))
			})
		}, want: []diag.Code{diag.FA520}},
		{name: "promoted to the pool in every frame, and kept", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("trail", func() {
				framealloc.Retain[query](f, framealloc.ToPool).Value().hits[0] = int32(i)
				fill(framealloc.Slice[int64](f, 200), i)
			})
		}},
		{name: "promoted now and then", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("trail", func() {
				if i%4 == 0 {
					framealloc.Retain[query](f, framealloc.ToHeap)
				}
				fill(framealloc.Slice[int64](f, 200), i)
			})
		}},
		{name: "pool as scratch", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("ai", func() {
				for range 3 {
					q := framealloc.PoolGet[query](f)
					framealloc.PoolPut(f, q)
				}
			})
		}, want: []diag.Code{diag.FA510}, in: "behavior_test.go:"},
		{name: "pooled buffer as scratch", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("net", func() { framealloc.BytesPut(f, framealloc.BytesGet(f, 500)) })
		}, want: []diag.Code{diag.FA510}, in: "in place of BytesGet"},
		{name: "boxes as scratch", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("ai", func() { b := framealloc.PoolBox[query](f); b.Free() })
		}, want: []diag.Code{diag.FA510}, in: "for behavior_test.query"},
		{name: "pool objects that come and go, as many as come", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("bullets", func() {
				for k := range 5 {
					at := (i*5 + k) % len(g.pool)
					framealloc.PoolPut(f, g.pool[at])
					g.pool[at] = framealloc.PoolGet[query](f)
				}
			})
		}},
		{name: "pool objects of both kinds", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("ai", func() {
				q := framealloc.PoolGet[query](f)
				framealloc.PoolPut(f, g.pool[i%50])
				g.pool[i%50] = framealloc.PoolGet[query](f)
				framealloc.PoolPut(f, q)
			})
		}, want: []diag.Code{diag.FA510}},
		{name: "heap intent in every frame", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("contacts", func() { framealloc.HeapSlice[point](f, 100) })
		}, want: []diag.Code{diag.FA530}, in: "for behavior_test.point"},
		{name: "heap intent outside of tags", scenario: func(g *game, f *framealloc.Frame, i int) {
			framealloc.HeapNew[query](f)
		}, want: []diag.Code{diag.FA530}, in: "outside of tags"},
		{name: "heap intent when a level begins", scenario: func(g *game, f *framealloc.Frame, i int) {
			if i%60 == 0 {
				f.WithTag("level", func() { framealloc.HeapSlice[point](f, 10000) })
			}
		}},
		{name: "spilled in every frame", config: spill, scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("big", func() { fill(framealloc.Slice[int64](f, 100), i) })
		}, want: []diag.Code{diag.FA530}, in: "spilled over a budget"},
		{name: "all at once, in two tags", scenario: func(g *game, f *framealloc.Frame, i int) {
			f.WithTag("a", func() {
				framealloc.HeapNew[query](f)
				framealloc.PoolPut(f, framealloc.PoolGet[query](f))
			})
			f.WithTag("b", func() { fill(framealloc.Slice[int64](f, 100), 0) })
		}, want: []diag.Code{diag.FA501, diag.FA530, diag.FA510}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, c.config, everyFrame, 100, c.scenario)
			if got := codes(r); !slices.Equal(got, c.want) {
				t.Fatalf("found %v, want %v\n%s", got, c.want, r)
			}
			for _, x := range r.Findings {
				if x.Observed == "" || x.Expected == "" || x.Suggestion == "" || x.Limit <= 0 || x.Value < x.Limit || x.Value > 1 || x.Worker != "main" {
					t.Errorf("incomplete: %+v", x)
				}
			}
			if text := r.String(); !strings.Contains(text, c.in) {
				t.Errorf("the report does not say %q:\n%s", c.in, text)
			}
			warns := slices.ContainsFunc(r.Findings, func(x behavior.Finding) bool { return x.Severity >= diag.SeverityWarning })
			if r.HasWarnings() != warns {
				t.Errorf("HasWarnings() = %v\n%s", r.HasWarnings(), r)
			}
		})
	}
}

// mixed is a scenario with something of everything.
func mixed(g *game, f *framealloc.Frame, i int) {
	for k := range 12 {
		f.WithTag(fmt.Sprint("system ", k), func() {
			fill(framealloc.Slice[int64](f, 50+k), i*(k%2))
			framealloc.Retain[query](f, framealloc.ToHeap)
			framealloc.PoolPut(f, framealloc.PoolGet[query](f))
			framealloc.HeapSlice[point](f, 1+i%7)
		})
	}
}

func TestSameFramesGiveTheSameReport(t *testing.T) {
	first := run(t, framealloc.Config{}, everyFrame, 100, mixed).String()
	if n := strings.Count(first, "["); n < 30 {
		t.Fatalf("only %d findings:\n%s", n, first)
	}
	for range 5 {
		if again := run(t, framealloc.Config{}, everyFrame, 100, mixed).String(); again != first {
			t.Fatalf("one report:\n%s\nanother:\n%s", first, again)
		}
	}
}

func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits behavior.Thresholds
		frames int
		want   bool
	}{
		{"default, not yet", behavior.Default(), 179, false},
		{"default", behavior.Default(), 180, true},
		{"strict, not yet", behavior.Strict(), 39, false},
		{"strict", behavior.Strict(), 40, true},
		{"relaxed, not yet", behavior.Relaxed(), 899, false},
		{"relaxed", behavior.Relaxed(), 900, true},
		{"off", behavior.Thresholds{WarmUp: 1}, 1000, false},
		{"above", behavior.Thresholds{HotHeap: 0.51}, 1000, false},
		{"at", behavior.Thresholds{HotHeap: 0.5}, 1000, true},
		{"zero stands for default", behavior.Thresholds{}, 180, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			every := 2 // in half of the frames
			if c.limits.HotHeap > 0.5 && c.limits.WarmUp > 0 {
				every = 1
			}
			r := run(t, framealloc.Config{}, behavior.Options{Thresholds: c.limits}, c.frames, func(g *game, f *framealloc.Frame, i int) {
				if i%every == 0 {
					framealloc.HeapNew[query](f)
				}
			})
			if got := len(r.Of(diag.FA530)) == 1; got != c.want {
				t.Errorf("found: %v, want %v\n%s", got, c.want, r)
			}
		})
	}
}

// TestWorkersAreJudgedByThemselves has one worker misuse a tag that another uses
// well, and joins the figures of neither.
func TestWorkersAreJudgedByThemselves(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	filter := behavior.Watch(alloc, everyFrame)
	var wg sync.WaitGroup
	for _, name := range []string{"good", "bad"} {
		w := alloc.NewWorker(name)
		wg.Go(func() {
			defer w.Close()
			for i := range 100 {
				w.Frame(func(f *framealloc.Frame) {
					defer f.Tag("work")()
					framealloc.New[query](f).hits[7] = int32(i)
					if name == "bad" {
						framealloc.HeapNew[query](f)
					}
				})
				_ = filter.Report() // at any time
			}
		})
	}
	wg.Wait()
	r := filter.Report()
	if len(r.Findings) != 1 || r.Findings[0].Worker != "bad" || r.Workers != 2 || r.Frames != 180 {
		t.Errorf("%+v\n%s", r, r)
	}
	var uses []string
	for _, u := range r.Tags {
		uses = append(uses, fmt.Sprintf("%s %q %d frame %d/%d heap %d/%d", u.Worker, u.Tag, u.Frames, u.FrameBytes, u.FrameAllocations, u.HeapBytes, u.HeapAllocations))
	}
	want := []string{
		`bad "work" 90 frame 23040/90 heap 23040/90`,
		`good "work" 90 frame 23040/90 heap 0/0`,
	}
	if !slices.Equal(uses, want) {
		t.Errorf("tags:\n%s\nwant\n%s", strings.Join(uses, "\n"), strings.Join(want, "\n"))
	}
}

func TestForksCountToTheirFrame(t *testing.T) {
	r := run(t, framealloc.Config{}, everyFrame, 100, func(g *game, f *framealloc.Frame, i int) {
		defer f.Tag("jobs")()
		framealloc.Parallel(f, 4, func(f *framealloc.Frame, k int) {
			fill(framealloc.Slice[int64](f, 1+i%2), i)
			framealloc.HeapNew[query](f)
			framealloc.PoolPut(f, framealloc.PoolGet[query](f))
		})
	})
	if len(r.Findings) != 1 || r.Findings[0].Code != diag.FA530 || r.Findings[0].Tag != "jobs" || r.Workers != 1 {
		t.Errorf("%+v\n%s", r, r)
	}
}

func TestStopAndReset(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	bad := func(n int) {
		for range n {
			alloc.Frame(func(f *framealloc.Frame) { framealloc.HeapNew[query](f) })
		}
	}
	bad(100)
	filter := behavior.Watch(alloc, everyFrame)
	if r := filter.Report(); r.Frames != 0 || len(r.Findings) != 0 || len(r.Tags) != 0 {
		t.Errorf("before anything was seen: %+v", r)
	}
	bad(60)
	if r := filter.Report(); r.Frames != 50 || len(r.Findings) != 1 || r.Tags[0].HeapAllocations != 50 {
		t.Errorf("after 10 frames to warm up and 50: %+v", r)
	}
	filter.Reset()
	if r := filter.Report(); r.Frames != 0 || len(r.Findings) != 0 {
		t.Errorf("after Reset: %+v", r)
	}
	bad(60)
	filter.Stop()
	filter.Stop()
	bad(60)
	if r := filter.Report(); r.Frames != 50 || len(r.Findings) != 1 {
		t.Errorf("after Stop: %+v", r)
	}
}

func TestDiagnose(t *testing.T) {
	reports := diag.NewCollector(t)
	alloc := framealloc.NewAllocator(framealloc.Config{Reporter: reports.Reporter()})
	defer alloc.Close()
	filter := behavior.Watch(alloc, everyFrame)
	for range 50 {
		alloc.Frame(func(f *framealloc.Frame) {
			f.WithTag("hud", func() { framealloc.HeapNew[query](f) })
			f.WithTag("lights", func() { fill(framealloc.Slice[int64](f, 100), 0) })
		})
	}
	reports.RequireNone() // nobody asked
	if r := filter.Diagnose(); len(r.Findings) != 2 {
		t.Fatal(r)
	}
	reports.Require(diag.FA501, diag.FA530)
	if d := reports.Of(diag.FA530)[0]; d.Tag != "hud" || d.Worker != "main" || !strings.Contains(d.Caller, "behavior_test.go:") || d.Note == "" || d.Help == "" {
		t.Errorf("%+v", d)
	}
	if d := reports.Of(diag.FA501)[0]; d.Caller != "" || d.Tag != "lights" {
		t.Errorf("a finding without a line has one: %+v", d)
	}
	if err := error(&diag.Error{Diagnostic: reports.Of(diag.FA501)[0]}); !errors.Is(err, diag.FA501) {
		t.Error(err)
	}
}
