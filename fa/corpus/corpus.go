// Package corpus measures the checks: on code of a game's kind, written for
// the purpose, in which each mistake is marked, and each piece of code that
// looks like a mistake and is none.
//
// A comment "// bad FA601" at the end of a line says that this line is to be
// found; "// good FA601: why" above a function that it holds nothing of the
// kind. Whatever else is found is wrong.
package corpus

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/internal/cases"
	"github.com/framealloc/framealloc/fa/settings"
)

//go:embed all:testdata
var files embed.FS

// Row is what was measured for one code.
type Row struct {
	Code  diag.Code
	Bad   int // mistakes in the corpus
	Good  int // pieces of code that are none
	Found int // mistakes that were found
	Wrong int // findings that are no mistakes
}

// Precision is the share of the findings that are mistakes.
func (r Row) Precision() float64 { return share(r.Found, r.Found+r.Wrong) }

// Recall is the share of the mistakes that are found.
func (r Row) Recall() float64 { return share(r.Found, r.Bad) }

func share(part, all int) float64 {
	if all == 0 {
		return 1
	}
	return float64(part) / float64(all)
}

// Report is what was measured.
type Report struct {
	Rows   []Row    // by code; codes without a case are left out
	Missed []string // "file:line: FA601 was not found"
	Wrong  []string // "file:line: FA601: message"
}

// Total adds up all codes.
func (r *Report) Total() Row {
	var t Row
	for _, row := range r.Rows {
		t.Bad += row.Bad
		t.Good += row.Good
		t.Found += row.Found
		t.Wrong += row.Wrong
	}
	return t
}

// Settings returns the rules of the project that the corpus plays.
func Settings() *settings.Settings {
	s := settings.Default()
	s.Tags = []string{"physics", "render", "ai", "audio", "ui", "net"}
	s.TagRules = []settings.TagRule{
		{Tag: "physics", Packages: []string{"fa801/physics", "fa302"}},
		{Tag: "render", Packages: []string{"fa801/render", "fa801/post", "fa302"}},
	}
	s.IntentRules = []settings.IntentRule{
		{Packages: []string{"fa803/audio"}, Allow: []string{"pool"}},
		{Packages: []string{"fa803/render"}, Allow: []string{"frame", "scratch"}},
	}
	return s
}

var marker = regexp.MustCompile(`// bad ((?:FA\d+[ ,]*)+)`)
var goodMarker = regexp.MustCompile(`// good ((?:FA\d+[ ,]*)+)`)

type place struct {
	file string
	line int
	code diag.Code
}

// Measure runs all checks on the corpus. It needs the go command, for the
// types of the standard library, and sets the settings of the process.
func Measure() (*Report, error) {
	root, err := fs.Sub(files, "testdata")
	if err != nil {
		return nil, err
	}
	paths, err := cases.Packages(root)
	if err != nil {
		return nil, err
	}
	pkgs, err := cases.Load([]fs.FS{cases.Stub(), root}, paths...)
	if err != nil {
		return nil, err
	}
	before := settings.Current()
	settings.Set(Settings())
	defer settings.Set(before)
	graph, err := checker.Analyze(checks.Analyzers(), pkgs, nil)
	if err != nil {
		return nil, err
	}

	want, rows := marks(pkgs)
	row := func(c diag.Code) *Row {
		if rows[c] == nil {
			rows[c] = &Row{Code: c}
		}
		return rows[c]
	}
	rep := new(Report)
	hit := make(map[place]bool)
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("%s on %s: %w", act.Analyzer.Name, act.Package.PkgPath, act.Err)
		}
		for _, d := range act.Diagnostics {
			p := act.Package.Fset.Position(d.Pos)
			at := place{p.Filename, p.Line, diag.Code(d.Category)}
			if want[at] {
				hit[at] = true
				continue
			}
			row(at.code).Wrong++
			rep.Wrong = append(rep.Wrong, fmt.Sprintf("%s:%d: %s: %s", p.Filename, p.Line, d.Category, d.Message))
		}
	}
	for at := range want {
		if hit[at] {
			row(at.code).Found++
		} else {
			rep.Missed = append(rep.Missed, fmt.Sprintf("%s:%d: %s was not found", at.file, at.line, at.code))
		}
	}
	for _, r := range rows {
		rep.Rows = append(rep.Rows, *r)
	}
	slices.SortFunc(rep.Rows, func(a, b Row) int { return strings.Compare(string(a.Code), string(b.Code)) })
	slices.Sort(rep.Missed)
	slices.Sort(rep.Wrong)
	return rep, nil
}

// marks reads the comments that say what is to be found.
func marks(pkgs []*packages.Package) (want map[place]bool, rows map[diag.Code]*Row) {
	want, rows = make(map[place]bool), make(map[diag.Code]*Row)
	for _, p := range pkgs {
		for _, f := range p.Syntax {
			for _, g := range f.Comments {
				for _, c := range g.List {
					pos := p.Fset.Position(c.Pos())
					for _, code := range codesIn(marker, c.Text) {
						want[place{pos.Filename, pos.Line, code}] = true
						count(rows, code).Bad++
					}
					for _, code := range codesIn(goodMarker, c.Text) {
						count(rows, code).Good++
					}
				}
			}
		}
	}
	return want, rows
}

func count(rows map[diag.Code]*Row, c diag.Code) *Row {
	if rows[c] == nil {
		rows[c] = &Row{Code: c}
	}
	return rows[c]
}

func codesIn(re *regexp.Regexp, text string) []diag.Code {
	m := re.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	var codes []diag.Code
	for _, c := range strings.FieldsFunc(m[1], func(r rune) bool { return r == ' ' || r == ',' }) {
		codes = append(codes, diag.Code(c))
	}
	return codes
}

// Print writes the measurements as a table.
func (r *Report) Print(w io.Writer) error {
	line := func(name string, row Row) error {
		_, err := fmt.Fprintf(w, "%-6s %5d %5d %6d %6d %9.1f%% %7.1f%%\n",
			name, row.Bad, row.Good, row.Found, row.Wrong, 100*row.Precision(), 100*row.Recall())
		return err
	}
	if _, err := fmt.Fprintln(w, "code     bad  good  found  wrong  precision  recall"); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if err := line(string(row.Code), row); err != nil {
			return err
		}
	}
	return line("all", r.Total())
}
