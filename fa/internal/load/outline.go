package load

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/packages"
)

// outlines reads the declarations of packages, and of what they import, from
// source. Function bodies are left out, C declarations are taken for unknown,
// and mistakes are passed over: they are not those of the program.
func outlines(pkgs []*packages.Package, sizes types.Sizes) map[string]*types.Package {
	o := &outliner{sizes: sizes, fset: token.NewFileSet(), done: make(map[*packages.Package]*types.Package)}
	imported := make(map[string]*types.Package, len(pkgs))
	for _, p := range pkgs {
		imported[p.PkgPath] = o.outline(p)
	}
	return imported
}

type outliner struct {
	sizes types.Sizes
	fset  *token.FileSet
	done  map[*packages.Package]*types.Package
}

// outline checks the declarations of one package, after those of its imports.
func (o *outliner) outline(p *packages.Package) *types.Package {
	if t, ok := o.done[p]; ok {
		return t
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(o.fset, name, nil, parser.SkipObjectResolution)
		if err == nil {
			files = append(files, f)
		}
	}
	cfg := types.Config{
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            o.sizes,
		Error:            func(error) {},
		Importer:         outlineImporter{o, p},
	}
	t, _ := cfg.Check(p.PkgPath, o.fset, files, nil) // errors are passed over
	t.MarkComplete()
	o.done[p] = t
	return t
}

type outlineImporter struct {
	*outliner
	of *packages.Package
}

func (i outlineImporter) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if imp := i.of.Imports[path]; imp != nil {
		return i.outline(imp), nil
	}
	return nil, fmt.Errorf("%s is not listed", path)
}
