package engine

import (
	"go/token"
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Escape is frame memory, or a frame, that goes where it may outlive the
// frame. Whether it does is for the checks to say, with [Escape.Verdict].
type Escape struct {
	Fn      *ssa.Function
	From    *Object
	Path    string // of a parameter, see [Ref]
	To      Sink
	Dst     *Object // what it is stored in; nil for goroutines and the like
	Instr   ssa.Instruction
	Pos     token.Pos
	Closure *Object // it is held by this function, which is what is stored
	Steps   []Step
	Callee  *Flow // it happens in a function that is called
	Ended   bool  // the frame ends in this very function

}

// Step is one place on the way.
type Step struct {
	Pos  token.Pos
	Text string
}

type escapeKey struct {
	from *Object
	to   Sink
	pos  token.Pos
	path string
}

// source is one thing that is reachable from a value.
type source struct {
	o       *Object
	path    string // below the result, for returned objects
	closure *Object
	steps   []Step
}

// sources returns frame memory, frames and parameters that are reachable from
// some targets through objects of this function.
func (f *flow) sources(ts targets) []source {
	var out []source
	type item struct {
		t       target
		path    string
		closure *Object
		steps   []Step
		maker   ssa.Instruction // the closure that captured this variable
	}
	seen := make(map[target]bool)
	var work []item
	for t := range ts {
		work = append(work, item{t: t})
	}
	for len(work) > 0 {
		it := work[0]
		work = work[1:]
		if seen[it.t] {
			continue
		}
		seen[it.t] = true
		o := it.t.o
		switch o.Kind {
		case Memory, Frame, Param, Global, Pooled:
			out = append(out, source{o, it.path, it.closure, it.steps})
			continue
		case Unknown:
			continue
		}
		if o.handle {
			continue
		}
		closure := it.closure
		if o.Kind == Closure {
			closure = o
		}
		for path, cell := range o.cells {
			if o.Kind == Value && len(path) >= len(it.t.path) && path[:len(it.t.path)] != it.t.path {
				continue
			}
			rest := path
			if o.Kind == Value && len(path) >= len(it.t.path) {
				rest = path[len(it.t.path):]
			}
			for c, pos := range cell {
				if it.maker != nil && path == "" && !f.reaches(o, it.maker, c) {
					continue // overwritten before it was captured
				}
				next := item{t: c, closure: closure, path: "~"}
				if it.path == "" && o.Kind != Closure {
					next.path = rest
				}
				if o.Kind == Closure {
					next.maker = o.Instr
				}
				next.steps = it.steps
				if pos.IsValid() && o.Kind != Value && len(it.steps) < 6 {
					text := "stored in " + f.noun(o)
					if o.Kind == Closure {
						text = "captured here"
					}
					next.steps = append(append([]Step(nil), Step{pos, text}), it.steps...)
				}
				work = append(work, next)
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.o.Pos != b.o.Pos {
			return a.o.Pos < b.o.Pos
		}
		return a.path < b.path
	})
	return out
}

// reaches reports whether a variable may hold c when a closure captures it, or
// later.
func (f *flow) reaches(variable *Object, maker ssa.Instruction, c target) bool {
	a, ok := variable.Instr.(*ssa.Alloc)
	if !ok {
		return true
	}
	known := false
	stored := f.resets(a)
	for _, ref := range *a.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || st.Addr != a {
			continue
		}
		if _, holds := f.of(st.Val)[c]; !holds {
			continue
		}
		known = true
		if f.path(st, maker, stored) || f.path(maker, st, nil) {
			return true
		}
	}
	return !known
}

// madeUp are names of objects that no source code gives them.
var madeUp = map[string]bool{
	"new": true, "complit": true, "varargs": true, "slicelit": true, "makeslice": true, "slice": true,
	"map": true, "channel": true, "result": true, "worker": true, "handle": true,
	"string": true, "copy": true,
}

func (f *flow) noun(o *Object) string {
	switch {
	case o.Kind == Local && o.Name != "" && token.IsIdentifier(o.Name) && !madeUp[o.Name]:
		return o.Name
	case o.Kind == Memory:
		return "frame memory"
	case o.Kind == Local && o.Name == "new" || o.Name == "complit" || o.Name == "varargs" || o.Name == "slicelit" || o.Name == "makeslice" || o.Name == "":
		return "a local object"
	}
	return "a " + o.Name
}

// collect runs once over the function when the sets are final, and returns
// everything that leaves it.
func (f *flow) collect() []*Escape {
	var list []*Escape
	f.escapes = &list
	f.left = make(map[*Object]bool)
	f.emitted = make(map[escapeKey]bool)
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			f.transfer(in)
			switch in := in.(type) {
			case *ssa.Return:
				if b == f.fn.Recover {
					continue
				}
				for k, r := range in.Results {
					f.returned(in, k, r)
				}
			case *ssa.Go:
				f.started(in, &in.Call, nil)
			case *ssa.Call:
				f.kept(in, &in.Call)
			case *ssa.Defer:
				f.kept(in, &in.Call)
			}
		}
	}
	f.escapes = nil
	f.outer(&list)
	return list
}

func (f *flow) emit(e *Escape) {
	e.Fn = f.fn
	key := escapeKey{e.From, e.To, e.Pos, e.Path}
	if f.emitted[key] {
		return
	}
	f.emitted[key] = true
	*f.escapes = append(*f.escapes, e)
}

// stored is called for each store while escapes are collected.
func (f *flow) stored(t target, ts targets, pos token.Pos) {
	var sink Sink
	dst := t.o
	switch dst.Kind {
	case Param:
		sink = Sink{Kind: ToParam, Param: dst.Index, Path: "~"}
		if f.via == nil {
			if p, path, ok := f.place(f.at); ok && p == dst.Index {
				sink.Path = path
			}
		}
	case Global:
		sink = Sink{Kind: ToGlobal}
	case Pooled:
		sink = Sink{Kind: ToPooled}
	case Memory:
		switch {
		case dst.Handle != nil && dst.Handle.Kind == Long:
			sink = Sink{Kind: ToPooled}
		case dst.promotes:
			return
		case dst.Policy != "" && dst.Policy != "Discard" && dst.Policy != "?":
			sink = Sink{Kind: ToRetained}
		default:
			return
		}
	case Unknown:
		f.leave(ts)
		return
	default:
		return
	}
	f.leave(ts)
	switch at := f.at.(type) {
	case *ssa.Send, *ssa.Select:
		if sink.Kind == ToParam {
			sink.Chan = true
		} else {
			sink.Kind = ToChan
		}
		if _, ok := at.(*ssa.Send); ok {
			pos = at.Pos()
		}
	}
	if f.via != nil {
		sink.Chan = sink.Chan || f.via.To.Chan
		if !f.runsLiteral(f.at) {
			pos = f.at.Pos() // where it is passed, not where the callee stores it
		}
	}
	sink.Name = f.destination(dst)
	for _, s := range f.sources(ts) {
		if s.o.Kind == Global || s.o.Kind == Pooled {
			continue
		}
		if s.o.Kind == Param && dst.Kind == Param && s.o.Index == dst.Index {
			continue
		}
		if s.o.Kind == Memory && s.o.Handle != nil && s.o.Handle.Kind == Long {
			continue
		}
		if s.o == dst {
			continue
		}
		if dst.Kind == Memory && sink.Kind == ToRetained && s.o.Kind != Memory && s.o.Kind != Param {
			continue
		}
		e := &Escape{From: s.o, To: sink, Dst: dst, Instr: f.at, Pos: pos, Closure: s.closure, Steps: s.steps, Callee: f.via}
		e.Path = f.pathOf(s)
		f.emit(e)
	}
}

// runsLiteral reports whether what an instruction applies is a function literal
// of this function, so that the places in it are part of the same code.
func (f *flow) runsLiteral(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.MakeClosure:
		return true
	case ssa.CallInstruction:
		switch OpOf(CalleeOf(in.Common())) {
		case OpNone:
			_, static := in.Common().Value.(*ssa.Function)
			return !static && !in.Common().IsInvoke()
		}
		return true
	}
	return false
}

// pathOf returns how a source is read from its parameter.
func (f *flow) pathOf(s source) string {
	if s.o.Kind != Param {
		return ""
	}
	if f.val != nil {
		if p, path, ok := f.origin(f.val); ok && p == s.o.Index {
			return path
		}
	}
	if s.o.Index >= len(f.fn.Params) {
		return "~"
	}
	return ""
}

// place returns the path from a parameter to where an instruction stores.
func (f *flow) place(in ssa.Instruction) (param int, path string, ok bool) {
	var v ssa.Value
	suffix := ""
	switch in := in.(type) {
	case *ssa.Store:
		v = in.Addr
	case *ssa.MapUpdate:
		v, suffix = in.Map, "[]"
	case *ssa.Send:
		v, suffix = in.Chan, "[]"
	case *ssa.Call:
		if len(in.Call.Args) > 0 {
			v, suffix = in.Call.Args[0], "[]"
		}
	}
	if v == nil {
		return 0, "", false
	}
	param, path, ok = f.origin(v)
	if path == "~" {
		return param, "~", ok
	}
	if len(path) > 0 && path[0] == '*' {
		path = path[1:]
	}
	return param, path + suffix, ok
}

// destination names what something is stored in.
func (f *flow) destination(o *Object) string {
	switch o.Kind {
	case Global:
		return "package variable " + o.Name
	case Param:
		return o.Name
	case Pooled:
		return "a pool object"
	case Memory:
		if o.Policy != "" {
			return "a value retained with " + o.Policy
		}
		return "memory of a group or scratch pool"
	}
	return "an object"
}

// passed is called for the flows of callees that end somewhere global.
func (f *flow) passed(in ssa.Instruction, fl *Flow, ts targets) {
	if fl.From.Kind != FromParam {
		return // reported in the callee
	}
	f.leave(ts)
	for _, s := range f.sources(ts) {
		if s.o.Kind != Memory && s.o.Kind != Param && s.o.Kind != Frame {
			continue
		}
		if s.o.Kind == Memory && s.o.Handle.Kind == Long {
			continue
		}
		if fl.To.Kind == ToGo && f.joinedAfter(in) {
			continue
		}
		e := &Escape{From: s.o, To: fl.To, Instr: in, Pos: in.Pos(), Closure: s.closure, Steps: s.steps, Callee: fl}
		if fl.Closure && e.Closure == nil {
			e.Closure = &Object{Kind: Closure, Pos: in.Pos()}
		}
		if s.o.Kind == Param {
			e.Path = fl.From.Path
			if args := callArgs(in); fl.From.Param < len(args) && args[fl.From.Param] != nil {
				if p, path, ok := f.origin(args[fl.From.Param]); ok && p == s.o.Index && path != "" {
					e.Path = "~"
					if fl.From.Path == "" {
						e.Path = path
					}
				}
			}
			if s.o.Index >= len(f.fn.Params) {
				e.Path = "~"
			}
		}
		f.emit(e)
	}
}

func callArgs(in ssa.Instruction) []ssa.Value {
	if c, ok := in.(ssa.CallInstruction); ok {
		return allArgs(c.Common())
	}
	return nil
}

// kept handles calls of functions that keep an argument, or run it on a
// goroutine.
func (f *flow) kept(in ssa.Instruction, c *ssa.CallCommon) {
	fn := CalleeOf(c)
	name := fullName(fn)
	args := allArgs(c)
	if k, ok := keeps[name]; ok && k.into < 0 && k.arg < len(args) {
		f.val = args[k.arg]
		f.emitAll(in, args[k.arg], Sink{Kind: ToKept, Name: k.what})
	}
	if i, ok := starts[name]; ok && i < len(args) {
		f.started(in, c, args[i])
	}
}

func (f *flow) emitAll(in ssa.Instruction, v ssa.Value, sink Sink) {
	f.leave(f.of(v))
	for _, s := range f.sources(f.of(v)) {
		if s.o.Kind == Global || s.o.Kind == Pooled || s.o.Kind == Memory && s.o.Handle.Kind == Long {
			continue
		}
		f.emit(&Escape{From: s.o, Path: f.pathOf(s), To: sink, Instr: in, Pos: in.Pos(), Closure: s.closure, Steps: s.steps})
	}
}

// started handles a goroutine that starts: with a go statement, or with run,
// the function given to something like WaitGroup.Go.
func (f *flow) started(in ssa.Instruction, c *ssa.CallCommon, run ssa.Value) {
	args := c.Args
	callee := c.Value
	if run != nil {
		args, callee = nil, run
	}
	if c.IsInvoke() && run == nil {
		args = allArgs(c)
	}
	sink := Sink{Kind: ToGo, Name: "goroutine"}
	joined := f.joinedAfter(in)
	// Frames that the goroutine allocates from, whether it is waited for or not.
	var bodies []*Object
	for t := range f.of(callee) {
		if t.o.Kind == Closure && t.o.fn != nil {
			bodies = append(bodies, t.o)
		}
	}
	for _, body := range bodies {
		s := f.eng.summaryOf(body.fn)
		if s == nil {
			continue
		}
		cargs := closureArgs(body.fn, args, body.bindings)
		for _, p := range s.Takes {
			if p.Param >= len(cargs) || cargs[p.Param] == nil {
				continue
			}
			for _, h := range f.resolve(cargs[p.Param], p.Path) {
				f.goFrame(in, h, p.Path, sink)
			}
		}
	}
	if len(bodies) == 0 {
		for _, a := range args {
			if IsFrame(a.Type()) {
				for _, h := range f.handlesOf(a) {
					f.goFrame(in, h, "", sink)
				}
			}
		}
	}
	if joined {
		return
	}
	vals := append([]ssa.Value(nil), args...)
	for _, body := range bodies {
		vals = append(vals, body.bindings...)
	}
	for _, v := range vals {
		f.val = v
		f.leave(f.of(v))
		for _, s := range f.sources(f.of(v)) {
			if s.o.Kind == Param && !IsFrame(s.o.Type) || s.o.Kind == Memory && s.o.Handle.Kind != Long {
				f.emit(&Escape{From: s.o, Path: f.pathOf(s), To: sink, Instr: in, Pos: in.Pos(), Steps: s.steps})
			}
		}
	}
}

// goFrame notes a frame that is used by a goroutine.
func (f *flow) goFrame(in ssa.Instruction, h *Handle, path string, sink Sink) {
	switch h.Kind {
	case Forked, Long, Opaque:
		return
	case Given:
		if h.Path != "" {
			return // a field: it may be the goroutine's own
		}
	}
	o := f.object(objKey{at: "handle", h: h}, func() *Object { return &Object{Kind: Frame, Pos: h.Pos, Handle: h} })
	f.emit(&Escape{From: o, To: sink, Instr: in, Pos: in.Pos()})
}

// returned handles one result.
func (f *flow) returned(in *ssa.Return, k int, v ssa.Value) {
	if !hasPointers(v.Type()) {
		return
	}
	f.val = v
	f.leave(f.of(v))
	for _, s := range f.sources(f.of(v)) {
		sink := Sink{Kind: ToResult, Param: k, Path: s.path}
		e := &Escape{From: s.o, To: sink, Instr: in, Pos: in.Pos(), Closure: s.closure, Steps: s.steps}
		if !e.Pos.IsValid() {
			e.Pos = v.Pos()
		}
		if s.path == "" {
			e.Path = f.pathOf(s)
		}
		if s.o.Kind == Memory || s.o.Kind == Frame {
			e.Ended = f.endedAt(in, s.o.Handle)
		}
		f.emit(e)
	}
}

// outer finds memory of a scope's frame in variables outside of the scope.
func (f *flow) outer(list *[]*Escape) {
	f.escapes = list
	defer func() { f.escapes = nil }()
	for _, dst := range f.sorted() {
		if dst.Kind != Local && dst.Kind != Memory {
			continue
		}
		for _, cell := range dst.cells {
			for c, pos := range cell {
				o := c.o
				if o.Kind != Memory || o.Handle == nil || o.Handle.Kind != Scoped {
					continue
				}
				if dst.Kind == Memory && dst.Handle == o.Handle {
					continue
				}
				if dst.Instr != nil && o.Handle.Call != nil && !f.usedAfter(dst, o.Handle.Call) {
					continue
				}
				f.emit(&Escape{From: o, To: Sink{Kind: ToOuter, Name: f.noun(dst)}, Dst: dst, Instr: o.Handle.Call, Pos: pos, Ended: true})
			}
		}
	}
}

// sorted returns the objects in the order of their places.
func (f *flow) sorted() []*Object {
	var list []*Object
	for _, o := range f.objects {
		list = append(list, o)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Pos < list[j].Pos })
	return list
}

// usedAfter reports whether something reads a variable behind an instruction.
func (f *flow) usedAfter(dst *Object, call ssa.Instruction) bool {
	v, ok := dst.Instr.(ssa.Value)
	if !ok || v.Referrers() == nil {
		return true
	}
	var read func(v ssa.Value, depth int) bool
	read = func(v ssa.Value, depth int) bool {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr == v {
					continue
				}
			case *ssa.DebugRef:
				continue
			case *ssa.FieldAddr, *ssa.IndexAddr:
				if depth < 4 && !read(ref.(ssa.Value), depth+1) {
					continue
				}
			case *ssa.MakeClosure:
				if f.isArgOf(ref, call) {
					continue
				}
			}
			if ref != call && f.path(call, ref, f.resets(v)) {
				return true
			}
		}
		return false
	}
	return read(v, 0)
}

// resets returns a test for instructions that give a variable a new value.
func (f *flow) resets(v ssa.Value) func(ssa.Instruction) bool {
	return func(in ssa.Instruction) bool {
		st, ok := in.(*ssa.Store)
		return ok && st.Addr == v
	}
}

func (f *flow) isArgOf(mc *ssa.MakeClosure, call ssa.Instruction) bool {
	for _, a := range callArgs(call) {
		if a == mc {
			return true
		}
	}
	return false
}

// joinedAfter reports whether this function waits for the goroutines that an
// instruction starts.
func (f *flow) joinedAfter(in ssa.Instruction) bool {
	captured := make(map[string]bool)
	note := func(v ssa.Value) {
		if v != nil {
			captured[f.access(v)] = true
		}
	}
	switch g := in.(type) {
	case ssa.CallInstruction:
		for _, a := range allArgs(g.Common()) {
			note(a)
		}
		vals := append([]ssa.Value{g.Common().Value}, allArgs(g.Common())...)
		for _, v := range vals {
			for t := range f.of(v) {
				if t.o.Kind == Closure {
					for _, b := range t.o.bindings {
						note(b)
					}
				}
			}
		}
	}
	for _, b := range f.fn.Blocks {
		for _, w := range b.Instrs {
			var on ssa.Value
			deferred := false
			switch w := w.(type) {
			case *ssa.Defer:
				if fn := CalleeOf(&w.Call); waits[fullName(fn)] || OpOf(fn) == OpGroupWait {
					on, deferred = allArgs(&w.Call)[0], true
				}
			case *ssa.Call:
				if fn := CalleeOf(&w.Call); waits[fullName(fn)] || OpOf(fn) == OpGroupWait {
					on = allArgs(&w.Call)[0]
				}
			case *ssa.Go:
				// A goroutine that waits, and tells this one.
				if mc, ok := w.Call.Value.(*ssa.MakeClosure); ok && f.waitsFor(mc, captured) {
					return true
				}
			case *ssa.UnOp:
				if w.Op == token.ARROW {
					on = w.X
				}
			case *ssa.Range:
				if _, ok := w.X.Type().Underlying().(*types.Chan); ok {
					on = w.X
				}
			}
			if on == nil {
				continue
			}
			if captured[f.access(on)] && (deferred || f.path(in, w, nil)) {
				return true
			}
		}
	}
	return false
}

// leave notes objects that are reachable from outside of the function.
func (f *flow) leave(ts targets) {
	for t := range ts {
		if f.left[t.o] {
			continue
		}
		f.left[t.o] = true
		for _, cell := range t.o.cells {
			next := make(targets, len(cell))
			for c := range cell {
				next[c] = struct{}{}
			}
			f.leave(next)
		}
	}
}

// harmless reports whether a call keeps nothing, as far as is known: it was
// analyzed, or is of the standard library.
func (f *flow) harmless(c *ssa.CallCommon, fn *types.Func) bool {
	if fn != nil && fn.Pkg() != nil && !strings.Contains(strings.Split(fn.Pkg().Path(), "/")[0], ".") && f.eng.pass.Pkg != fn.Pkg() {
		return true
	}
	if s, _, _ := f.calleeSummary(c); s != nil {
		return true
	}
	return fn == nil && !c.IsInvoke() && len(f.of(c.Value)) > 0
}

// waitsFor reports whether a function literal waits for something that is
// among the captured.
func (f *flow) waitsFor(mc *ssa.MakeClosure, captured map[string]bool) bool {
	fn := mc.Fn.(*ssa.Function)
	inner := f.eng.flows[fn]
	if inner == nil {
		return false
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			ci, ok := in.(ssa.CallInstruction)
			if !ok || !waits[fullName(CalleeOf(ci.Common()))] {
				continue
			}
			i, rest, ok := splitAccess(inner.access(allArgs(ci.Common())[0]))
			if i -= len(fn.Params); ok && i >= 0 && i < len(mc.Bindings) && captured[f.access(mc.Bindings[i])+rest] {
				return true
			}
		}
	}
	return false
}
