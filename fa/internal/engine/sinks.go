package engine

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

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
		f.emitFrom(e, s)
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

// emitFrom emits an escape for each way in which what leaves is read from its
// parameter, as far as that is known. Where it is not, it may be anything that the
// parameter leads to.
func (f *flow) emitFrom(e *Escape, s source) {
	e.Vague = f.via != nil && f.via.Vague
	if s.o.Kind != Param {
		f.emit(e)
		return
	}
	if f.val != nil {
		if paths, known := f.pathsTo(f.val, s.o, 0); known && len(paths) > 0 {
			for _, path := range paths {
				way := *e
				way.Path = path
				way.Vague = way.Vague || path == allBelow // which of it, is not known
				f.emit(&way)
			}
			return
		}
	}
	if s.o.Index >= len(f.fn.Params) {
		e.Path = "~"
		f.emit(e)
		return
	}
	whole, below := f.passesOn(s.o)
	if !whole {
		e.Vague = true
	}
	if below {
		e.Path = allBelow // what it is exactly would be a way of its own for each caller of callers
	}
	f.emit(e)
}

// passesOn reports whether a parameter is passed as a whole to a function that stores
// it as a whole, or one that stores something behind it.
func (f *flow) passesOn(o *Object) (whole, below bool) {
	if f.via == nil || f.via.From.Kind != FromParam {
		return false, false
	}
	args := callArgs(f.at)
	if f.via.From.Param >= len(args) || args[f.via.From.Param] == nil {
		return false, false
	}
	p, path, ok := f.origin(args[f.via.From.Param])
	if !ok || p != o.Index || path != "" {
		return false, false
	}
	return f.via.From.Path == "", strings.HasPrefix(f.via.From.Path, "*")
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
		e := &Escape{From: s.o, To: fl.To, Instr: in, Pos: in.Pos(), Closure: s.closure, Steps: s.steps, Callee: fl, Vague: fl.Vague}
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
		e := &Escape{From: s.o, To: sink, Instr: in, Pos: in.Pos(), Closure: s.closure, Steps: s.steps}
		f.emitFrom(e, s)
	}
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
		if s.o.Kind == Memory || s.o.Kind == Frame {
			e.Ended = f.endedAt(in, s.o)
		}
		if s.path == "" {
			f.emitFrom(e, s)
		} else {
			f.emit(e)
		}
	}
}

func (w *fateWalk) stored(st *ssa.Store) {
	base := st.Addr
	for {
		switch b := base.(type) {
		case *ssa.FieldAddr:
			base = b.X
			continue
		case *ssa.IndexAddr:
			if _, ok := b.X.Type().Underlying().(*types.Pointer); ok {
				base = b.X
				continue
			}
			w.into(st, b.X)
			return
		}
		break
	}
	switch b := base.(type) {
	case *ssa.Alloc:
		switch {
		case b.Comment == "varargs":
			w.spread(b)
		case literals[b.Comment]:
			w.follow(b) // it goes where the literal goes
			w.loads(b)
		default:
			w.variable(st, b)
		}
	case *ssa.FreeVar:
		w.away = true
	default:
		w.into(st, base)
	}
}

// passed follows an argument of a call.
func (w *fateWalk) passed(v ssa.Value, call *ssa.Call) {
	c := &call.Call
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && c.Args[0] == v {
			w.follow(call)
		}
		return
	}
	if c.IsInvoke() {
		switch {
		case slices.Contains(c.Args, v):
			w.away = true
		case !w.devirtualized(c.Value) && (!w.param || !w.f.mayInline()):
			w.onHeap(call)
		}
		return
	}
	if c.Value == v {
		return // a function that is called does not move
	}
	fn := CalleeOf(c)
	if k, ok := containers[fullName(fn)]; ok && c.Args[k.arg] == v {
		into := c.Args[k.into]
		if mi, ok := into.(*ssa.MakeInterface); ok {
			into = mi.X
		}
		w.into(call, into)
		return
	}
	switch op := OpOf(fn); op {
	case OpNone:
	case OpMethod:
		if c.Args[0] != v && !isText(c.Args[0].Type()) {
			w.into(call, c.Args[0])
		}
		return
	case OpAlloc:
		switch fn.Name() {
		case "NewValue", "TryNewValue":
			w.into(call, call)
		}
		return
	case OpSub, OpScope, OpParallel, OpGroupGo, OpTag, OpQuery:
		return
	default:
		w.away = true
		return
	}
	callee := c.StaticCallee()
	s := (*Summary)(nil)
	if callee != nil {
		s = w.f.eng.summaryOf(callee)
	}
	if _, literal := c.Value.(*ssa.MakeClosure); s == nil || literal {
		w.away = w.away || !standard(fn)
		return
	}
	for i, a := range c.Args {
		if a != v {
			continue
		}
		if slices.Contains(s.Heap, i) {
			w.onHeap(call)
		}
		for k := range s.Flows {
			fl := &s.Flows[k]
			if fl.From.Kind != FromParam || fl.From.Param != i {
				continue
			}
			switch {
			case fl.To.Kind == ToResult:
				w.follow(call)
				_, tuple := call.Type().(*types.Tuple)
				w.away = w.away || tuple
			case fl.To.Kind == ToParam && fl.To.Param < len(c.Args):
				w.into(call, c.Args[fl.To.Param])
			default:
				w.away = true
			}
		}
	}
}
