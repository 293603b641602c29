package framealloc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// guarded returns an allocator in guard mode, or ends the test after making sure
// that the platform's refusal is clear.
func guarded(t *testing.T, c Config) (*Allocator, *diag.Collector) {
	reports := diag.NewCollector(t)
	c.Modes |= ModeGuard
	c.Reporter = reports.Reporter()
	a := NewAllocator(c)
	t.Cleanup(func() { a.Close() })
	if !guard.Supported {
		got := reports.Diagnostics()
		if len(got) != 1 || !strings.Contains(got[0].Message, runtime.GOOS) || a.Modes()&ModeGuard != 0 {
			t.Errorf("refused with %v", got)
		}
		t.SkipNow()
	}
	return a, reports
}

// withoutPointers reports whether the case's memory lies in pages that can be
// guarded.
func (c *lateUse) withoutPointers() bool { return !strings.Contains(c.what, "graphNode") }

func TestGuardNamesAccesses(t *testing.T) {
	for _, c := range lateWrites {
		t.Run(c.name, func(t *testing.T) {
			a, _ := guarded(t, Config{})
			a.Frame(func(f *Frame) { New[record](f) })
			if err := a.CatchFaults(func() { c.use(a, now) }); err != nil {
				t.Errorf("in time: %v", err)
			}
			b, reports := guarded(t, Config{})
			a = b
			a.Frame(func(f *Frame) { New[record](f) })
			touch := c.use(a, never)
			for lag := range defaultGuardFrames + 1 {
				err := a.CatchFaults(touch)
				if !c.withoutPointers() {
					if err != nil {
						t.Fatalf("memory with pointers: %v", err)
					}
					continue
				}
				var e *diag.Error
				if !errors.As(err, &e) || e.Code != diag.FA606 || !strings.HasPrefix(e.Message, c.what) {
					t.Fatalf("%d frames later: %v, want FA606 of %s", lag, err, c.what)
				}
				if strings.Count(e.Note, "poison_test.go") < 2 || !strings.Contains(e.Caller, "poison_test.go") {
					t.Errorf("caller %q, note:\n%s", e.Caller, e.Note)
				}
				a.Frame(func(f *Frame) { New[record](f) })
			}
			reports.RequireNone()
		})
	}
}

func TestGuardSaysWhatWasAccessed(t *testing.T) {
	a, _ := guarded(t, Config{})
	var list []record
	var other *[64]byte
	a.Frame(func(f *Frame) {})
	a.Frame(func(f *Frame) {
		f.WithTag("ai", func() { f.WithPhase("plan", func() { list = Slice[record](f, 8) }) })
		other = New[[64]byte](f)
	})
	sum := int32(0)
	var e *diag.Error
	if !errors.As(a.CatchFaults(func() { sum += list[5].b }), &e) {
		t.Fatal("not found")
	}
	want := regexp.MustCompile(`^a slice of 8 framealloc\.record of frame 2 was used after it was given back: ` +
		`it was allocated at \S+guard_test.go:\d+, frame 2 ended at \S+guard_test.go:\d+; the access was to its \[5\]\.b$`)
	if !want.MatchString(e.Message) {
		t.Errorf("message %q\nwant %v", e.Message, want)
	}
	if e.Frame != 2 || e.Tag != "ai" || e.Phase != "plan" || e.Worker != "main" {
		t.Errorf("where: %+v", e.Diagnostic)
	}
	if _, ok := e.Unwrap().(runtime.Error); !ok {
		t.Errorf("cause %v, want the runtime's", e.Unwrap())
	}
	if !errors.As(a.CatchFaults(func() { fmt.Fprint(os.Stderr, string(other[:])) }), &e) || !strings.HasPrefix(e.Message, "a [64]uint8 of frame 2") {
		t.Errorf("memory that the runtime reads: %v", e)
	}
}

// TestGuardExplainsByItself makes the mistake in the functions that explain it
// without being asked.
func TestGuardExplainsByItself(t *testing.T) {
	stale := func(a *Allocator) *record {
		var p *record
		a.Frame(func(f *Frame) { p = New[record](f) })
		return p
	}
	for name, use := range map[string]func(a *Allocator, p *record){
		"frame": func(a *Allocator, p *record) { a.Frame(func(f *Frame) { p.a++ }) },
		"parallel": func(a *Allocator, p *record) {
			Parallel(a.BeginFrame(), 4, func(f *Frame, i int) { New[record](f); p.a++ })
		},
		"explain": func(a *Allocator, p *record) {
			f := a.BeginFrame()
			defer a.ExplainFault()
			*New[record](f) = *p
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := guarded(t, Config{})
			p := stale(a)
			defer func() {
				err, _ := recover().(error)
				var e *diag.Error
				if !errors.As(err, &e) || e.Code != diag.FA606 {
					t.Errorf("panicked with %v, want FA606", err)
				}
				if a.Main().ActiveFrame() != nil {
					a.EndFrame()
				}
				a.Frame(func(f *Frame) { useEverything(t, f, 1) })
			}()
			use(a, p)
			t.Error("not found")
		})
	}
}

func TestExplainFaultLeavesOtherPanicsAlone(t *testing.T) {
	a, _ := guarded(t, Config{})
	for _, want := range []any{"mine", errors.New("mine"), diag.NewError(diag.Diagnostic{Code: diag.FA001}, nil)} {
		for name, run := range map[string]func(){
			"ExplainFault": func() { defer a.ExplainFault(); panic(want) },
			"CatchFaults":  func() { a.CatchFaults(func() { panic(want) }) },
			"Frame":        func() { a.Frame(func(*Frame) { panic(want) }) },
		} {
			func() {
				defer func() {
					if got := recover(); got != want {
						t.Errorf("%s: panicked with %v, want %v", name, got, want)
					}
				}()
				run()
			}()
		}
	}
	func() {
		defer a.ExplainFault()
	}()
	var p *record
	err := func() (err error) {
		defer func() { err, _ = recover().(error) }()
		a.Frame(func(*Frame) { p.a = 1 })
		return nil
	}()
	if _, ok := err.(runtime.Error); !ok {
		t.Errorf("a nil pointer became %v", err)
	}
	done := make(chan bool)
	go func() { // Goexit is no panic
		defer close(done)
		defer a.ExplainFault()
		w := a.NewWorker("leaving")
		defer w.Close()
		w.Frame(func(*Frame) { runtime.Goexit() })
	}()
	<-done
}

// TestGuardedPagesAreReused runs many frames of different sizes: what is mapped
// must not grow, and what is handed out must be zero and nobody else's.
func TestGuardedPagesAreReused(t *testing.T) {
	a, reports := guarded(t, Config{GuardFrames: 1})
	mapped := 0
	for i := range 200 {
		f := a.BeginFrame()
		var all [][]byte
		for k := range 20 {
			take := func(f *Frame) {
				b := Bytes(f, 1+(i*7919+k*104729)%30000)
				for _, x := range b {
					if x != 0 {
						t.Fatal("not zero")
					}
				}
				for j := range b {
					b[j] = byte(k + 1)
				}
				all = append(all, b)
			}
			take(f)
			if k%3 == 0 {
				n := len(all)
				f.Sub(func(f *Frame) { take(f); take(f) })
				all = all[:n]
			}
		}
		for k, b := range all {
			for _, x := range b {
				if x != byte(k+1) {
					t.Fatalf("frame %d: two allocations share a byte", i)
				}
			}
		}
		a.EndFrame()
		switch i {
		case 50:
			mapped = guard.Mapped()
		case 199:
			if m := guard.Mapped(); m > mapped+mapped/2 {
				t.Errorf("%d bytes are mapped after 200 frames, %d after 50", m, mapped)
			}
		}
	}
	reports.RequireNone()
}

// TestClosedAllocatorsLeaveTheirPages makes many allocators, one after the other.
func TestClosedAllocatorsLeaveTheirPages(t *testing.T) {
	guarded(t, Config{})
	mapped := 0
	for i := range 50 {
		a := NewAllocator(Config{Modes: ModeGuard, FramesInFlight: i % 3})
		for range 4 {
			a.Frame(func(f *Frame) { Bytes(f, 500*KiB) })
		}
		New[record](a.Scratch("kept").Frame())
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if i == 10 {
			mapped = guard.Mapped()
		}
	}
	if m := guard.Mapped(); m > mapped {
		t.Errorf("%d bytes are mapped after 50 allocators, %d after 10", m, mapped)
	}
}

// The programs that TestRealFaults runs, in a process of their own. Each is a
// game with a mistake.
var faultyPrograms = map[string]func(){
	"explained": func() {
		a := NewAllocator(Config{})
		defer a.ExplainFault()
		var last *record
		for range 3 {
			f := a.BeginFrame()
			if last != nil {
				last.a++ // of the frame before
			}
			f.WithTag("physics", func() { last = New[record](f) })
			a.EndFrame()
		}
	},
	"not explained": func() {
		a := NewAllocator(Config{})
		f := a.BeginFrame()
		p := New[record](f)
		a.EndFrame()
		done := make(chan bool)
		go func() { p.a++; close(done) }()
		<-done
	},
	"mended": func() {
		a := NewAllocator(Config{FramesInFlight: 1})
		defer a.ExplainFault()
		var last *record
		for range 3 {
			f := a.BeginFrame()
			if last != nil {
				last.a++
			}
			f.WithTag("physics", func() { last = New[record](f) })
			a.EndFrame()
		}
		fmt.Println("played to the end")
	},
}

// TestRealFaults runs whole programs, with the mode switched on from outside.
func TestRealFaults(t *testing.T) {
	const variable = "FRAMEALLOC_TEST_FAULT"
	if program := os.Getenv(variable); program != "" {
		faultyPrograms[program]()
		os.Exit(0)
	}
	guarded(t, Config{})
	for _, c := range []struct {
		program string
		status  int
		want    []string
	}{
		{"explained", 2, []string{"FA606", "a framealloc.record of frame 1 was used after it was given back: it was allocated at ", "frame 1 ended at ", "its .a", "tag physics", "goroutine 1"}},
		{"not explained", 2, []string{"unexpected fault address", "TestRealFaults"}},
		{"mended", 0, []string{"played to the end"}},
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestRealFaults$")
		cmd.Env = append(os.Environ(), variable+"="+c.program, ModesVariable+"=guard")
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != c.status {
			t.Errorf("%s: %v, want exit status %d\n%s", c.program, err, c.status, out)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: output lacks %q:\n%s", c.program, want, out)
			}
		}
	}
}
