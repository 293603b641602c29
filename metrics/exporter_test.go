package metrics

import (
	"encoding/json"
	"expvar"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/snapshot"
)

type body struct{ X, Y, Z float64 }

// game is an allocator of two workers that has run some frames.
func game(t testing.TB, name string) (*framealloc.Allocator, *snapshot.Observer) {
	t.Helper()
	alloc := framealloc.NewAllocator(framealloc.Config{})
	t.Cleanup(func() { _ = alloc.Close() })
	o := snapshot.ObserveAs(name, alloc)
	t.Cleanup(o.Stop)
	alloc.SetTagBudget("ai", framealloc.Budget{Soft: 100, Hard: 200, Policy: framealloc.Allow})
	for range 3 {
		alloc.Frame(func(f *framealloc.Frame) {
			defer f.Phase("update")()
			framealloc.Bytes(f, 80)
			f.WithTag("ai", func() { framealloc.Bytes(f, 240) })
			framealloc.PoolPut(f, framealloc.PoolGet[body](f))
		})
	}
	w := alloc.NewWorker(`render "GL" \ 1` + "\n")
	t.Cleanup(func() { _ = w.Close() })
	w.SetFrameBudget(4096)
	w.Frame(func(f *framealloc.Frame) { framealloc.HeapNew[body](f) })
	return alloc, o
}

func textOf(t *testing.T, e *Exporter) string {
	t.Helper()
	var b strings.Builder
	if err := e.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestText looks at figures on a page of Prometheus's.
func TestText(t *testing.T) {
	_, o := game(t, "")
	text := textOf(t, New(o))
	p := parse(t, text, false)
	const render = `worker="render \"GL\" \\ 1\n",`
	for series, want := range map[string]float64{
		`framealloc_workers`:                                                             2,
		`framealloc_frames_total`:                                                        4,
		`framealloc_frame_allocated_bytes_total`:                                         960,
		`framealloc_frame_allocations_total`:                                             6,
		`framealloc_frame_high_water_bytes`:                                              320,
		`framealloc_pool_gets_total`:                                                     3,
		`framealloc_pool_puts_total`:                                                     3,
		`framealloc_heap_allocated_bytes_total`:                                          24,
		`framealloc_worker_frames_total` + render:                                        1,
		`framealloc_worker_frame_allocated_bytes_totalworker="main",`:                    960,
		`framealloc_worker_frame_duration_seconds_countworker="main",`:                   3,
		`framealloc_tag_allocated_bytes_totalworker="main",tag="ai",intent="frame",`:     720,
		`framealloc_tag_allocations_totalworker="main",tag="",intent="pool",`:            3,
		`framealloc_tag_frame_last_bytesworker="main",tag="ai",`:                         240,
		`framealloc_phase_entered_totalworker="main",phase="update",`:                    3,
		`framealloc_budget_limit_bytesscope="tag",worker="",tag="ai",level="soft",`:      100,
		`framealloc_budget_limit_bytesscope="tag",worker="",tag="ai",level="hard",`:      200,
		`framealloc_budget_exceeded_totalscope="tag",worker="",tag="ai",level="hard",`:   3,
		`framealloc_budget_limit_bytesscope="worker",` + render + `tag="",level="hard",`: 4096,
		`framealloc_budget_peak_bytesscope="tag",worker="",tag="ai",`:                    240,
		`framealloc_promotions_totaloutcome="heap",`:                                     0,
		`framealloc_transfers_totalstep="made",`:                                         0,
		`framealloc_diagnostics_totalseverity="error",`:                                  p[`framealloc_diagnostics_totalseverity="error",`],
		`framealloc_worker_frame_duration_seconds_bucketworker="main",le=+Inf`:           3,
		`framealloc_worker_frame_duration_seconds_bucketworker="main",le=1`:              3,
		`framealloc_deferred_pending`:                                                    0,
		`framealloc_frame_capacity_bytes`:                                                p[`framealloc_worker_frame_capacity_bytesworker="main",`] + p[`framealloc_worker_frame_capacity_bytes`+render],
	} {
		if got, ok := p[series]; !ok || got != want {
			t.Errorf("%s is %v (there: %v), want %v", series, got, ok, want)
		}
	}
	for _, series := range []string{`framealloc_worker_frame_duration_seconds_sumworker="main",`, `framealloc_phase_duration_seconds_totalworker="main",phase="update",`} {
		if v := p[series]; v <= 0 || v > 60 {
			t.Errorf("%s is %v", series, v)
		}
	}
	if strings.Contains(text, "garbage") {
		t.Error("there are figures of garbage, and nobody looks for it")
	}
}

// TestOpenMetrics: the same figures in the other format.
func TestOpenMetrics(t *testing.T) {
	_, o := game(t, "")
	e := New(o)
	var b strings.Builder
	if err := e.WriteOpenMetrics(&b); err != nil {
		t.Fatal(err)
	}
	open, text := parse(t, b.String(), true), parse(t, textOf(t, e), false)
	for series := range open {
		series = strings.Replace(series, "le=1.0", "le=1", 1)
		if _, ok := text[series]; !ok {
			t.Errorf("%s is not in the text format", series)
		}
	}
	if len(open) != len(text) {
		t.Errorf("%d series, %d in the text format", len(open), len(text))
	}
	for _, want := range []string{"# TYPE framealloc_frame_allocated_bytes counter\n# UNIT framealloc_frame_allocated_bytes bytes\n", "# EOF\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %q", want)
		}
	}
}

// TestSeveralAllocators: each under its name, and what is in one piece stays so.
func TestSeveralAllocators(t *testing.T) {
	_, world := game(t, "world")
	ui, menu := game(t, "ui")
	ui.Frame(func(*framealloc.Frame) {})
	e := New(world, menu)
	p := parse(t, textOf(t, e), false)
	if p[`framealloc_frames_totalallocator="world",`] != 4 || p[`framealloc_frames_totalallocator="ui",`] != 5 {
		t.Errorf("page %v", p)
	}
	var all map[string]map[string]any
	if err := json.Unmarshal([]byte(e.String()), &all); err != nil {
		t.Fatal(err)
	}
	if all["world"]["framealloc.frames"] != 4.0 || all["ui"]["framealloc.frames"] != 5.0 {
		t.Errorf("expvar %v", all)
	}
}

func TestNewPanics(t *testing.T) {
	_, a := game(t, "a")
	_, b := game(t, "a")
	for name, list := range map[string][]*snapshot.Observer{"no": nil, "name \"a\"": {a, b}} {
		func() {
			defer func() {
				if p := fmt.Sprint(recover()); !strings.Contains(p, name) {
					t.Errorf("panics with %q, want %q", p, name)
				}
			}()
			New(list...)
		}()
	}
}

func TestExpvar(t *testing.T) {
	_, o := game(t, "")
	var v expvar.Var = New(o)
	var figures map[string]any
	if err := json.Unmarshal([]byte(v.String()), &figures); err != nil {
		t.Fatal(err)
	}
	at := func(path ...string) any {
		var x any = figures
		for _, name := range path {
			m, _ := x.(map[string]any)
			x = m[name]
		}
		return x
	}
	for _, c := range []struct {
		want float64
		path []string
	}{
		{960, []string{"framealloc.frame.allocated"}},
		{720, []string{"framealloc.tag.allocated", "main", "ai", "frame"}},
		{4096, []string{"framealloc.budget.limit", "worker", "render \"GL\" \\ 1\n", "", "hard"}},
		{3, []string{"framealloc.worker.frame.duration", "main", "count"}},
	} {
		if got := at(c.path...); got != c.want {
			t.Errorf("%q is %v, want %v", c.path, got, c.want)
		}
	}
	if sum, _ := at("framealloc.worker.frame.duration", "main", "sum").(float64); sum <= 0 || sum > 60 {
		t.Errorf("the main worker's frames took %v s", sum)
	}
	n := 0.0
	buckets, _ := at("framealloc.worker.frame.duration", "main", "buckets").(map[string]any)
	for _, count := range buckets {
		n += count.(float64)
	}
	if n != 3 || len(buckets) != snapshot.DurationBuckets {
		t.Errorf("%d buckets with %v frames, want %d with 3", len(buckets), n, snapshot.DurationBuckets)
	}
}

func TestHandler(t *testing.T) {
	_, o := game(t, "")
	server := httptest.NewServer(New(o))
	defer server.Close()
	for _, c := range []struct {
		method, accept string
		status         int
		kind           string
	}{
		{"GET", "", 200, textType},
		{"GET", "*/*", 200, textType},
		{"GET", "text/plain", 200, textType},
		{"HEAD", "", 200, textType},
		{"GET", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", 200, openMetricsType},
		{"GET", "application/openmetrics-text;q=0.2,text/plain;q=0.3", 200, textType},
		{"GET", "application/openmetrics-text;version=2.0.0", 200, textType},
		{"GET", "application/openmetrics-text;q=none", 200, textType},
		{"GET", "application/openmetrics-text;q=0", 200, textType},
		{"GET", ";;;,application/openmetrics-text", 200, openMetricsType},
		{"POST", "", 405, ""},
	} {
		r, err := http.NewRequest(c.method, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.accept != "" {
			r.Header.Set("Accept", c.accept)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != c.status {
			t.Errorf("%s %q: %v, status %d, want %d", c.method, c.accept, err, answer.StatusCode, c.status)
		}
		if c.kind == "" {
			continue
		}
		if got := answer.Header.Get("Content-Type"); got != c.kind {
			t.Errorf("%s %q: %s, want %s", c.method, c.accept, got, c.kind)
		}
		if c.method == "GET" {
			parse(t, string(text), c.kind == openMetricsType)
		} else if len(text) != 0 {
			t.Errorf("HEAD has %d bytes", len(text))
		}
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriterFails(t *testing.T) {
	_, o := game(t, "")
	e := New(o)
	if err := e.WriteText(closedPipe{}); err != io.ErrClosedPipe {
		t.Errorf("WriteText: %v", err)
	}
	parse(t, textOf(t, e), false) // the next is whole
}

// TestTable: what every figure must be like.
func TestTable(t *testing.T) {
	names := map[string]string{} // whose a name is
	for _, f := range Figures() {
		if !regexp.MustCompile(`^framealloc(\.[a-z]+(_[a-z]+)*)+$`).MatchString(f.Name) {
			t.Errorf("%s is no name", f.Name)
		}
		if names[f.Name] != "" {
			t.Errorf("%s is there twice", f.Name)
		}
		for _, name := range []string{f.Name, f.PrometheusName(), f.family()} {
			if whose := names[name]; whose != "" && whose != f.Name {
				t.Errorf("%s and %s are both %s", whose, f.Name, name)
			}
			names[name] = f.Name
		}
		if !regexp.MustCompile(`^(By|s|\{[a-z]+\})$`).MatchString(f.Unit) {
			t.Errorf("%s is in %q", f.Name, f.Unit)
		}
		if !strings.HasSuffix(f.Help, ".") || len(f.Labels) > MaxLabels || f.read == nil {
			t.Errorf("%s: %+v", f.Name, f)
		}
	}
	Figures()[0].Name = "x"
	if Figures()[0].Name == "x" {
		t.Error("the table can be overwritten")
	}
}

// TestEveryFigureHasValues: with everything going on, no figure is silent, and
// stopping early is heeded.
func TestEveryFigureHasValues(t *testing.T) {
	_, o := game(t, "")
	var s snapshot.Snapshot
	o.Take(&s)
	s.Garbage = &snapshot.Garbage{Frames: 3, Bytes: 2, Allocations: 1}
	for _, f := range Figures() {
		n := 0
		for range f.Points(&s) {
			n++
		}
		if n == 0 {
			t.Errorf("%s has no values", f.Name)
		}
		for range f.Points(&s) {
			break
		}
		if (f.Kind == Histogram) != (f.Bounds() != nil) {
			t.Errorf("%s, a %v, has bounds %v", f.Name, f.Kind, f.Bounds())
		}
	}
}

// TestSnapshotsAreCovered: each number in the schema is in some figure, or here
// with a reason.
func TestSnapshotsAreCovered(t *testing.T) {
	exempt := map[string]string{
		"Version": "no figure", "Sequence": "no figure", "DurationBounds": "bounds of the buckets",
		"Frame.": "one frame; figures are of many", "Totals.Heap.Frees": "always 0", "Totals.Frame.Frees": "always 0",
		"Workers.Count": "how many share a name", "Workers.LastFrame.Allocations": "bytes are enough", "Workers.Frame.Frees": "always 0",
		"Workers.Pool.Allocations": "by tag", "Workers.Pool.Frees": "by total", "Workers.Heap.Allocations": "by tag", "Workers.Heap.Frees": "always 0",
		"Workers.Growths": "by total", "Workers.Deferred.": "by total", "Workers.Timing.Last": "the histogram has it", "Workers.Timing.Max": "the histogram bounds it",
		"Workers.Timing.Frames": "the histogram's count", "Tags.Entered": "frames are counted", "Tags.Frame.Frees": "always 0", "Tags.Pool.Frees": "by total",
		"Tags.Heap.Frees": "always 0", "Tags.LastFrame.Allocations": "bytes are enough", "Phases.Frame.": "bytes are enough", "Phases.LastFrame.": "the time is what matters",
		"Budgets.Used": "as of a frame boundary it is what other workers have reserved", "Diagnostics.Suppressed": "counted by severity", "Diagnostics.List.": "texts",
		"Diagnostics.Omitted": "texts", "Garbage.LastFrame.": "one frame", "Garbage.Sites.": "texts", "Garbage.SitesOmitted": "texts", "Garbage.TracedFrames": "texts",
	}
	var s snapshot.Snapshot
	next, where := uint64(1<<20), map[uint64]string{}
	number(reflect.ValueOf(&s).Elem(), "", func(v reflect.Value, path string) {
		next++
		where[next] = path
		if v.CanInt() {
			v.SetInt(int64(next))
		} else {
			v.SetUint(next)
		}
	})
	for _, f := range Figures() {
		for p := range f.Points(&s) {
			delete(where, p.Value)
			for _, n := range p.Buckets {
				delete(where, n)
			}
		}
	}
	used := map[string]bool{}
	for _, path := range where {
		found := false
		for prefix := range exempt {
			if path == prefix || strings.HasSuffix(prefix, ".") && strings.HasPrefix(path, prefix) || strings.HasPrefix(path, prefix+"[") {
				used[prefix], found = true, true
			}
		}
		if !found {
			t.Errorf("%s is in no figure", path)
		}
	}
	for prefix := range exempt {
		if !used[prefix] {
			t.Errorf("%s is in a figure, or gone", prefix)
		}
	}
}

// number calls fn for each number in v, and gives lists one element.
func number(v reflect.Value, path string, fn func(reflect.Value, string)) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type().PkgPath() == "time" {
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				number(v.Field(i), strings.TrimPrefix(path+"."+f.Name, "."), fn)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		number(v.Elem(), path, fn)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		number(v.Index(0), path, fn)
	case reflect.Array:
		for i := range v.Len() {
			number(v.Index(i), fmt.Sprintf("%s[%d]", path, i), fn)
		}
	default:
		if v.CanInt() || v.CanUint() {
			fn(v, path)
		}
	}
}

var update = flag.Bool("update", false, "write the table of figures into the guide")

// TestGuide: the guide's table is the code's.
func TestGuide(t *testing.T) {
	const page, begin, end = "../docs/guide/16-snapshots-and-metrics.md", "<!-- figures: made by go test ./metrics -update -->\n", "<!-- end of figures -->"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	old, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", page)
	}
	var b strings.Builder
	b.WriteString("| figure | for Prometheus | kind | labels | what it is |\n|---|---|---|---|---|\n")
	for _, f := range Figures() {
		kind := f.Kind.String()
		if f.Kind == UpDown {
			kind = "up and down"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", f.Name, f.PrometheusName(), kind, strings.Join(f.Labels, ", "), f.Help)
	}
	if b.String() == old {
		return
	}
	if !*update {
		t.Fatalf("the table in %s is not that of the code: run go test ./metrics -update", page)
	}
	if err := os.WriteFile(page, []byte(head+begin+b.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestGuideNamesExist: what the guide asks Prometheus for is there.
func TestGuideNamesExist(t *testing.T) {
	text, err := os.ReadFile("../docs/guide/16-snapshots-and-metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range Figures() {
		name := f.PrometheusName()
		known[name] = true
		if f.Kind == Histogram {
			known[name+"_bucket"], known[name+"_count"], known[name+"_sum"] = true, true, true
			for _, bound := range f.Bounds() {
				known[formatFloat(bound)] = true
			}
		}
	}
	found := 0
	for _, m := range regexp.MustCompile(`framealloc_[a-z_]+|le="([^"]+)"`).FindAllSubmatch(text, -1) {
		name := string(m[0])
		if len(m[1]) > 0 {
			name = string(m[1])
		}
		found++
		if !known[name] {
			t.Errorf("the guide mentions %s", name)
		}
	}
	if found < len(table)+8 {
		t.Errorf("only %d names found", found)
	}
}

// TestScrapeWhileFramesRun: every page is whole, and no counter ever shrinks.
func TestScrapeWhileFramesRun(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	o := snapshot.Observe(alloc)
	defer o.Stop()
	e := New(o)
	var frames, scrapers sync.WaitGroup
	for i := range 2 {
		frames.Go(func() {
			w := alloc.NewWorker(fmt.Sprintf("worker %d", i))
			defer w.Close()
			for n := range 300 {
				w.Frame(func(f *framealloc.Frame) {
					defer f.Phase("update")()
					defer f.Tag(fmt.Sprintf("tag %d", n%7))()
					framealloc.Bytes(f, 100)
					framealloc.PoolPut(f, framealloc.PoolGet[body](f))
				})
			}
		})
	}
	done := make(chan struct{})
	for i := range 2 {
		scrapers.Go(func() {
			last := page{}
			for {
				var b strings.Builder
				write := []func(io.Writer) error{e.WriteText, e.WriteOpenMetrics}[i]
				if err := write(&b); err != nil {
					t.Error(err)
				}
				p, problems := check(b.String(), i == 1)
				if len(problems) > 0 {
					t.Error(problems)
				}
				for series, v := range last {
					if strings.Contains(series, "_total") && !strings.Contains(series, "worker=") && p[series] < v {
						t.Errorf("%s went from %v to %v", series, v, p[series])
					}
				}
				last = p
				if !json.Valid([]byte(e.String())) {
					t.Error("the expvar variable is no JSON")
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	frames.Wait()
	close(done)
	scrapers.Wait()
	if p := parse(t, textOf(t, e), false); p["framealloc_frames_total"] != 600 || p["framealloc_frame_allocated_bytes_total"] != 600*104 {
		t.Errorf("in the end %v frames, %v bytes", p["framealloc_frames_total"], p["framealloc_frame_allocated_bytes_total"])
	}
}

// TestKinds: the names are used in documentation and tests.
func TestKinds(t *testing.T) {
	var got []string
	for k := Counter; k <= Histogram; k++ {
		got = append(got, k.String())
	}
	if !slices.Equal(got, []string{"counter", "updown", "gauge", "histogram"}) {
		t.Errorf("kinds %q", got)
	}
}
