package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// logVet notes the package that the go command has the tool look at.
func logVet(path string) {
	cfg := os.Args[len(os.Args)-1]
	if path == "" || !strings.HasSuffix(cfg, ".cfg") {
		return
	}
	var unit struct{ ImportPath string }
	data, err := os.ReadFile(cfg)
	if err == nil {
		err = json.Unmarshal(data, &unit)
	}
	f, err2 := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil || err2 != nil {
		panic("the vet configuration or the log cannot be opened")
	}
	defer f.Close()
	if _, err := f.WriteString(unit.ImportPath + "\n"); err != nil {
		panic(err)
	}
}

// layers is a program whose mistake takes three packages: frame memory goes
// from high through mid into a method of a generic type in low, which keeps it.
var layers = map[string]string{
	"low/low.go": `package low

type Ring[T any] struct{ items []T }

func (r *Ring[T]) Keep(x T) { r.push(x) }

func (r *Ring[T]) push(x T) { r.items = append(r.items, x) }
`,
	"mid/mid.go": `package mid

import (
	"github.com/framealloc/framealloc"

	"example.com/game/low"
)

type Path struct{ Cells []int }

var paths low.Ring[*Path]

func Remember(p *Path) { paths.Keep(p) }

func Forget(p *Path) { _ = p.Cells }

func Find(f *framealloc.Frame) *Path { return framealloc.New[Path](f) }
`,
	"high/high.go": `package high

import (
	"github.com/framealloc/framealloc"

	"example.com/game/mid"
)

func Run(a *framealloc.Allocator) {
	a.Frame(func(f *framealloc.Frame) {
		p := mid.Find(f)
		mid.Forget(p)
		mid.Remember(p)
	})
}
`,
}

// Under go vet, what is known of functions travels from package to package in
// facts, which the go command keeps: a second run looks at nothing again, and
// says the same. When a function changes, its callers are looked at again.
func TestFactsThroughVet(t *testing.T) {
	gameOf(t, layers)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "vetted")
	t.Setenv("FA_TEST_VET_LOG", log)
	vet := func() (found, vetted []string) {
		t.Helper()
		out, code := run(t, "go", "vet", "-vettool="+exe, "-json", "./...")
		if code != 0 {
			t.Fatalf("exit code %d\n%s", code, out)
		}
		// Lines with a # name the packages; the rest is a document for each.
		var text strings.Builder
		for line := range strings.Lines(out) {
			if !strings.HasPrefix(line, "#") {
				text.WriteString(line)
			}
		}
		dec := json.NewDecoder(strings.NewReader(text.String()))
		for dec.More() {
			var doc map[string]map[string][]struct{ Category, Posn string }
			if err := dec.Decode(&doc); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, byCheck := range doc {
				for _, ds := range byCheck {
					for _, d := range ds {
						found = append(found, filepath.Base(d.Posn)+" "+d.Category)
					}
				}
			}
		}
		slices.Sort(found)
		data, err := os.ReadFile(log)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "example.com/game/"); ok {
				vetted = append(vetted, name)
			}
		}
		slices.Sort(vetted)
		if err := os.RemoveAll(log); err != nil {
			t.Fatal(err)
		}
		return found, vetted
	}
	const mistake = "high.go:13:3 FA601"
	want := []string{"high", "low", "mid"}

	if found, vetted := vet(); !slices.Equal(found, []string{mistake}) || !slices.Equal(vetted, want) {
		t.Errorf("first: found %q in %q, want %q in %q", found, vetted, mistake, want)
	}
	if found, vetted := vet(); !slices.Equal(found, []string{mistake}) || len(vetted) != 0 {
		t.Errorf("second: found %q, want %q; looked again at %q", found, mistake, vetted)
	}
	changed := strings.Replace(layers["low/low.go"], "r.items = append(r.items, x)", "", 1)
	if err := os.WriteFile("low/low.go", []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	if found, vetted := vet(); len(found) != 0 || !slices.Equal(vetted, want) {
		t.Errorf("after a change in low: found %q, want nothing; looked at %q, want %q", found, vetted, want)
	}
}
