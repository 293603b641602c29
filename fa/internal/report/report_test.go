package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/load"
	"github.com/framealloc/framealloc/fa/internal/source"
)

const enemyGo = `package game

// Wörld holds what 敵 lives 🙂 in.
type Wörld struct{ best *Enemy }

func (w *Wörld) Update(f *framealloc.Frame) {
	/* 🙂敵 */ e := framealloc.New[Enemy](f)
	if e != nil {
		w.best = e
	}
}
`

// find returns the range of a text's n-th occurrence, from 0, in a file.
func find(file, text, part string, n int) finding.Range {
	at := 0
	for ; ; n-- {
		i := strings.Index(text[at:], part)
		if i < 0 {
			panic("no " + part)
		}
		at += i
		if n == 0 {
			break
		}
		at += len(part)
	}
	point := func(offset int) finding.Point {
		before := text[:offset]
		return finding.Point{Offset: offset, Line: 1 + strings.Count(before, "\n"), Column: offset - strings.LastIndexByte(before, '\n')}
	}
	return finding.Range{File: file, Start: point(at), End: point(at + len(part))}
}

// sample is a report with everything in it that is awkward to write: names
// that need escaping, columns that differ between encodings, control
// characters, ranges over several lines, a place in another directory.
func sample() *Report {
	root := filepath.FromSlash("/src/a b")
	file := filepath.Join(root, "game", "wörld #1.go")
	other := filepath.FromSlash("/cache/mod/lib.go")
	files := new(source.Cache)
	files.Put(file, enemyGo)
	files.Put(other, "package lib\n\nfunc Keep(p any) {\n\tkept = p\n}\n")
	alloc := find(file, enemyGo, "framealloc.New[Enemy](f)", 0)
	store := find(file, enemyGo, "w.best = e", 0)
	loop := find(file, enemyGo, "if e != nil {\n\t\tw.best = e\n\t}", 0)
	r := &Report{
		Findings: []finding.Finding{
			{
				Code: diag.FA601, Severity: diag.SeverityError, Package: "example.com/game",
				Message: "frame memory escapes: \"best\" <outlives> the frame & more, 100%: \x01",
				Range:   store,
				Flow: []finding.Step{
					{Message: "allocated here", Range: alloc},
					{Message: "kept here", Range: finding.Range{File: other, Start: finding.Point{Offset: 33, Line: 4, Column: 2}, End: finding.Point{Offset: 41, Line: 4, Column: 10}}},
					{Message: "stored here", Range: store},
				},
				Fixes: []finding.Fix{{Message: "copy it", Edits: []finding.Edit{
					{File: file, Start: store.End.Offset - 1, End: store.End.Offset, New: "clone(e)"},
					{File: other, Start: 0, End: 0, New: "// seen\n"},
				}}},
				Fingerprint: "0123456789abcdef",
			},
			{Code: diag.FA602, Severity: diag.SeverityWarning, Package: "example.com/game", Message: "allocation in a loop", Range: loop},
			{Code: diag.FA607, Severity: diag.SeverityHint, Package: "example.com/other", Message: "heap", Range: alloc},
			{Code: "MINE1", Severity: diag.SeverityWarning, Package: "example.com/other", Message: "not in the catalogue", Range: alloc},
		},
		Errors: []load.Error{
			{Package: "example.com/bad", Pos: "bad/bad.go:3:4", Message: "undefined: x"},
			{Package: "example.com/worse", Message: "no Go files"},
		},
		Files: files, Root: root, Dir: root, Version: "v0.1.0",
		Packages: 7, Checked: 3, Suppressed: 2, Unchanged: 1, Elapsed: 1234 * time.Millisecond,
	}
	return r
}

func render(t *testing.T, format string, r *Report, s Style) string {
	t.Helper()
	f, err := Lookup(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reports are the documents that each format is validated on.
func reports() map[string]*Report {
	clean := sample()
	clean.Findings, clean.Errors = nil, nil
	broken := sample()
	broken.Findings = nil
	return map[string]*Report{"full": sample(), "clean": clean, "broken": broken}
}

func TestSARIFSchema(t *testing.T) {
	const path = "testdata/sarif-2.1.0-rtm.5.json"
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range reports() {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, "sarif", r, Style{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "fa"}}, "results": [{"message": {"text": ""}, "level": "hint"}]}]}`,
		`{"version": "2.1.0", "runs": [{"results": []}]}`,
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(doc) == nil {
			t.Errorf("the schema accepts %s", bad)
		}
	}
}

// What the schema cannot say: references, columns in UTF-16, escaped names.
func TestSARIFContent(t *testing.T) {
	var doc sarifLog
	if err := json.Unmarshal([]byte(render(t, "sarif", sample(), Style{})), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc.Runs[0]
	for _, res := range run.Results {
		if run.Tool.Driver.Rules[res.RuleIndex].ID != res.RuleID {
			t.Errorf("%s has the index of %s", res.RuleID, run.Tool.Driver.Rules[res.RuleIndex].ID)
		}
	}
	for _, rule := range run.Tool.Driver.Rules {
		if rule.ID == rule.Name || rule.Name == "" || strings.ContainsAny(rule.Name, " -'") {
			t.Errorf("rule %s is named %q", rule.ID, rule.Name)
		}
		if rule.Help.Markdown == "" {
			t.Errorf("rule %s has no help", rule.ID)
		}
	}
	res := run.Results[0]
	place := res.Locations[0].Physical
	if got, want := place.Artifact, (sarifArtifact{"game/w%C3%B6rld%20%231.go", "%SRCROOT%"}); got != want {
		t.Errorf("the file is %v, want %v", got, want)
	}
	if got, want := *place.Region, (sarifRegion{9, 3, 9, 13}); got != want {
		t.Errorf("the region is %v, want %v", got, want)
	}
	if got, want := run.Bases["%SRCROOT%"].URI, "file:///src/a%20b/"; got != want {
		t.Errorf("the root is %s, want %s", got, want)
	}
	// Three code points before it take two code units each, or one.
	alloc := res.CodeFlows[0].ThreadFlows[0].Locations[0].Location.Physical.Region
	if want := (sarifRegion{7, 17, 7, 41}); *alloc != want {
		t.Errorf("the allocation is at %v, want %v", *alloc, want)
	}
	var files []string
	for _, l := range res.CodeFlows[0].ThreadFlows[0].Locations {
		files = append(files, l.Location.Physical.Artifact.URI)
	}
	if want := []string{"game/w%C3%B6rld%20%231.go", "file:///cache/mod/lib.go", "game/w%C3%B6rld%20%231.go"}; !reflect.DeepEqual(files, want) {
		t.Errorf("the flow goes through %q, want %q", files, want)
	}
	if got := res.Fixes[0].Changes[0].Replacements[0]; got.Deleted != (sarifRegion{9, 12, 9, 13}) || got.Inserted.Text != "clone(e)" {
		t.Errorf("the fix is %+v", got)
	}
	if run.Results[2].Level != "note" {
		t.Errorf("a hint has level %s", run.Results[2].Level)
	}
	if run.Invocations[0].Successful || len(run.Invocations[0].Notifications) != 2 {
		t.Errorf("the load errors became %+v", run.Invocations[0])
	}
}

func TestJUnitSchema(t *testing.T) {
	schema := readXSD(t, "testdata/jenkins-junit.xsd")
	for name, r := range reports() {
		if err := schema.validate([]byte(render(t, "junit", r, Style{}))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Only what fails the run is a failure, and the sums agree with the cases.
func TestJUnitCounts(t *testing.T) {
	var doc junitSuites
	if err := xml.Unmarshal([]byte(render(t, "junit", sample(), Style{})), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Tests != 6 || doc.Failures != 1 || doc.Errors != 2 {
		t.Errorf("%d tests, %d failures, %d errors", doc.Tests, doc.Failures, doc.Errors)
	}
	var sum junitSuites
	for _, s := range doc.Suites {
		sum.Tests += len(s.Cases)
		for _, c := range s.Cases {
			if c.Failure != nil {
				sum.Failures++
			}
			if c.Error != nil {
				sum.Errors++
			}
		}
	}
	if sum.Tests != doc.Tests || sum.Failures != doc.Failures || sum.Errors != doc.Errors {
		t.Errorf("the cases are %d, %d, %d", sum.Tests, sum.Failures, sum.Errors)
	}
	var empty junitSuites
	if err := xml.Unmarshal([]byte(render(t, "junit", reports()["clean"], Style{})), &empty); err != nil {
		t.Fatal(err)
	}
	if empty.Tests != 1 || empty.Failures+empty.Errors != 0 {
		t.Errorf("a clean run is %+v", empty)
	}
}

func TestCheckstyleSchema(t *testing.T) {
	schema := readXSD(t, "testdata/checkstyle.xsd")
	for name, r := range reports() {
		if err := schema.validate([]byte(render(t, "checkstyle", r, Style{}))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A Checkstyle consumer gets back what was written.
func TestCheckstyleConsumer(t *testing.T) {
	var doc checkstyleDoc
	if err := xml.Unmarshal([]byte(render(t, "checkstyle", sample(), Style{})), &doc); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range doc.Files {
		for _, e := range f.Errors {
			got = append(got, fmt.Sprintf("%s:%d:%d %s %s", f.Name, e.Line, e.Column, e.Severity, e.Source))
		}
	}
	want := []string{
		"game/wörld #1.go:9:3 error fa.FA601",
		"game/wörld #1.go:8:2 warning fa.FA602",
		"game/wörld #1.go:7:21 info fa.FA607",
		"game/wörld #1.go:7:21 warning fa.MINE1",
		"bad/bad.go:3:4 error fa.load",
		"example.com/worse:0:0 error fa.load",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if m := doc.Files[0].Errors[0].Message; !strings.Contains(m, `"best" <outlives> the frame & more`) {
		t.Errorf("the message became %q", m)
	}
}

func TestJSONKeepsEverything(t *testing.T) {
	var doc jsonReport
	d := json.NewDecoder(strings.NewReader(render(t, "json", sample(), Style{})))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	f := doc.Findings[0]
	if f.Code != diag.FA601 || f.Severity != "error" || f.Fingerprint == "" || len(f.Flow) != 3 || len(f.Fixes[0].Edits) != 2 || f.Range.Start.Column != 3 {
		t.Errorf("%+v", f)
	}
	if len(doc.Findings) != 4 || len(doc.Errors) != 2 || doc.Summary.Suppressed != 2 || doc.Summary.Unchanged != 1 {
		t.Errorf("%+v", doc.Summary)
	}
	clean := render(t, "json", reports()["clean"], Style{})
	if !strings.Contains(clean, `"findings": []`) || !strings.Contains(clean, `"errors": []`) {
		t.Errorf("a clean run lacks its empty lists: %s", clean)
	}
}

// GitHub reads commands line by line, so each must be one.
func TestGitHubCommands(t *testing.T) {
	command := regexp.MustCompile(`^::(error|warning|notice) (file=[^,:]+,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,)?title=[^,:]+::.+$`)
	lines := strings.Split(strings.TrimSuffix(render(t, "github", sample(), Style{}), "\n"), "\n")
	if len(lines) != 6 {
		t.Errorf("%d lines", len(lines))
	}
	for _, l := range lines {
		if !command.MatchString(l) {
			t.Errorf("not a command: %s", l)
		}
	}
	if strings.Contains(lines[1], "col=") {
		t.Errorf("a finding over several lines has columns: %s", lines[1])
	}
	if !strings.Contains(lines[0], "100%25") {
		t.Errorf("not escaped: %s", lines[0])
	}
}

// The compact format is what editors parse: one finding, one line.
func TestCompactLines(t *testing.T) {
	got := strings.Split(render(t, "compact", sample(), Style{}), "\n")
	if len(got) != 7 || !strings.HasPrefix(got[1], "game/wörld #1.go:8:2: warning: FA602: ") || got[5] != "example.com/worse: error: load: no Go files" {
		t.Errorf("%q", got)
	}
}

// golden compares with a file; FA_UPDATE=1 writes it, to be looked at.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("FA_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", name, got)
	}
}

func TestTerminal(t *testing.T) {
	golden(t, "terminal.txt", render(t, "terminal", sample(), Style{}))
	golden(t, "terminal_narrow.txt", render(t, "terminal", sample(), Style{Width: 48}))
	golden(t, "terminal_clean.txt", render(t, "terminal", reports()["clean"], Style{}))
	// Color adds escapes and nothing else.
	colored := render(t, "terminal", sample(), Style{Color: true})
	if plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(colored, ""); plain != render(t, "terminal", sample(), Style{}) {
		t.Errorf("color changes the text:\n%s", plain)
	}
}

func TestListing(t *testing.T) {
	r := sample()
	var b bytes.Buffer
	if err := Listing(&b, r, r.Findings[0].Range.File, Style{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "listing.txt", b.String())
}

func TestExplain(t *testing.T) {
	for e := range diag.All() {
		var b bytes.Buffer
		if err := Explain(&b, e, Style{}); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{string(e.Code) + ": " + e.Name, e.Found.String()} {
			if !strings.Contains(b.String(), part) {
				t.Errorf("%s: no %q in\n%s", e.Code, part, b.String())
			}
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if len([]rune(line)) > 100 {
				t.Errorf("%s: a line of %d columns: %s", e.Code, len([]rune(line)), line)
			}
		}
	}
}
