//go:build (linux || darwin) && (amd64 || arm64)

package tracyframe

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
)

// TestSameName has workers of one name: open at once they are told apart, and one
// that follows another goes on in its place.
func TestSameName(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{ChunkSize: 64 * framealloc.KiB})
	defer a.Close()
	attach(t, r, a, Config{})
	frame := func(w *framealloc.Worker) {
		w.Frame(func(f *framealloc.Frame) { f.WithTag("t", func() { framealloc.Bytes(f, 64) }) })
	}
	has := func(calls []string, call string) bool {
		for _, c := range calls {
			if c == call {
				return true
			}
		}
		return false
	}

	first, second, likeMain := a.NewWorker("job"), a.NewWorker("job"), a.NewWorker("main")
	frame(first)
	frame(second)
	frame(likeMain)
	frame(a.Main())
	calls := r.calls()
	for _, want := range []string{
		"frame job", "frame job 2", "frame main 2", "frame -",
		"alloc job chunks 0x100000 65536", "alloc job 2 chunks 0x100000 65536", "alloc main 2 chunks 0x100000 65536",
		"plot job: t 64", "plot job 2: t 64",
	} {
		if !has(calls, want) {
			t.Errorf("there is no %q in\n%s", want, strings.Join(calls, "\n"))
		}
	}
	second.Close()
	likeMain.Close()

	// Tracy ends a capture in which the same block is allocated twice.
	third := a.NewWorker("job")
	defer third.Close()
	frame(third)
	calls = r.calls()
	if !has(calls, "thread job 2") || !has(calls, "discard job 2 frame") || !has(calls, "frame job 2") || has(calls, "alloc job 2 chunks 0x100000 65536") {
		t.Errorf("the third worker did not follow the second:\n%s", strings.Join(calls, "\n"))
	}
	first.Close()
}

// TestSameNameAtOnce has workers of one name in goroutines, all with new tags.
func TestSameNameAtOnce(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	attach(t, r, a, Config{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			w := a.NewWorker("job")
			defer w.Close()
			for i := range 50 {
				w.Frame(func(f *framealloc.Frame) {
					defer f.Phase("p")()
					f.WithTag(fmt.Sprint(i), func() { framealloc.Bytes(f, 10) })
				})
			}
		})
	}
	wg.Wait()
	depth := make(map[string]int) // by thread
	begun := 0
	for line := range strings.Lines(r.text()) {
		words := strings.Fields(line)
		at := words[len(words)-1]
		switch words[0] {
		case "begin":
			begun++
			depth[at]++
		case "end":
			if depth[at]--; depth[at] < 0 || words[1] != "ok" {
				t.Fatalf("a zone ends on a thread that did not begin it: %s", line)
			}
		}
	}
	if begun != 4*50*2 {
		t.Errorf("%d zones", begun)
	}
	for at, n := range depth {
		if n != 0 {
			t.Errorf("%d zones of %s were not ended", n, at)
		}
	}
}
