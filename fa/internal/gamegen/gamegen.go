// Package gamegen writes large programs that use framealloc, for measuring how
// fast fa reads them. The same size always gives the same program.
package gamegen

import (
	"bytes"
	"fmt"
	"go/format"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Program says how large a program to write.
type Program struct {
	Packages int    // each imports up to four of those before it
	Systems  int    // in each package; a system is about 75 lines
	Library  string // directory of the library's module
}

// Write writes the module into a directory and returns its number of lines.
func (p Program) Write(dir string) (lines int, err error) {
	gomod := fmt.Sprintf("module example.com/big\n\ngo 1.25.0\n\nrequire github.com/framealloc/framealloc v0.1.0\n\nreplace github.com/framealloc/framealloc => %s\n", p.Library)
	if err := write(filepath.Join(dir, "go.mod"), []byte(gomod)); err != nil {
		return 0, err
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range p.Packages {
		pkg := data{Name: name(i)}
		for range min(i, 4) {
			if dep := name(i - 1 - random.IntN(min(i, 40))); !pkg.imports(dep) {
				pkg.Imports = append(pkg.Imports, dep)
			}
		}
		for s := range p.Systems {
			sys := system{Name: fmt.Sprintf("S%d", s), Package: pkg.Name, Turns: 8 + random.IntN(56)}
			for _, dep := range pkg.Imports {
				sys.Calls = append(sys.Calls, call{dep, fmt.Sprintf("S%d", random.IntN(p.Systems))})
			}
			pkg.Systems = append(pkg.Systems, sys)
		}
		var b bytes.Buffer
		if err := source.Execute(&b, pkg); err != nil {
			return 0, err
		}
		text, err := format.Source(b.Bytes())
		if err != nil {
			return 0, err
		}
		lines += bytes.Count(text, []byte("\n"))
		if err := write(filepath.Join(dir, pkg.Name, pkg.Name+".go"), text); err != nil {
			return 0, err
		}
	}
	return lines, nil
}

func name(i int) string { return fmt.Sprintf("pkg%03d", i) }

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

type (
	data struct {
		Name    string
		Imports []string
		Systems []system
	}
	system struct {
		Name, Package string
		Turns         int
		Calls         []call
	}
	call struct{ Package, System string }
)

func (d *data) imports(pkg string) bool {
	for _, p := range d.Imports {
		if p == pkg {
			return true
		}
	}
	return false
}
