package load

import (
	"go/parser"
	"go/token"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/framealloc/framealloc/fa/internal/uses"
)

// reaching returns the packages that matter among the roots and what they
// import, imported before importing: those that reach the library, and those
// that these import from modules which use the library, since what is called
// there may keep frame memory. The packages of the library itself are left
// out, unless they are roots or lie above one: their meaning is known. Packages with errors, and
// so without a reliable list of imports, are left out as well.
func reaching(roots []*packages.Package, everything bool) []*packages.Package {
	isRoot := make(map[*packages.Package]bool, len(roots))
	for _, r := range roots {
		isRoot[r] = true
	}
	var order []*packages.Package               // imported before importing
	reaches := make(map[*packages.Package]bool) // present: visited
	var visit func(p *packages.Package) bool
	visit = func(p *packages.Package) bool {
		if r, ok := reaches[p]; ok {
			return r
		}
		reaches[p] = false
		found := isLibrary(p)
		for _, imp := range p.Imports {
			if visit(imp) {
				found = true
			}
		}
		reaches[p] = found
		order = append(order, p)
		return found
	}
	for _, r := range roots {
		visit(r)
	}

	matters := make(map[*packages.Package]bool)
	for i := len(order) - 1; i >= 0; i-- { // importing before imported
		p := order[i]
		if reaches[p] || everything && isRoot[p] {
			matters[p] = true
		}
		if !matters[p] || isLibrary(p) {
			continue
		}
		for _, imp := range p.Imports {
			if imp.Module != nil && uses.Library(imp.Module.GoMod) && !needsC(imp) {
				matters[imp] = true
			}
		}
	}
	keep := make(map[*packages.Package]bool)
	for _, p := range order {
		keep[p] = matters[p] && (isRoot[p] || !isLibrary(p)) && len(p.Errors) == 0 && len(p.GoFiles) > 0
		if isLibrary(p) && !keep[p] {
			keep[p] = importsAny(p, keep)
		}
	}
	// What is not kept comes from export data, and brings the packages that it imports
	// with it: a type of one of these that is kept would be two types.
	for i := len(order) - 1; i >= 0; i-- {
		if p := order[i]; !keep[p] {
			for _, imp := range p.Imports {
				if keep[imp] && !reaches[imp] && !(everything && isRoot[imp]) {
					keep[imp] = false
				}
			}
		}
	}
	return slices.DeleteFunc(order, func(p *packages.Package) bool { return !keep[p] })
}

// importsAny reports whether a package imports one of the given ones.
func importsAny(p *packages.Package, of map[*packages.Package]bool) bool {
	for _, imp := range p.Imports {
		if of[imp] {
			return true
		}
	}
	return false
}

// needsC reports whether a package is written with cgo, so that it may not
// compile here.
func needsC(p *packages.Package) bool {
	return slices.ContainsFunc(p.GoFiles, func(name string) bool {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		return err == nil && importsC(f)
	})
}

// isLibrary reports whether a package belongs to the library's own module.
// Modules nested in its repository, such as the engine adapters, are users.
func isLibrary(p *packages.Package) bool {
	if p.Module != nil {
		return p.Module.Path == Library
	}
	return p.PkgPath == Library
}
