package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/framealloc/framealloc/fa/internal/gamegen"
)

// speed measures fa on a generated program of 300 packages. Cold means that
// nothing of the program was ever compiled or analyzed; the standard library
// and framealloc are in the build cache, as they are after any build.
func speed(fa, tmp string) error {
	library := filepath.Join(tmp, "library") // a copy: edits must not disturb the caches
	if err := copyModule(".", library); err != nil {
		return err
	}
	dir := filepath.Join(tmp, "big")
	lines, err := gamegen.Program{Packages: 300, Systems: 3, Library: library}.Write(dir)
	if err != nil {
		return err
	}
	fmt.Printf("300 packages, %d lines\n", lines)
	cache := "GOCACHE=" + filepath.Join(tmp, "cache")
	env := []string{"GOWORK=off", "GOFLAGS=-mod=mod", cache}
	if _, err := timed(dir, env, "go", "build", "github.com/framealloc/framealloc", "cmp", "math", "slices", "sync"); err != nil {
		return err
	}
	vet := []string{"vet", "-vettool=" + fa, "./..."}
	for _, m := range []struct {
		what string
		name string
		args []string
	}{
		{"fa, cold", fa, []string{"./..."}},
		{"fa, again", fa, []string{"./..."}},
		{"fa, one package", fa, []string{"./pkg150"}},
		{"go vet -vettool, cold", "go", vet},
		{"go vet -vettool, warm", "go", vet},
	} {
		o, err := timed(dir, env, m.name, m.args...)
		if err != nil {
			return err
		}
		fmt.Printf("%-24s %v\n", m.what, o)
	}
	return nil
}

// copyModule copies what building a module needs, without the modules nested
// in its directory.
func copyModule(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if rel != "." && (nested == nil || d.Name()[0] == '.' || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".s" && ext != ".mod" && ext != ".sum" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
}
