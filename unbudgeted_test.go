package framealloc

import (
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestWorkersWithoutBudget(t *testing.T) {
	limited := func(a *Allocator) { a.NewWorker("physics").SetFrameBudget(MiB) }
	for _, c := range []struct {
		name   string
		config Config
		run    func(a *Allocator, w *Worker) // before w's first frame
		found  bool
	}{
		{"nobody has one", Config{}, func(a *Allocator, w *Worker) {}, false},
		{"another has one", Config{}, func(a *Allocator, w *Worker) { limited(a) }, true},
		{"both have one", Config{}, func(a *Allocator, w *Worker) { limited(a); w.SetFrameBudget(MiB) }, false},
		{"the main worker has one", Config{}, func(a *Allocator, w *Worker) { a.Main().SetFrameBudget(MiB) }, false},
		{"another's is only announced", Config{}, func(a *Allocator, w *Worker) { a.NewWorker("physics").SetBudget(Budget{Soft: 1}) }, false},
		{"all have one together", Config{}, func(a *Allocator, w *Worker) { limited(a); a.SetBudget(Budget{Hard: MiB}) }, false},
		{"every frame has one", Config{MaxFrameBytes: MiB}, func(a *Allocator, w *Worker) { limited(a) }, false},
		{"another gets one later", Config{}, func(a *Allocator, w *Worker) { w.Frame(func(*Frame) {}); limited(a) }, false},
		{"the main worker has none", Config{}, func(a *Allocator, w *Worker) {
			limited(a)
			a.Frame(func(*Frame) {})
			w.SetFrameBudget(MiB)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, reports := quiet(t)
			config.MaxFrameBytes = c.config.MaxFrameBytes
			a := NewAllocator(config)
			defer a.Close()
			w := a.NewWorker("stream")
			c.run(a, w)
			for range 3 {
				w.Frame(func(f *Frame) { f.Fork().Join() }) // a fork is no worker of its own
			}
			got := reports.Of(diag.FA203)
			if len(got) > 1 || (len(got) == 1) != c.found {
				t.Fatalf("reported: %v, want it: %v", got, c.found)
			}
			if c.found && (got[0].Worker != "stream" || !strings.Contains(got[0].Message, `"physics"`) || !strings.Contains(got[0].Caller, "unbudgeted_test.go")) {
				t.Errorf("%+v", got[0])
			}
		})
	}
}
