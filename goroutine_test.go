package framealloc

import (
	"errors"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestCallsAreListedWithoutPlumbing(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var s stack
	a.Frame(func(f *Frame) { f.Sub(func(*Frame) { s.take(0) }) })
	lines := strings.Split(strings.TrimPrefix(s.String(), "\n"), "\n")
	if len(lines) < 3 {
		t.Fatalf("only %d calls: %q", len(lines), lines)
	}
	for i, want := range []string{
		"/goroutine_test.go:15 in framealloc.TestCallsAreListedWithoutPlumbing.", // in Sub
		"/goroutine_test.go:15 in framealloc.TestCallsAreListedWithoutPlumbing.", // in Frame
		"/goroutine_test.go:15 in framealloc.TestCallsAreListedWithoutPlumbing",
	} {
		if !strings.HasPrefix(lines[i], "\t") || !strings.Contains(lines[i], want) {
			t.Errorf("call %d is %q, want %q", i, lines[i], want)
		}
	}
	for _, line := range lines {
		if strings.Contains(line, "in runtime.") || strings.Contains(line, "(*Worker)") {
			t.Errorf("plumbing: %q", line)
		}
	}
	var none stack
	if got := none.String(); got != "" {
		t.Errorf("no calls are listed as %q", got)
	}
}

// TestClaim hands an active frame from one goroutine to the next.
func TestClaim(t *testing.T) {
	a := NewAllocator(Config{Debug: true})
	defer a.Close()
	f := a.BeginFrame()
	elsewhere := func(fn func()) (err any) {
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			fn()
		}()
		return <-done
	}
	if err, _ := elsewhere(func() { New[int](f) }).(error); !errors.Is(err, diag.FA201) {
		t.Errorf("without a claim: %v", err)
	}
	if err, _ := elsewhere(func() { a.Main().CheckOwner() }).(error); !errors.Is(err, diag.FA201) {
		t.Errorf("CheckOwner: %v", err)
	}
	a.Main().CheckOwner()
	if err := elsewhere(func() {
		f.Claim()
		New[int](f)
		defer f.Tag("later")()
	}); err != nil {
		t.Errorf("with a claim: %v", err)
	}
	mustPanic(t, diag.FA201, func() { New[int](f) }) // it is no longer ours
	if err := elsewhere(func() {
		f.Claim()
		a.EndFrame()
		f.Claim() // does nothing
	}); err != nil {
		t.Errorf("to end it: %v", err)
	}
	a.Frame(func(f *Frame) { New[int](f) })
}
