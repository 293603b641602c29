package framealloc

import (
	"bytes"
	"runtime/trace"
	"testing"
)

func TestPhasesAreTraceRegions(t *testing.T) {
	var out bytes.Buffer
	if err := trace.Start(&out); err != nil {
		t.Fatalf("another trace is being recorded: %v", err)
	}
	a := NewAllocator(Config{})
	a.Frame(func(f *Frame) {
		f.WithPhase("update", func() { f.WithPhase("broad phase", func() {}) })
	})
	trace.Stop()
	for _, name := range []string{"update", "update/broad phase"} {
		if !bytes.Contains(out.Bytes(), []byte(name)) {
			t.Errorf("no region %q in the trace", name)
		}
	}
}
