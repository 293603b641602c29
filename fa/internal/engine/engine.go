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
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"

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
		pass: pass, flows: make(map[*ssa.Function]*flow), sums: make(map[*ssa.Function]*Summary),
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

// Bounds that keep large knots of recursive functions from taking for ever.
// Functions that use the library stay far below.
const (
	maxFlows  = 64 // in one summary
	maxRounds = 8
)

// fixpoint computes the summaries of all functions, again where a summary that
// was used has changed.
func (e *Engine) fixpoint() {
	users := make(map[*ssa.Function][]*ssa.Function)
	uses := make(map[*ssa.Function][]*ssa.Function)
	for _, fn := range e.fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				var ops [12]*ssa.Value
				for _, op := range in.Operands(ops[:0]) {
					if used, ok := (*op).(*ssa.Function); ok {
						if used.Origin() != nil {
							used = used.Origin()
						}
						if own := e.byObject[funcObject(used)]; own != nil {
							used = own
						}
						users[used] = append(users[used], fn)
						uses[fn] = append(uses[fn], used)
					}
				}
			}
		}
	}
	order := e.calleesFirst(uses)
	dirty := make(map[*ssa.Function]bool)
	for _, fn := range order {
		dirty[fn] = true
	}
	for round := 0; round < maxRounds && len(dirty) > 0; round++ {
		next := make(map[*ssa.Function]bool)
		for _, fn := range order {
			if !dirty[fn] {
				continue
			}
			delete(dirty, fn)
			f := e.newFlow(fn)
			f.solve()
			e.flows[fn] = f
			e.escapes[fn] = f.collect()
			s := f.summarize(e.escapes[fn])
			e.adjust(fn, s)
			if !same(e.sums[fn], s) {
				e.sums[fn] = s
				for _, u := range users[fn] {
					dirty[u] = true
					next[u] = true
				}
			}
		}
		for fn := range next {
			dirty[fn] = true
		}
	}
}

// calleesFirst orders the functions so that most summaries are there when they
// are asked for.
func (e *Engine) calleesFirst(uses map[*ssa.Function][]*ssa.Function) []*ssa.Function {
	var order []*ssa.Function
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] || e.sums[fn] == nil {
			return
		}
		seen[fn] = true
		for _, used := range uses[fn] {
			visit(used)
		}
		order = append(order, fn)
	}
	for _, fn := range e.fns {
		visit(fn)
	}
	return order
}

func same(a, b *Summary) bool {
	if len(a.Flows) != len(b.Flows) || len(a.Ends) != len(b.Ends) || len(a.Begins) != len(b.Begins) ||
		len(a.Takes) != len(b.Takes) || len(a.Budget) != len(b.Budget) || len(a.Scopes) != len(b.Scopes) ||
		len(a.Heap) != len(b.Heap) ||
		a.Blocks != b.Blocks || a.Frames != b.Frames || a.Barrier != b.Barrier {
		return false
	}
	keys := make(map[flowKey]bool)
	for i := range a.Flows {
		keys[a.Flows[i].key()] = true
	}
	for i := range b.Flows {
		if !keys[b.Flows[i].key()] {
			return false
		}
	}
	return true
}

// export attaches the summaries to the functions that others can call.
func (e *Engine) export() {
	for obj, fn := range e.byObject {
		if s := e.sums[fn]; !s.trivial() {
			e.pass.ExportObjectFact(obj, s)
		}
	}
	for obj, s := range e.contracts {
		if e.byObject[obj] == nil {
			e.pass.ExportObjectFact(obj, s)
		}
	}
	own := new(PackageInfo)
	for _, fn := range e.fns {
		if !e.inTest(fn) { // what a test tries is no rule for the program
			e.budgets(fn, own)
		}
	}
	e.pass.ExportPackageFact(own)
}

func (e *Engine) inTest(fn *ssa.Function) bool {
	return strings.HasSuffix(e.pass.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// budgets notes what a function says about budgets.
func (e *Engine) budgets(fn *ssa.Function, info *PackageInfo) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			switch OpOf(CalleeOf(&c.Call)) {
			case OpTagBudget:
				if name, ok := constString(c.Call.Args[1]); ok {
					info.TagBudgets = append(info.TagBudgets, name)
				}
			case OpBudget:
				info.WorkerBudgets = true
			}
		}
	}
}

func (e *Engine) packageInfo() PackageInfo {
	var all PackageInfo
	for _, fact := range e.pass.AllPackageFacts() {
		if p, ok := fact.Fact.(*PackageInfo); ok {
			all.TagBudgets = append(all.TagBudgets, p.TagBudgets...)
			all.WorkerBudgets = all.WorkerBudgets || p.WorkerBudgets
		}
	}
	return all
}

func constString(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return "", false
	}
	s, err := strconv.Unquote(c.Value.ExactString())
	return s, err == nil
}

// summaryOf returns the summary of a function, nil if there is none.
func (e *Engine) summaryOf(fn *ssa.Function) *Summary {
	if s, ok := e.sums[fn]; ok {
		return s
	}
	obj := funcObject(fn)
	if obj == nil {
		if o := fn.Origin(); o != nil {
			return e.sums[o]
		}
		return nil
	}
	if own := e.byObject[obj]; own != nil {
		return e.sums[own]
	}
	if obj.Pkg() == nil || obj.Pkg() == e.pass.Pkg {
		return nil
	}
	if s, ok := e.imported[obj]; ok {
		return s
	}
	s := new(Summary)
	if !e.pass.ImportObjectFact(obj, s) {
		s = nil
		if e.pass.ImportPackageFact(obj.Pkg(), new(PackageInfo)) {
			s = new(Summary) // analyzed, and nothing to say
			for range obj.Signature().Params().Len() + 1 {
				s.Uses = append(s.Uses, true)
			}
		}
	}
	e.imported[obj] = s
	return s
}

// known reports whether a function was analyzed, here or before.
func (e *Engine) known(fn *ssa.Function) bool { return e.summaryOf(fn) != nil }

// where names a place for callers in other packages.
func (e *Engine) where(pos token.Pos) string {
	p := e.pass.Fset.Position(pos)
	if !p.IsValid() {
		return ""
	}
	return filepath.Base(p.Filename) + ":" + strconv.Itoa(p.Line)
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

// summarize writes down what callers need to know.
func (f *flow) summarize(escapes []*Escape) *Summary {
	s := new(Summary)
	for _, e := range escapes {
		if len(s.Flows) >= maxFlows {
			break
		}
		fl := Flow{To: e.To, Closure: e.Closure != nil, Where: f.eng.where(e.Pos), pos: e.Pos}
		if e.Callee != nil && e.Callee.pos.IsValid() {
			fl.pos = e.Callee.pos
		}
		switch o := e.From; o.Kind {
		case Param:
			if e.To.Kind == ToOuter || e.To.Kind == ToParam && e.To.Param == o.Index {
				continue
			}
			fl.From = Ref{Kind: FromParam, Param: o.Index, Path: e.Path}
		case Memory:
			h := o.Handle.Region()
			if h.Kind != Given || e.To.Kind != ToParam && e.To.Kind != ToResult {
				continue
			}
			fl.From = Ref{Kind: FromAlloc, Param: h.Param, Path: h.Path, Policy: o.Policy}
			if strings.ContainsAny(h.Path, "[(#") {
				continue
			}
		case Frame:
			if e.To.Kind != ToParam && e.To.Kind != ToResult || o.Handle.Kind != Begun {
				continue
			}
			p, ok := paramPlace(o.Handle.Owner)
			if !ok || e.Closure != nil {
				continue
			}
			fl.From = Ref{Kind: FromBegin, Param: p.Param, Path: p.Path}
		case Global:
			if e.To.Kind != ToResult {
				continue
			}
			fl.From = Ref{Kind: FromGlobal, Name: o.Name}
		case Pooled:
			if e.To.Kind != ToResult {
				continue
			}
			fl.From = Ref{Kind: FromPool}
		default:
			continue
		}
		s.add(fl)
	}

	begun, ended := make(map[string]bool), make(map[string]bool)
	for _, m := range f.marks() {
		if m.Begin {
			begun[m.Owner] = true
		} else {
			ended[m.Owner] = true
		}
	}
	for _, m := range f.marks() {
		p, ok := paramPlace(m.Owner)
		if !ok {
			continue
		}
		if m.Begin && !ended[m.Owner] {
			s.Begins, _ = addPlace(s.Begins, p)
		}
		if !m.Begin && !begun[m.Owner] {
			s.Ends, _ = addPlace(s.Ends, p)
		}
	}
	for _, v := range f.fn.Params {
		s.Uses = append(s.Uses, used(v))
	}
	for i, v := range f.fn.Params {
		if hasPointers(v.Type()) && !IsFrame(v.Type()) && !IsOwner(v.Type()) && f.fateOf(v).costs() {
			s.Heap = append(s.Heap, i)
		}
	}
	for _, v := range f.fn.FreeVars {
		s.Uses = append(s.Uses, used(v))
	}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			f.effects(in, s)
		}
	}
	return s
}

func used(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.DebugRef); !ok {
			return true
		}
	}
	return false
}

// effects notes what one instruction does besides moving values.
func (f *flow) effects(in ssa.Instruction, s *Summary) {
	if what := f.eng.blocking(f, in); what != "" && s.Blocks == "" {
		s.Blocks = what
	}
	ci, ok := in.(ssa.CallInstruction)
	if !ok {
		return
	}
	_, isGo := in.(*ssa.Go)
	c := ci.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return
	}
	fn := CalleeOf(c)
	args := allArgs(c)
	take := func(hs []*Handle) {
		for _, h := range hs {
			h = h.Region()
			if h.Kind == Given && !strings.ContainsAny(h.Path, "[(#") {
				s.Takes, _ = addPlace(s.Takes, Place{h.Param, h.Path})
			}
		}
	}
	budget := func(v ssa.Value) {
		if i, _, ok := splitAccess(f.access(v)); ok {
			for _, have := range s.Budget {
				if have == i {
					return
				}
			}
			s.Budget = append(s.Budget, i)
		}
	}
	switch OpOf(fn) {
	case OpAlloc, OpRetain, OpSub, OpTag, OpCheckpoint:
		take(f.handlesOf(args[0]))
	case OpInto:
		take(f.handlesOf(args[len(args)-1]))
	case OpBudget:
		budget(args[0])
	case OpBegin:
		s.Frames = s.Frames || f.path(in, in, nil)
	case OpScope:
		s.Frames = s.Frames || f.path(in, in, nil)
		f.scopes(args[1:], s)
	case OpBarrier:
		s.Barrier = true
	case OpNone:
		callee, cargs, _ := f.calleeSummary(c)
		if callee == nil {
			if p, ok := c.Value.(*ssa.Parameter); ok {
				for _, a := range args {
					if IsFrame(a.Type()) {
						for _, h := range f.handlesOf(a) {
							if f.endsHere(h) {
								f.scopes([]ssa.Value{p}, s)
							}
						}
					}
				}
			}
			return
		}
		if isGo {
			return
		}
		for _, p := range callee.Takes {
			if p.Param < len(cargs) && cargs[p.Param] != nil {
				take(f.resolve(cargs[p.Param], p.Path))
			}
		}
		for _, i := range callee.Budget {
			if i < len(cargs) && cargs[i] != nil {
				budget(cargs[i])
			}
		}
		for _, i := range callee.Scopes {
			if i < len(cargs) && cargs[i] != nil {
				f.scopes([]ssa.Value{cargs[i]}, s)
			}
		}
		s.Frames = s.Frames || callee.Frames || len(callee.Begins) > 0 && f.path(in, in, nil)
		s.Barrier = s.Barrier || callee.Barrier
	}
}

func (f *flow) scopes(vals []ssa.Value, s *Summary) {
	for _, v := range vals {
		if i, path, ok := splitAccess(f.access(v)); ok && path == "" && i < len(f.fn.Params) {
			for _, have := range s.Scopes {
				if have == i {
					return
				}
			}
			s.Scopes = append(s.Scopes, i)
		}
	}
}

// leadsToOwner reports whether a worker or allocator can be reached from a
// value of type t.
func leadsToOwner(t types.Type, depth int) bool {
	if depth > 4 {
		return false
	}
	if IsOwner(t) {
		return true
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		return leadsToOwner(u.Elem(), depth+1)
	case *types.Struct:
		for i := range u.NumFields() {
			if leadsToOwner(u.Field(i).Type(), depth+1) {
				return true
			}
		}
	case *types.Slice:
		return leadsToOwner(u.Elem(), depth+1)
	case *types.Interface:
		return depth == 0 && u.NumMethods() > 0
	}
	return false
}
