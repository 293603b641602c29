package framealloc

import (
	"strings"
	"testing"
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
		"/goroutine_test.go:12 in framealloc.TestCallsAreListedWithoutPlumbing.", // in Sub
		"/goroutine_test.go:12 in framealloc.TestCallsAreListedWithoutPlumbing.", // in Frame
		"/goroutine_test.go:12 in framealloc.TestCallsAreListedWithoutPlumbing",
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
