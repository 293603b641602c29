package load

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
)

// boundary loads the types of the packages that the given ones import without
// being among them, by their paths, and the sizes of the system's types. The compiler's export data serves; the
// given packages themselves are not compiled for it. If any of the imported
// packages does not compile here, as when a C library is missing, then the
// outlines of all of them are read from source.
func boundary(cfg packages.Config, matter []*packages.Package) (map[string]*types.Package, types.Sizes, error) {
	outside := outside(matter)
	var paths []string
	for _, p := range outside {
		paths = append(paths, p.PkgPath)
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	if len(paths) == 0 {
		paths = []string{"unsafe"} // for the sizes alone
	}
	cfg.Mode = packages.NeedName | packages.NeedImports | packages.NeedTypes | packages.NeedTypesSizes | packages.NeedExportFile
	cfg.Tests = false
	pkgs, err := packages.Load(&cfg, paths...)
	if err != nil {
		return nil, nil, fmt.Errorf("go list -export: %w", err)
	}
	var sizes types.Sizes
	for _, p := range pkgs {
		sizes = p.TypesSizes // the same for all
	}
	imported := make(map[string]*types.Package, len(pkgs))
	for _, p := range pkgs {
		if p.PkgPath != "unsafe" && (p.Types == nil || p.ExportFile == "") {
			return outlines(outside, sizes), sizes, nil
		}
		imported[p.PkgPath] = p.Types
	}
	return imported, sizes, nil
}

// outside returns the packages that the given ones import without being among
// them, as far as they exist.
func outside(matter []*packages.Package) []*packages.Package {
	seen := make(map[*packages.Package]bool)
	for _, p := range matter {
		seen[p] = true
	}
	var list []*packages.Package
	for _, p := range matter {
		for _, imp := range p.Imports {
			if !seen[imp] && imp.PkgPath != "unsafe" && len(imp.Errors) == 0 {
				seen[imp] = true
				list = append(list, imp)
			}
		}
	}
	return list
}
