package engine

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// Large packages that have never heard of framealloc come to an end, and
// nothing is found in them, even if the engine is made to look.
func TestLargePackages(t *testing.T) {
	everything = true
	defer func() { everything = false }()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule},
		"go/types", "encoding/json", "text/template", "math/big", "database/sql", "regexp/syntax")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		clear(p.Imports) // each on its own: no facts of the others
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	functions := 0
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%s: %v", act.Package, act.Err)
			continue
		}
		r := act.Result.(*Result)
		functions += len(r.Functions)
		for _, e := range r.Escapes {
			if code, _ := r.Verdict(e); code != "" {
				t.Errorf("%s: %s", act.Package.Fset.Position(e.Pos), code)
			}
		}
		if n := len(r.Uses) + len(r.Faults) + len(r.Running()) + len(r.Handovers()) + len(r.HeldAcross()) +
			len(r.AliveAcross()) + len(r.HeapInFrame()) + len(r.SharedWorkers()) + len(r.Allocations()); n > 0 {
			t.Errorf("%s: %d findings", act.Package, n)
		}
	}
	if functions < 1500 {
		t.Errorf("only %d functions were looked at", functions)
	}
}
