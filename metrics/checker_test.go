package metrics

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// page is a page of figures as a scraper reads it: values by series.
type page map[string]float64

var (
	sampleLine = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (\S+)$`)
	labelPair  = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"`)
	goodName   = regexp.MustCompile(`^framealloc_[a-z]+(_[a-z]+)*$`)
)

// parse reads a page and fails for whatever is against the format or the naming
// conventions: each family stands in one piece behind its HELP and TYPE, no series
// comes twice, counters end with _total and are whole or in seconds, histograms
// add up, names have their unit at the end.
func parse(t *testing.T, text string, open bool) page {
	t.Helper()
	p, problems := check(text, open)
	for _, problem := range problems {
		t.Error(problem)
	}
	return p
}

// family is the family that is being read.
type family struct {
	name, kind, unit string
	help             bool
	samples          int
	bucket           map[string]float64 // of histograms, by labels: the last cumulative count
	bound            map[string]float64
}

func check(text string, open bool) (p page, problems []string) {
	p = page{}
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if !strings.HasSuffix(text, "\n") {
		complain("the page does not end with a line feed")
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if open {
		if lines[len(lines)-1] != "# EOF" {
			complain("the page does not end with # EOF")
		}
		lines = lines[:len(lines)-1]
	}
	seen := map[string]bool{}
	f := &family{}
	end := func() {
		if f.name != "" && f.samples == 0 {
			complain("%s has no samples", f.name)
		}
		for labels := range f.bucket {
			if _, ok := p[f.name+"_count"+labels]; !ok {
				complain("%s%s has buckets and no count", f.name, labels)
			}
		}
	}
	for _, line := range lines {
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			words := strings.SplitN(rest, " ", 3)
			if len(words) != 3 {
				complain("%q is no comment", line)
				continue
			}
			if words[0] == "HELP" {
				end()
				if seen[words[1]] {
					complain("%s comes twice", words[1])
				}
				seen[words[1]] = true
				f = &family{name: words[1], help: true, bucket: map[string]float64{}, bound: map[string]float64{}}
				if !goodName.MatchString(f.name) {
					complain("%s is no good name", f.name)
				}
				if !strings.HasSuffix(words[2], ".") {
					complain("the help of %s is no sentence", f.name)
				}
			}
			if words[1] != f.name {
				complain("%q stands in %s", line, f.name)
			}
			switch words[0] {
			case "HELP":
			case "TYPE":
				f.kind = words[2]
			case "UNIT":
				f.unit = words[2]
				if !open || !strings.HasSuffix(f.name, "_"+f.unit) {
					complain("%q", line)
				}
			default:
				complain("%q is no comment", line)
			}
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			complain("%q is no sample", line)
			continue
		}
		f.samples++
		name, value := m[1], m[3]
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			complain("%q: %v", line, err)
		}
		labels, le, names := "", "", map[string]bool{}
		for _, pair := range labelPair.FindAllStringSubmatch(m[2], -1) {
			if names[pair[1]] {
				complain("%q has %s twice", line, pair[1])
			}
			names[pair[1]] = true
			if pair[1] == "le" {
				le = pair[2]
			} else {
				labels += pair[0] + ","
			}
		}
		series := name + labels
		if le != "" {
			series += "le=" + le
		}
		if _, ok := p[series]; ok {
			complain("%q comes twice", line)
		}
		p[series] = v
		if !f.help || f.kind == "" {
			complain("%q comes before HELP and TYPE", line)
		}
		switch f.kind {
		case "counter":
			want := f.name
			if open {
				want += "_total"
			}
			if name != want || !strings.HasSuffix(name, "_total") || v < 0 {
				complain("%q is no counter of %s", line, f.name)
			}
		case "gauge":
			if name != f.name || strings.HasSuffix(name, "_total") {
				complain("%q is no gauge of %s", line, f.name)
			}
		case "histogram":
			switch name {
			case f.name + "_bucket":
				bound, err := strconv.ParseFloat(le, 64)
				if last, ok := f.bound[labels]; err != nil || ok && bound <= last || v < f.bucket[labels] {
					complain("%q: bounds and counts must ascend", line)
				}
				f.bound[labels], f.bucket[labels] = bound, v
			case f.name + "_count":
				if v != f.bucket[labels] || f.bound[labels] <= 1e300 {
					complain("%q: the last bucket has %v", line, f.bucket[labels])
				}
			case f.name + "_sum":
			default:
				complain("%q is no part of %s", line, f.name)
			}
		default:
			complain("%s is of type %q", f.name, f.kind)
		}
	}
	end()
	return p, problems
}

// TestCheckerComplains: what passes is worth nothing unless something fails.
func TestCheckerComplains(t *testing.T) {
	const head = "# HELP framealloc_x_total Help.\n# TYPE framealloc_x_total counter\n"
	const hist = "# HELP framealloc_h Help.\n# TYPE framealloc_h histogram\n"
	for _, c := range []struct{ text, want string }{
		{head + "framealloc_x_total 1", "does not end"},
		{"framealloc_x_total 1\n", "before HELP"},
		{head, "has no samples"},
		{head + "framealloc_x_total one\n", "invalid syntax"},
		{head + "framealloc_x_total 1\nframealloc_x_total 1\n", "comes twice"},
		{head + "framealloc_x_total 1\n" + head + "framealloc_x_total{a=\"b\"} 1\n", "framealloc_x_total comes twice"},
		{head + "framealloc_x_total{a=\"b\nc\"} 1\n", "is no sample"},
		{head + "framealloc_x_total{a=\"b\",a=\"c\"} 1\n", "has a twice"},
		{head + "framealloc_y_total 1\n", "is no counter"},
		{head + "framealloc_x_total -1\n", "is no counter"},
		{"# HELP framealloc_x Help.\n# TYPE framealloc_x counter\nframealloc_x 1\n", "is no counter"},
		{"# HELP framealloc_x No sentence\n# TYPE framealloc_x gauge\nframealloc_x 1\n", "no sentence"},
		{hist + "framealloc_h_bucket{le=\"1\"} 1\nframealloc_h_sum 1\nframealloc_h_count 1\n", "the last bucket"},
		{hist + "framealloc_h_bucket{le=\"1\"} 2\nframealloc_h_bucket{le=\"+Inf\"} 1\nframealloc_h_count 1\n", "must ascend"},
		{hist + "framealloc_h_bucket{le=\"+Inf\"} 1\n", "no count"},
		{hist + "framealloc_h_bucket{le=\"+Inf\"} 1\nframealloc_h_count 2\n", "the last bucket"},
	} {
		if _, problems := check(c.text, false); !strings.Contains(strings.Join(problems, "\n"), c.want) {
			t.Errorf("%q: complaints %q, want %q", c.text, problems, c.want)
		}
	}
}
