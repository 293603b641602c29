package diag_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// constants returns the codes that code.go declares.
func constants(t *testing.T) map[diag.Code]bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := make(map[diag.Code]bool)
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			name, value := v.Names[0].Name, strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)
			if name != value {
				t.Errorf("constant %s has the value %q", name, value)
			}
			codes[diag.Code(value)] = true
		}
		return true
	})
	return codes
}

func TestEveryCodeHasAnEntry(t *testing.T) {
	want := constants(t)
	got := make(map[diag.Code]bool)
	for e := range diag.All() {
		if strings.HasPrefix(string(e.Code), "FA") {
			got[e.Code] = true
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("entries %v,\nconstants %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	if len(want) != 43 {
		t.Errorf("%d codes, want the 41 of the design, FA103 and FA609", len(want))
	}
}

// categories says which digit each of the library's categories has.
var categories = map[diag.Category]byte{
	diag.CategoryFrame: '0', diag.CategoryEngine: '1', diag.CategoryThreading: '2', diag.CategoryBudget: '3',
	diag.CategoryHandle: '4', diag.CategoryBehavior: '5', diag.CategoryLifetime: '6', diag.CategoryAsync: '7',
	diag.CategoryArchitecture: '8', diag.CategoryInternal: '9',
}

func TestEntriesAreInOrderAndWhole(t *testing.T) {
	var last diag.Code
	names := make(map[string]diag.Code)
	for e := range diag.All() {
		if !strings.HasPrefix(string(e.Code), "FA") {
			continue // registered by another test
		}
		if e.Code <= last {
			t.Errorf("%s comes after %s", e.Code, last)
		}
		last = e.Code
		if other, taken := names[e.Name]; taken {
			t.Errorf("%s and %s have the same name", e.Code, other)
		}
		names[e.Name] = e.Code
		if digit, ok := categories[e.Category]; !ok || digit != e.Code[2] {
			t.Errorf("%s: category %q", e.Code, e.Category)
		}
		if e.Severity < diag.SeverityHint || e.Severity > diag.SeverityError {
			t.Errorf("%s: severity %v", e.Code, e.Severity)
		}
		if e.Found == 0 || e.Found > diag.Both {
			t.Errorf("%s: found %v", e.Code, e.Found)
		}
		for what, text := range map[string]string{
			"summary": e.Summary, "explanation": e.Explanation, "detection": e.Detection, "help": e.Help,
			"bad example": e.Bad, "good example": e.Good, "name": e.Name,
		} {
			if text == "" || strings.TrimSpace(text) != strings.TrimSuffix(text, "\n") {
				t.Errorf("%s: %s is empty, or has space around it: %q", e.Code, what, text)
			}
		}
		if !strings.HasSuffix(e.Summary, ".") || strings.Contains(e.Summary, "\n") {
			t.Errorf("%s: summary is not one sentence on one line: %q", e.Code, e.Summary)
		}
		if strings.Contains(e.Help, "\n") || strings.HasSuffix(e.Help, ".") {
			t.Errorf("%s: help is read after \"help: \", on one line without a full stop: %q", e.Code, e.Help)
		}
		if !strings.HasSuffix(e.Explanation, ".") || !strings.HasSuffix(e.Detection, ".") {
			t.Errorf("%s: explanation or detection ends without a full stop", e.Code)
		}
		if !strings.Contains(e.Explanation, "\n\n") {
			t.Errorf("%s: explanation has one paragraph, so it lacks what happens or why it matters", e.Code)
		}
		for line := range strings.Lines(e.Explanation + "\n" + e.Detection) {
			if len(line) > 90 {
				t.Errorf("%s: line too long for a terminal: %q", e.Code, line)
			}
		}
		if e.Bad == e.Good {
			t.Errorf("%s: the good example is the bad one", e.Code)
		}
	}
}

// TestProseNamesCodesThatExist catches a reference to a code that was renamed.
func TestProseNamesCodesThatExist(t *testing.T) {
	code := regexp.MustCompile(`FA\d+`)
	for e := range diag.All() {
		for _, c := range code.FindAllString(e.Summary+e.Explanation+e.Detection+e.Help+e.Bad+e.Good, -1) {
			if _, ok := diag.Lookup(diag.Code(c)); !ok {
				t.Errorf("%s mentions %s, which does not exist", e.Code, c)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []diag.Code{"", "FA", "FA000", "FA999", "FAxyz", "fa001", "FA0011", "ENG999"} {
		if e, ok := diag.Lookup(c); ok {
			t.Errorf("Lookup(%q) = %v", c, e.Code)
		}
	}
	for c := range constants(t) {
		if e, ok := diag.Lookup(c); !ok || e.Code != c {
			t.Errorf("Lookup(%q) = %q, %v", c, e.Code, ok)
		}
	}
}

func TestAllStopsEarly(t *testing.T) {
	for stop := 1; stop <= 43; stop++ {
		n := 0
		for range diag.All() {
			if n++; n == stop {
				break
			}
		}
		if n > stop {
			t.Fatalf("went on to %d after %d", n, stop)
		}
	}
}

var registered int // times that TestRegister ran

func TestRegister(t *testing.T) {
	registered++
	prefix := "TSTREG" + string(rune('A'+registered)) // a code is for the whole process: -count runs this again
	good := diag.Entry{Code: diag.Code(prefix + "001"), Name: "too many sprites", Severity: diag.SeverityWarning, Help: "use an atlas"}
	wrong := map[string]func(*diag.Entry){
		"library's letters": func(e *diag.Entry) { e.Code = "FA950" },
		"no digits":         func(e *diag.Entry) { e.Code = "ENG" },
		"two digits":        func(e *diag.Entry) { e.Code = "ENG01" },
		"four digits":       func(e *diag.Entry) { e.Code = "ENG0001" },
		"one letter":        func(e *diag.Entry) { e.Code = "E001" },
		"nine letters":      func(e *diag.Entry) { e.Code = "ENGINEENG001" },
		"small letters":     func(e *diag.Entry) { e.Code = "eng001" },
		"not letters":       func(e *diag.Entry) { e.Code = "EN-001" },
		"no code":           func(e *diag.Entry) { e.Code = "" },
		"no name":           func(e *diag.Entry) { e.Name = "" },
		"no severity":       func(e *diag.Entry) { e.Severity = 0 },
		"wrong severity":    func(e *diag.Entry) { e.Severity = 9 },
	}
	for what, spoil := range wrong {
		e := good
		e.Code = diag.Code(prefix + "999")
		spoil(&e)
		if err := diag.Register(e); err == nil {
			t.Errorf("%s: no error", what)
		}
		if _, ok := diag.Lookup(e.Code); ok {
			t.Errorf("%s: registered all the same", what)
		}
	}

	if c := diag.MustRegister(good); c != good.Code {
		t.Errorf("MustRegister returned %q", c)
	}
	e, ok := diag.Lookup(good.Code)
	if !ok || e.Name != good.Name || e.Found != diag.RunTime || string(e.Category) != prefix {
		t.Errorf("Lookup = %+v, %v", e, ok)
	}
	if err := diag.Register(good); err == nil {
		t.Error("registered twice")
	}
	before := good
	before.Code = diag.Code(prefix + "000")
	if err := diag.Register(before); err != nil {
		t.Error(err)
	}
	var own []diag.Code
	for e := range diag.All() {
		if strings.HasPrefix(string(e.Code), prefix) {
			own = append(own, e.Code)
		}
	}
	if !slices.Equal(own, []diag.Code{diag.Code(prefix + "000"), good.Code}) {
		t.Errorf("All yields %v", own)
	}

	c := diag.NewCollector(t)
	c.Reporter().Report(diag.Diagnostic{Code: good.Code, Message: "900 sprites"})
	if d := c.Of(good.Code); len(d) != 1 || d[0].Severity != diag.SeverityWarning || d[0].Help != "use an atlas" {
		t.Errorf("collected %+v", d)
	}
	if !errors.Is(diag.NewError(diag.Diagnostic{Code: good.Code}, nil), good.Code) {
		t.Error("an own code is no sentinel")
	}
}

func TestMustRegisterPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	diag.MustRegister(diag.Entry{Code: "FA001"})
}

// TestCodeCommentsExplain keeps a readable comment at each constant, for editors
// show it.
func TestCodeCommentsExplain(t *testing.T) {
	src, err := os.ReadFile("code.go")
	if err != nil {
		t.Fatal(err)
	}
	for c := range constants(t) {
		if !strings.Contains(string(src), "// "+string(c)+": ") {
			t.Errorf("constant %s has no comment that begins with its name", c)
		}
	}
}
