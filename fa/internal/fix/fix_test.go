package fix

import (
	"reflect"
	"testing"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// with returns a finding whose fix makes the given edits in file x.
func with(edits ...finding.Edit) finding.Finding {
	for i := range edits {
		edits[i].File = "x"
	}
	return finding.Finding{Fixes: []finding.Fix{{Edits: edits}}}
}

func TestPlan(t *testing.T) {
	const text = "package p\n\nvar a = 1\n" // a at 15, 1 at 19
	imports := finding.Edit{Start: 10, End: 10, New: "\nimport _ \"fmt\"\n"}
	tests := map[string]struct {
		findings     []finding.Finding
		fixed, later []int
		want         string
	}{
		"one":     {[]finding.Finding{with(finding.Edit{Start: 15, End: 16, New: "bb"})}, []int{0}, nil, "package p\n\nvar bb = 1\n"},
		"two":     {[]finding.Finding{with(finding.Edit{Start: 19, End: 20, New: "22"}), with(finding.Edit{Start: 15, End: 16, New: "bb"})}, []int{0, 1}, nil, "package p\n\nvar bb = 22\n"},
		"overlap": {[]finding.Finding{with(finding.Edit{Start: 15, End: 20, New: "b = 2"}), with(finding.Edit{Start: 19, End: 20, New: "3"})}, []int{0}, []int{1}, "package p\n\nvar b = 2\n"},
		"same insertion": {[]finding.Finding{
			with(imports, finding.Edit{Start: 15, End: 16, New: "b"}),
			with(imports, finding.Edit{Start: 19, End: 20, New: "2"}),
		}, []int{0, 1}, nil, "package p\n\nimport _ \"fmt\"\n\nvar b = 2\n"},
		"two insertions": {[]finding.Finding{with(imports), with(finding.Edit{Start: 10, End: 10, New: "\nimport _ \"os\"\n"})}, []int{0}, []int{1}, "package p\n\nimport _ \"fmt\"\n\nvar a = 1\n"},
		"all or nothing": {[]finding.Finding{with(finding.Edit{Start: 19, End: 20, New: "2"}), with(finding.Edit{Start: 15, End: 16, New: "b"}, finding.Edit{Start: 19, End: 20, New: "3"})}, []int{0}, []int{1}, "package p\n\nvar a = 2\n"},
		"beyond the end": {[]finding.Finding{with(finding.Edit{Start: 15, End: 99, New: ""})}, nil, []int{0}, ""},
		"formats":        {[]finding.Finding{with(finding.Edit{Start: 15, End: 16, New: "  b"})}, []int{0}, nil, "package p\n\nvar b = 1\n"},
		"nothing":        {[]finding.Finding{{}}, nil, nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			files := new(source.Cache)
			files.Put("x", text)
			p := New(test.findings, files, func(int) bool { return true })
			if !reflect.DeepEqual(p.Fixed, test.fixed) || !reflect.DeepEqual(p.Later, test.later) {
				t.Errorf("fixed %v, later %v; want %v, %v", p.Fixed, p.Later, test.fixed, test.later)
			}
			result, err := p.Result()
			if err != nil {
				t.Fatal(err)
			}
			if got := string(result["x"]); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A fix that leaves no Go source is an error, not a file.
func TestResultMustParse(t *testing.T) {
	files := new(source.Cache)
	files.Put("x", "package p\n")
	p := New([]finding.Finding{with(finding.Edit{Start: 0, End: 7, New: "("})}, files, func(int) bool { return true })
	if _, err := p.Result(); err == nil {
		t.Error("no error")
	}
}

// Line ends stay what they were.
func TestLineEnds(t *testing.T) {
	files := new(source.Cache)
	files.Put("x", "package p\r\n\r\nvar a = 1\r\n")
	p := New([]finding.Finding{with(finding.Edit{Start: 17, End: 18, New: "b"})}, files, func(int) bool { return true })
	result, err := p.Result()
	if want := "package p\r\n\r\nvar b = 1\r\n"; err != nil || string(result["x"]) != want {
		t.Errorf("%q, %v", result["x"], err)
	}
}
