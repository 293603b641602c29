package metrics

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/snapshot"
)

// FuzzNames: whatever allocators, workers and tags are called, the page keeps its
// form and the names are on it.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"", "main", "a/b", `"`, `\`, "\n", `a="b",c`, "}", "{x} 1\n# EOF", "ü\x00", "\xff", "# HELP x"} {
		f.Add(name, "ai", name)
		f.Add("", name, "x")
	}
	f.Fuzz(func(t *testing.T, allocator, worker, tag string) {
		alloc := framealloc.NewAllocator(framealloc.MinimalConfig())
		defer alloc.Close()
		o := snapshot.ObserveAs(allocator, alloc)
		defer o.Stop()
		w := alloc.NewWorker(worker)
		defer w.Close()
		alloc.SetTagBudget(tag, framealloc.Budget{Hard: 1000})
		w.Frame(func(f *framealloc.Frame) {
			defer f.Tag(tag)()
			framealloc.Bytes(f, 8)
		})
		e := New(o)
		for _, open := range []bool{false, true} {
			var b strings.Builder
			write := e.WriteText
			if open {
				write = e.WriteOpenMetrics
			}
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			parse(t, b.String(), open)
			valid := func(s string) string { return labelEscaper.Replace(strings.ToValidUTF8(s, "\uFFFD")) }
			if want := `worker="` + valid(worker) + `",tag="` + valid(tag) + `"`; !strings.Contains(b.String(), want) {
				t.Errorf("there is no %s", want)
			}
			if !utf8.ValidString(b.String()) {
				t.Error("the page is not UTF-8")
			}
		}
		if !json.Valid([]byte(e.String())) {
			t.Error("the expvar variable is no JSON")
		}
	})
}
