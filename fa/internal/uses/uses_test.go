package uses

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRequires(t *testing.T) {
	for text, want := range map[string]bool{
		"module m\n\nrequire github.com/framealloc/framealloc v0.1.0\n":                   true,
		"module m\n\nrequire (\n\tgithub.com/framealloc/framealloc v0.1.0 // indirect\n)": true,
		"require \"github.com/framealloc/framealloc\" v0.1.0":                             true,
		"module github.com/framealloc/framealloc\n":                                       false,
		"require github.com/framealloc/framealloc/fa v0.1.0\n":                            false,
		"// require github.com/framealloc/framealloc v0.1.0\n":                            false,
		"replace github.com/framealloc/framealloc => ../x\n":                              false,
		"require example.com/x v1.0.0\n":                                                  false,
		"":                                                                                false,
	} {
		if got := requires([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestLibraryAround(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("game/go.mod", "module game\n\nrequire github.com/framealloc/framealloc v0.1.0\n")
	write("game/tools/go.mod", "module tools\n")
	for file, want := range map[string]bool{
		"game/deep/down/x.go": true,
		"game/x.go":           true,
		"game/tools/x.go":     false,
		"other/x.go":          false,
	} {
		for range 2 { // the second time from memory
			if got := LibraryAround(filepath.Join(dir, filepath.FromSlash(file))); got != want {
				t.Errorf("%s: %v", file, got)
			}
		}
	}
	if LibraryAround("x.go") {
		t.Error("a file without a place belongs to no module")
	}
}
