package driver

import (
	"fmt"
	"go/types"
	"maps"
	"os"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/framealloc/framealloc/fa/internal/finding"
)

// RunUntil does what [Run] does, but one package after the other, imported
// before importing, and no further than the first package that has enough:
// what depends on it is not analyzed. It also returns the number of packages
// that were.
func RunUntil(analyzers []*analysis.Analyzer, pkgs []*packages.Package, enough func([]finding.Finding) bool) ([]finding.Finding, int, error) {
	o := &inOrder{
		analyzers: analyzers,
		enough:    enough,
		roots:     make(map[*packages.Package]bool),
		results:   make(map[*packages.Package]map[*analysis.Analyzer]any),
		objects:   make(map[objectFact]analysis.Fact),
		packages:  make(map[packageFact]analysis.Fact),
	}
	if len(analyzers) == 0 {
		return nil, 0, nil
	}
	for _, p := range pkgs {
		o.roots[p] = true
	}
	for _, p := range pkgs {
		if err := o.visit(p); err != nil {
			return nil, 0, err
		}
	}
	finding.Sort(o.found)
	return finding.Compact(o.found), len(o.results), nil
}

type inOrder struct {
	analyzers []*analysis.Analyzer
	enough    func([]finding.Finding) bool
	stopped   bool
	found     []finding.Finding

	roots    map[*packages.Package]bool
	results  map[*packages.Package]map[*analysis.Analyzer]any // of the packages that were visited
	objects  map[objectFact]analysis.Fact
	packages map[packageFact]analysis.Fact
}

type objectFact struct {
	of   types.Object
	kind reflect.Type
}

type packageFact struct {
	of   *types.Package
	kind reflect.Type
}

func (o *inOrder) visit(p *packages.Package) error {
	if o.stopped || o.results[p] != nil {
		return nil
	}
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		if err := o.visit(p.Imports[path]); err != nil {
			return err
		}
	}
	if o.stopped {
		return nil
	}
	o.results[p] = make(map[*analysis.Analyzer]any)
	before := len(o.found)
	for _, a := range o.analyzers {
		if err := o.run(a, p, o.roots[p]); err != nil {
			return err
		}
	}
	o.stopped = o.enough(o.found[before:])
	return nil
}

// run runs an analyzer on a package, unless it has been, or its facts are all
// that could be wanted and it has none.
func (o *inOrder) run(a *analysis.Analyzer, p *packages.Package, wanted bool) error {
	if _, done := o.results[p][a]; done {
		return nil
	}
	inputs := make(map[*analysis.Analyzer]any)
	for _, req := range a.Requires {
		if err := o.run(req, p, wanted); err != nil {
			return err
		}
		inputs[req] = o.results[p][req]
	}
	if !wanted && len(a.FactTypes) == 0 {
		return nil
	}
	c := Converter{Fset: p.Fset, Package: p.PkgPath, Syntax: p.Syntax}
	pass := &analysis.Pass{
		Analyzer: a, Fset: p.Fset, Files: p.Syntax, OtherFiles: p.OtherFiles, IgnoredFiles: p.IgnoredFiles,
		Pkg: p.Types, TypesInfo: p.TypesInfo, TypesSizes: p.TypesSizes, TypeErrors: p.TypeErrors,
		ResultOf: inputs, ReadFile: os.ReadFile,
		Report: func(d analysis.Diagnostic) {
			if wanted && slices.Contains(o.analyzers, a) {
				o.found = append(o.found, c.Finding(a, d))
			}
		},
		ImportObjectFact: func(of types.Object, fact analysis.Fact) bool {
			return recall(o.objects[objectFact{of, reflect.TypeOf(fact)}], fact)
		},
		ExportObjectFact: func(of types.Object, fact analysis.Fact) {
			o.objects[objectFact{of, reflect.TypeOf(fact)}] = fact
		},
		ImportPackageFact: func(of *types.Package, fact analysis.Fact) bool {
			return recall(o.packages[packageFact{of, reflect.TypeOf(fact)}], fact)
		},
		ExportPackageFact: func(fact analysis.Fact) {
			o.packages[packageFact{p.Types, reflect.TypeOf(fact)}] = fact
		},
		AllObjectFacts:  func() []analysis.ObjectFact { return o.objectFacts(a, p) },
		AllPackageFacts: func() []analysis.PackageFact { return o.packageFacts(a, p) },
	}
	if p.Module != nil {
		pass.Module = &analysis.Module{Path: p.Module.Path, Version: p.Module.Version, GoVersion: p.Module.GoVersion}
	}
	result, err := a.Run(pass)
	if err != nil {
		return fmt.Errorf("internal error: %s on %s: %w", a.Name, p.PkgPath, err)
	}
	o.results[p][a] = result
	return nil
}

// recall copies a fact that was exported to where it is asked for.
func recall(have, want analysis.Fact) bool {
	if have == nil {
		return false
	}
	reflect.ValueOf(want).Elem().Set(reflect.ValueOf(have).Elem())
	return true
}

func (o *inOrder) objectFacts(a *analysis.Analyzer, p *packages.Package) []analysis.ObjectFact {
	seen := reachable(p)
	var all []analysis.ObjectFact
	for k, fact := range o.objects {
		if seen[k.of.Pkg()] && knows(a, k.kind) {
			all = append(all, analysis.ObjectFact{Object: k.of, Fact: fact})
		}
	}
	return all
}

func (o *inOrder) packageFacts(a *analysis.Analyzer, p *packages.Package) []analysis.PackageFact {
	seen := reachable(p)
	var all []analysis.PackageFact
	for k, fact := range o.packages {
		if seen[k.of] && knows(a, k.kind) {
			all = append(all, analysis.PackageFact{Package: k.of, Fact: fact})
		}
	}
	return all
}

func knows(a *analysis.Analyzer, kind reflect.Type) bool {
	return slices.ContainsFunc(a.FactTypes, func(f analysis.Fact) bool { return reflect.TypeOf(f) == kind })
}

// reachable returns a package and all that it imports.
func reachable(p *packages.Package) map[*types.Package]bool {
	seen := make(map[*types.Package]bool)
	var visit func(p *packages.Package)
	visit = func(p *packages.Package) {
		if !seen[p.Types] {
			seen[p.Types] = true
			for _, imp := range p.Imports {
				visit(imp)
			}
		}
	}
	visit(p)
	return seen
}
