package load

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// files writes a module that uses a stand-in for the library.
func files(t *testing.T, extra map[string]string) {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"lib/go.mod":        "module github.com/framealloc/framealloc\n\ngo 1.25\n",
		"lib/framealloc.go": "package framealloc\n\nimport _ \"fmt\"\n\ntype Frame struct{ N int }\n",
		"lib/group/g.go":    "package group\n\nimport \"github.com/framealloc/framealloc\"\n\nvar F framealloc.Frame\n",
		"go.mod":            "module example.com/game\n\ngo 1.25\n\nrequire github.com/framealloc/framealloc v0.0.0\n\nreplace github.com/framealloc/framealloc => ./lib\n",
	}
	for name, text := range extra {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOPROXY", "off")
}

func mustLoad(t *testing.T, o Options) *Program {
	t.Helper()
	p, err := Load(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func paths(pkgs []*packages.Package) []string {
	var ids []string
	for _, p := range pkgs {
		ids = append(ids, strings.TrimPrefix(p.ID, "example.com/game/"))
	}
	slices.Sort(ids)
	return ids
}

// Only what reaches the library, and what that imports from its own module, is
// checked from source, and the Imports maps lead nowhere else.
func TestOnlyWhatReachesTheLibrary(t *testing.T) {
	files(t, map[string]string{
		"world/world.go": "package world\n\nimport \"github.com/framealloc/framealloc\"\nimport \"example.com/game/vec\"\nimport \"os\"\n\nvar V vec.V\nvar F framealloc.Frame\nvar _ = os.Args\n",
		"vec/vec.go":     "package vec\n\ntype V struct{ X int }\n",
		"app/app.go":     "package app\n\nimport \"example.com/game/world\"\nimport \"example.com/game/vec\"\n\nvar F, V = world.F.N, vec.V{}\n",
		"other/o.go":     "package other\n\nvar x string = 1\n",
	})
	p := mustLoad(t, Options{Patterns: []string{"./..."}})
	if got, want := paths(p.Roots), []string{"app", "vec", "world"}; !slices.Equal(got, want) {
		t.Errorf("roots %q, want %q", got, want)
	}
	if p.Matched != 4 || p.Checked != 3 || len(p.Errors) != 0 {
		t.Errorf("matched %d, checked %d, errors %v", p.Matched, p.Checked, p.Errors)
	}
	for _, r := range p.Roots {
		for path, imp := range r.Imports {
			if imp.Syntax == nil {
				t.Errorf("%s leads to %s, which was not checked", r.ID, path)
			}
		}
		if r.Types == nil || !r.Types.Complete() || len(r.Syntax) == 0 || r.TypesSizes == nil || len(r.TypesInfo.Defs) == 0 {
			t.Errorf("%s is not whole", r.ID)
		}
	}
	p = mustLoad(t, Options{Patterns: []string{"./app"}})
	if got, want := paths(p.Roots), []string{"app"}; !slices.Equal(got, want) || p.Checked != 3 {
		t.Errorf("roots %q, want %q; checked %d, want the dependencies as well", got, want, p.Checked)
	}
	p = mustLoad(t, Options{Patterns: []string{"./other"}, Everything: true})
	if p.Checked != 1 || len(p.Errors) != 1 {
		t.Errorf("everything: checked %d, errors %v", p.Checked, p.Errors)
	}
}

// The library is checked from source only where it is what is looked at.
func TestLibraryItself(t *testing.T) {
	files(t, nil)
	t.Chdir("lib")
	p := mustLoad(t, Options{Patterns: []string{"./..."}})
	if got := len(p.Roots); got != 2 {
		t.Errorf("%d roots: %v", got, p.Errors)
	}
}

// Of the library's packages, those between two that are looked at are checked as well.
func TestBetweenPackagesOfTheLibrary(t *testing.T) {
	files(t, map[string]string{
		"lib/lab/lab.go": "package lab\n\nimport (\n\t\"github.com/framealloc/framealloc\"\n\t\"github.com/framealloc/framealloc/group\"\n)\n\nvar F framealloc.Frame = group.F\n",
	})
	t.Chdir("lib")
	p := mustLoad(t, Options{Patterns: []string{".", "./lab"}})
	if len(p.Roots) != 2 || p.Checked != 3 || len(p.Errors) > 0 {
		t.Errorf("%d roots, %d checked, errors %v", len(p.Roots), p.Checked, p.Errors)
	}
}

// A package that is not checked here, as one with cgo, and one that is may share
// the types of a third.
func TestSharedTypes(t *testing.T) {
	files(t, map[string]string{
		"geom/g.go":    "package geom\n\ntype Point struct{ X int }\n",
		"audio/a.go":   "package audio\n\nimport \"C\"\nimport \"example.com/game/geom\"\n\nfunc Play(p geom.Point) {}\n",
		"world/w.go":   "package world\n\nimport \"example.com/game/geom\"\nimport \"github.com/framealloc/framealloc\"\n\nfunc At(*framealloc.Frame) geom.Point { return geom.Point{} }\n",
		"game/main.go": "package game\n\nimport (\n\t\"example.com/game/audio\"\n\t\"example.com/game/geom\"\n\t\"example.com/game/world\"\n\n\t\"github.com/framealloc/framealloc\"\n)\n\nfunc F(f *framealloc.Frame) {\n\taudio.Play(world.At(f))\n\taudio.Play(geom.Point{X: f.N})\n}\n",
	})
	t.Setenv("CGO_ENABLED", "1")
	for _, patterns := range [][]string{{"./..."}, {"./game"}} {
		p := mustLoad(t, Options{Patterns: patterns})
		if len(p.Roots) == 0 || len(p.Errors) > 0 {
			t.Errorf("%v: roots %q, errors %v", patterns, paths(p.Roots), p.Errors)
		}
	}
}

// A package that has tests inside of it is a root with them alone, and one that
// only its tests make a user of the library is a root only with them.
func TestTests(t *testing.T) {
	files(t, map[string]string{
		"a/a.go":      "package a\n\nimport \"github.com/framealloc/framealloc\"\n\nvar F framealloc.Frame\n",
		"a/a_test.go": "package a_test\n\nimport \"example.com/game/a\"\n\nvar _ = a.F\n",
		"c/c_test.go": "package c\n",
		"d/d.go":      "package d\n\nimport \"github.com/framealloc/framealloc\"\n\nvar F framealloc.Frame\n",
		"d/d_test.go": "package d\n\nvar G = F\n",
		"b/b.go":      "package b\n\nvar X = 1\n",
		"b/b_test.go": "package b\n\nimport \"github.com/framealloc/framealloc\"\n\nvar F = framealloc.Frame{N: X}\n",
	})
	p := mustLoad(t, Options{Patterns: []string{"./..."}, Tests: true})
	want := []string{"a", "a_test [example.com/game/a.test]", "b [example.com/game/b.test]", "d [example.com/game/d.test]"}
	if got := paths(p.Roots); !slices.Equal(got, want) || len(p.Errors) > 0 {
		t.Errorf("roots %q, want %q; errors %v", got, want, p.Errors)
	}
	if p = mustLoad(t, Options{Patterns: []string{"./..."}}); len(p.Roots) != 2 || len(p.Errors) > 0 {
		t.Errorf("without tests: %q", paths(p.Roots))
	}
}

// A package with cgo is checked with what the cgo tool makes of it.
func TestCgo(t *testing.T) {
	files(t, map[string]string{
		"c/c.go": "package c\n\n// int one(void) { return 1; }\nimport \"C\"\n\nimport \"github.com/framealloc/framealloc\"\n\nfunc F() framealloc.Frame { return framealloc.Frame{N: int(C.one())} }\n",
	})
	t.Setenv("CGO_ENABLED", "1")
	p := mustLoad(t, Options{Patterns: []string{"./..."}})
	if len(p.Roots) != 1 || len(p.Errors) > 0 {
		t.Errorf("roots %q, errors %v", paths(p.Roots), p.Errors)
	}
}

// What a program imports need not compile here: a C library may be missing.
func TestImportThatDoesNotCompile(t *testing.T) {
	files(t, map[string]string{
		"window/w.go": "package window\n\n// #include <no/such/header.h>\nimport \"C\"\n\nimport \"image\"\n\ntype Window struct{ handle C.handle; image.Point }\n\nfunc (w *Window) Open() image.Point { C.open(w.handle); return w.Point }\n",
		"game/g.go":   "package game\n\nimport (\n\t\"image\"\n\n\t\"github.com/framealloc/framealloc\"\n\t\"example.com/game/window\"\n)\n\nfunc F(f *framealloc.Frame, w *window.Window) image.Point { return w.Open().Add(image.Pt(f.N, 1)) }\n",
	})
	t.Setenv("CGO_ENABLED", "1")
	p := mustLoad(t, Options{Patterns: []string{"./game"}})
	if len(p.Roots) != 1 || len(p.Errors) > 0 {
		t.Errorf("roots %q, errors %v", paths(p.Roots), p.Errors)
	}
}

// Sizes are those of the system that the program is for.
func TestSizes(t *testing.T) {
	text := "package a\n\nimport (\n\t\"unsafe\"\n\n\t\"github.com/framealloc/framealloc\"\n)\n\nvar F framealloc.Frame\n\nvar _ [4]int = [unsafe.Sizeof(F.N)]int{}\n"
	files(t, map[string]string{"a/a.go": text})
	for arch, errs := range map[string]int{"386": 0, "amd64": 1} {
		t.Setenv("GOARCH", arch)
		if p := mustLoad(t, Options{Patterns: []string{"./a"}}); len(p.Errors) != errs {
			t.Errorf("%s: %v", arch, p.Errors)
		}
	}
}

// A package that is broken takes those that import it along only as far as
// they do not check without it, and each mistake is said once.
func TestBrokenPackages(t *testing.T) {
	files(t, map[string]string{
		"bad/bad.go":   "package bad\n\nimport \"github.com/framealloc/framealloc\"\n\nvar F framealloc.Frame\n\nvar X string = 1\n",
		"user/user.go": "package user\n\nimport \"example.com/game/bad\"\n\nvar F = bad.F\n",
		"good/good.go": "package good\n\nimport \"github.com/framealloc/framealloc\"\n\nvar F framealloc.Frame\n",
	})
	p := mustLoad(t, Options{Patterns: []string{"./..."}, Tests: true})
	if got, want := paths(p.Roots), []string{"good", "user"}; !slices.Equal(got, want) {
		t.Errorf("roots %q, want %q", got, want)
	}
	if len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Error(), "bad/bad.go:7:16: cannot use 1") {
		t.Errorf("errors %v", p.Errors)
	}
}

// Unsaved files replace those on disk, and may bring imports with them.
func TestOverlay(t *testing.T) {
	files(t, map[string]string{"a/a.go": "package a\n"})
	path, err := filepath.Abs("a/a.go")
	if err != nil {
		t.Fatal(err)
	}
	text := "package a\n\nimport \"github.com/framealloc/framealloc/group\"\n\nvar F = group.F\n"
	p := mustLoad(t, Options{Patterns: []string{"./a"}, Overlay: map[string][]byte{path: []byte(text)}})
	if len(p.Roots) != 1 || len(p.Errors) > 0 {
		t.Errorf("roots %q, errors %v", paths(p.Roots), p.Errors)
	}
}
