package load

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/packages"
)

// replaceCgo replaces the files of packages that use cgo by what the cgo tool
// makes of them: only that can be checked. Positions still lead to the files
// that the user wrote. It reports whether there were any: they import more than
// their sources say.
func (c *checker) replaceCgo(cfg packages.Config, order []*packages.Package) (any bool, err error) {
	var paths []string
	for _, p := range order {
		for _, f := range c.parsed[p] {
			if f.syntax != nil && importsC(f.syntax) {
				paths = append(paths, p.PkgPath)
				break
			}
		}
	}
	if len(paths) == 0 {
		return false, nil
	}
	cfg.Mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports
	pkgs, err := packages.Load(&cfg, paths...)
	if err != nil {
		return false, fmt.Errorf("go list -compiled: %w", err)
	}
	made := make(map[string]*packages.Package, len(pkgs))
	for _, p := range pkgs {
		made[p.ID] = p
	}
	var again []*packages.Package
	for _, p := range order {
		m := made[p.ID]
		if m == nil {
			continue
		}
		for _, e := range m.Errors {
			c.note(p, e)
		}
		p.CompiledGoFiles = m.CompiledGoFiles
		for path, imp := range m.Imports { // what the cgo tool's code needs
			if p.Imports[path] == nil {
				p.Imports[path] = imp
			}
		}
		again = append(again, p)
	}
	c.parseAll(again)
	return true, nil
}

func importsC(f *ast.File) bool {
	for _, imp := range f.Imports {
		if imp.Path.Value == `"C"` {
			return true
		}
	}
	return false
}
