package load

import "golang.org/x/tools/go/packages"

// reaching returns the packages among the roots and what they import that
// reach the library, imported before importing. The packages of the library
// itself are left out, unless they are roots: their meaning is known.
// Packages with errors, and so without a reliable list of imports, are left
// out as well.
func reaching(roots []*packages.Package, everything bool) []*packages.Package {
	isRoot := make(map[*packages.Package]bool, len(roots))
	for _, r := range roots {
		isRoot[r] = true
	}
	var order []*packages.Package
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
		wanted := found || everything && isRoot[p]
		if wanted && (isRoot[p] || !isLibrary(p)) && len(p.Errors) == 0 && len(p.GoFiles) > 0 {
			order = append(order, p)
		}
		return found
	}
	for _, r := range roots {
		visit(r)
	}
	return order
}

// isLibrary reports whether a package belongs to the library's own module.
// Modules nested in its repository, such as the engine adapters, are users.
func isLibrary(p *packages.Package) bool {
	if p.Module != nil {
		return p.Module.Path == Library
	}
	return p.PkgPath == Library
}
