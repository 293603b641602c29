package load

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
)

// boundary loads the types of the packages that the given ones import without
// being among them. The compiler's export data serves; the given packages
// themselves are not compiled for it.
func boundary(cfg packages.Config, matter []*packages.Package) (map[string]*types.Package, error) {
	inside := make(map[*packages.Package]bool, len(matter))
	for _, p := range matter {
		inside[p] = true
	}
	var paths []string
	for _, p := range matter {
		for _, imp := range p.Imports {
			if !inside[imp] && imp.PkgPath != "unsafe" && len(imp.Errors) == 0 {
				paths = append(paths, imp.PkgPath)
			}
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	imported := make(map[string]*types.Package, len(paths))
	if len(paths) == 0 {
		return imported, nil
	}
	cfg.Mode = packages.NeedName | packages.NeedImports | packages.NeedTypes | packages.NeedExportFile
	cfg.Tests = false
	pkgs, err := packages.Load(&cfg, paths...)
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	for _, p := range pkgs {
		if p.Types != nil {
			imported[p.PkgPath] = p.Types
		}
	}
	return imported, nil
}
