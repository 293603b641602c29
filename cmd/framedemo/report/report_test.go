package report

import (
	"bytes"
	"encoding/json"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"
)

func sample() []Run {
	var runs []Run
	for i, mode := range []string{"heap", "reuse", "framealloc"} {
		r := Run{Image: []byte("png"), Tags: []Tag{{"ai", 2048, 3}}}
		r.Mode.Mode = mode
		r.ImageSHA256 = "abc"
		for k := range 2000 {
			d := time.Duration(3-i) * time.Millisecond
			if mode == "heap" && k%100 == 0 {
				d = 40 * time.Millisecond
			}
			r.Times = append(r.Times, d)
		}
		r.Summarize(16 * time.Millisecond)
		runs = append(runs, r)
	}
	return runs
}

func TestPercentile(t *testing.T) {
	var d []time.Duration
	for i := range 1000 {
		d = append(d, time.Duration(i+1))
	}
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 500, 0.99: 990, 0.999: 999, 1: 1000} {
		if got := Percentile(d, q); got != want {
			t.Errorf("percentile %v is %d, want %d", q, got, want)
		}
	}
	if Percentile(nil, 0.5) != 0 || Percentile(d[:1], 0.999) != 1 {
		t.Error("percentiles of none and of one")
	}
}

func TestSummaryAndTable(t *testing.T) {
	runs := sample()
	if r := runs[0]; r.Frames != 2000 || r.P50 != 3 || r.P999 != 40 || r.Max != 40 || r.OverBudget != 20 {
		t.Errorf("heap: %+v", r.Mode)
	}
	var b bytes.Buffer
	Table(&b, runs, 16*time.Millisecond)
	TagTable(&b, runs[2])
	for _, want := range []string{"over 16.0 ms", "20 of 2000", "framealloc", "2.0 KiB"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}

func TestJSONHasTheAgreedNames(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var got struct{ Modes []map[string]any }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || len(got.Modes) != 3 {
		t.Fatalf("%v in %s", err, b.String())
	}
	want := []string{"mode", "frames", "p50_ms", "p99_ms", "p999_ms", "max_ms", "over_budget",
		"heap_allocs_per_frame", "heap_bytes_per_frame", "collections", "gc_cpu_s", "image_sha256"}
	for _, name := range want {
		if _, ok := got.Modes[0][name]; !ok {
			t.Errorf("no %q", name)
		}
	}
	if len(got.Modes[0]) != len(want) {
		t.Errorf("%d names, want %d: %v", len(got.Modes[0]), len(want), got.Modes[0])
	}
}

func TestPlotShowsEveryMode(t *testing.T) {
	var b bytes.Buffer
	if err := PNG(&b, sample(), 16*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.RGBA]int{}
	for y := plotTop; y < plotTop+areaHeight; y++ {
		for x := plotLeft; x < plotWidth-plotRight; x++ {
			count[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
		}
	}
	for _, mode := range []string{"heap", "reuse", "framealloc"} {
		if count[Colors[mode]] < areaWidth/2 {
			t.Errorf("%d pixels of %s in the plot", count[Colors[mode]], mode)
		}
	}
	if count[limit] == 0 {
		t.Error("no budget line")
	}
	if err := PNG(&b, []Run{{}}, time.Millisecond); err != nil {
		t.Errorf("a run without frames: %v", err)
	}
}

func TestPageIsSelfContained(t *testing.T) {
	var b bytes.Buffer
	if err := HTML(&b, sample(), 16*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)(src|href)="(https?:)?//|url\(\s*["']?https?:|@import`).FindString(b.String()); found != "" {
		t.Errorf("the page needs %q", found)
	}
	for _, want := range []string{"data:image/png;base64,", `"framealloc"`, "20 of 2000", "const series = [{"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in the page", want)
		}
	}
}
