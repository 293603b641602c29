// Package engine knows what becomes of frame memory in a package: what leaves
// the function, the goroutine or the frame, and by which way.
//
// Each function is looked at on its own ([flow]): a points-to analysis over
// its SSA form that is insensitive to order, followed by questions of order to
// the control flow graph. What callers need to know of it is its [Summary];
// summaries are facts, so that calls into other packages are as well known as
// calls within. The engine reports nothing. The checks pick from its [Result]
// what is theirs, and word it.
package engine

import (
	"go/types"
	"reflect"
	"sort"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/framealloc/framealloc/fa/internal/uses"
)

// Analyzer computes the facts and the [Result] of a package. It reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "faengine",
	Doc:        "follow framealloc memory through functions and packages (reports nothing itself)",
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Summary), new(PackageInfo)},
}

// Engine is the analysis of one package.
type Engine struct {
	pass      *analysis.Pass
	ignores   *Ignores
	fns       []*ssa.Function
	flows     map[*ssa.Function]*flow
	sums      map[*ssa.Function]*Summary
	escapes   map[*ssa.Function][]*Escape
	byObject  map[*types.Func]*ssa.Function
	contracts map[*types.Func]*Summary
	noescape  map[*types.Func]map[int]bool
	copying   map[*types.Func]bool
	imported  map[*types.Func]*Summary
}

// Result is what the checks work on.
type Result struct {
	Pass    *analysis.Pass
	Skipped bool // the package has nothing to do with framealloc

	Escapes []*Escape
	Uses    []Use
	Faults  []Fault

	Functions []*ssa.Function
	Info      PackageInfo // of this package and of all that it imports

	Ignores *Ignores

	eng     *Engine
	callers map[*ssa.Function][]callSite

	rules sync.Mutex // one rule at a time: what they ask for is worked out as they ask
}

// Alone calls a rule while no other rule looks at the package: drivers run them at
// once.
func (r *Result) Alone(rule func()) {
	r.rules.Lock()
	defer r.rules.Unlock()
	rule()
}

type callSite struct {
	in *ssa.Function
	at ssa.CallInstruction
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{Pass: pass, Ignores: new(Ignores)}
	if !concerned(pass) {
		r.Skipped = true
		return r, nil
	}
	r.Ignores = readIgnores(pass)
	e := &Engine{
		pass: pass, ignores: r.Ignores, flows: make(map[*ssa.Function]*flow), sums: make(map[*ssa.Function]*Summary),
		escapes: make(map[*ssa.Function][]*Escape), byObject: make(map[*types.Func]*ssa.Function),
		imported: make(map[*types.Func]*Summary),
	}
	e.readContracts()
	_, e.fns = buildSSA(pass)
	for _, fn := range e.fns {
		if obj, ok := fn.Object().(*types.Func); ok {
			e.byObject[obj.Origin()] = fn
		}
		e.sums[fn] = new(Summary)
	}
	e.fixpoint()
	e.export()

	r.eng, r.Functions = e, e.fns
	r.callers = e.callSites()
	for _, fn := range e.fns {
		f := e.flows[fn]
		for _, x := range e.escapes[fn] {
			if x.From.Kind == Memory && x.To.Kind == ToParam {
				x.Ended = f.endsHere(x.From.Handle)
			}
			r.Escapes = append(r.Escapes, x)
		}
		r.Uses = append(r.Uses, f.after()...)
		if !generated(fn) {
			r.Faults = append(r.Faults, f.boundary()...)
		}
	}
	sort.SliceStable(r.Escapes, func(i, j int) bool { return r.Escapes[i].Pos < r.Escapes[j].Pos })
	r.Info = e.packageInfo()
	return r, nil
}

// generated reports whether the compiler makes the function's control flow, as
// it does for the body of a range over a function.
func generated(fn *ssa.Function) bool { return fn.Synthetic != "" }

// everything makes the engine look at all packages, for its own tests.
var everything bool

// concerned reports whether a package can have to do with the library: it
// imports it, or a package that does, or its module uses the library, so that
// what it does with memory may matter to others. The library itself is not
// looked at.
func concerned(pass *analysis.Pass) bool {
	if everything {
		return true
	}
	path := strings.TrimSuffix(pass.Pkg.Path(), "_test")
	if _, ok := inLibrary(pass.Pkg); ok || path == Library ||
		strings.HasPrefix(path, Library+"/internal") || path == Library+"/diag" {
		return false
	}
	for _, imp := range pass.Pkg.Imports() {
		if _, ok := inLibrary(imp); ok {
			return true
		}
		if pass.ImportPackageFact(imp, new(PackageInfo)) {
			return true
		}
	}
	return len(pass.Files) > 0 && uses.LibraryAround(pass.Fset.Position(pass.Files[0].Package).Filename)
}

// callSites lists the calls of each function of this package. A function that
// is used as a value has a call site without a call.
func (e *Engine) callSites() map[*ssa.Function][]callSite {
	sites := make(map[*ssa.Function][]callSite)
	for _, fn := range e.fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if ci, ok := in.(ssa.CallInstruction); ok {
					if callee := ci.Common().StaticCallee(); callee != nil {
						if own := e.byObject[funcObject(callee)]; own != nil {
							sites[own] = append(sites[own], callSite{fn, ci})
						}
					}
				}
			}
		}
	}
	return sites
}
