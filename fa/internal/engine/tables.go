package engine

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Package handle: what a table holds outlives frames, as what a pool hands out
// does. A handle has no pointers and leads nowhere, so it may be kept.

// tableUse says how a function got at a place in a table.
type tableUse struct {
	table  string          // access path of the table
	handle string          // access path of the handle; "" for iterations
	value  ssa.Value       // the handle, or the call that returns it
	made   ssa.Instruction // where this function got the table; nil if it was given it
}

// tablePlaces returns what a call that is given a table gets at: an object for
// each call, whose elements are the values. What is stored through one handle
// is not found again through another.
func (f *flow) tablePlaces(in ssa.Instruction, table, handle ssa.Value) targets {
	out := make(targets)
	for t := range f.of(table) {
		var made ssa.Instruction
		if t.o.Kind == Local {
			made = t.o.Instr
		}
		o := f.object(objKey{at: [2]any{in, made}, n: 600}, func() *Object {
			use := &tableUse{table: f.access(table), value: handle, made: made}
			if handle != nil {
				use.handle = f.access(handle)
			}
			return &Object{Kind: Pooled, Pos: in.Pos(), Instr: in, Name: "value of a table", table: use}
		})
		out[target{o, ""}] = struct{}{}
	}
	return out
}

// tableStore is a call that makes a value of its argument.
func (f *flow) tableStore(in ssa.Instruction, args []ssa.Value) {
	v, _ := in.(ssa.Value) // the handle
	for t := range f.tablePlaces(in, args[0], v) {
		f.store(t.at("[]"), args[1], in.Pos())
	}
}

// tableValue makes a pointer or a slice into a table, or an iterator over
// these, the result of a call.
func (f *flow) tableValue(in ssa.Instruction, name string, args []ssa.Value, v ssa.Value) {
	if v == nil {
		return
	}
	var handle ssa.Value
	if len(args) > 1 {
		handle = args[1]
	}
	places := make(targets)
	for t := range f.tablePlaces(in, args[0], handle) {
		switch name {
		case "Get", "Lookup", "All":
			t = t.at("[]")
		}
		places[t] = struct{}{}
	}
	if handle == nil {
		o := f.object(objKey{at: in, n: 601}, func() *Object {
			return &Object{Kind: Local, Pos: in.Pos(), Type: v.Type(), Instr: in, Name: "iterator", iterates: true}
		})
		f.put(target{o, "[]"}, places, in.Pos())
		places = targets{{o, ""}: {}}
	}
	f.result(v, 0, places)
}

// ofTable reports whether a slice is what a table returned, as a whole: to
// append to it copies it out of the table.
func (f *flow) ofTable(v ssa.Value) bool { return f.wholeOfTable(v, make(map[ssa.Value]bool)) }

func (f *flow) wholeOfTable(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			return f.wholeOfTable(v.Call.Args[0], seen)
		}
		return OpOf(CalleeOf(&v.Call)) == OpTableValue
	case *ssa.Extract:
		return f.wholeOfTable(v.Tuple, seen)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !f.wholeOfTable(e, seen) {
				return false
			}
		}
		return true
	}
	return false
}

// tableKeeps reports whether what an escape stores in a table is still there
// when the frame is over, as far as this function knows.
func (f *flow) tableKeeps(e *Escape) bool {
	use := e.Dst.table
	if use.made != nil {
		// The function's own table: known to be there for longer only if it was
		// there before the frame.
		if e.From.Kind != Memory {
			return false
		}
		h := e.From.Handle.Region()
		if h.Kind != Begun || h.Call == nil || f.path(h.Call, use.made, nil) {
			return false
		}
	}
	return !f.frees(e, use)
}

// clearedInLoop reports whether the body of a loop over a table takes out again
// what it stored.
func (f *flow) clearedInLoop(e *Escape) bool {
	call, ok := e.Instr.(*ssa.Call)
	if !ok || e.Callee == nil {
		return false
	}
	for _, a := range call.Call.Args {
		mc, ok := a.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		body := mc.Fn.(*ssa.Function)
		for _, in := range f.eng.escapes[body] {
			if in.Pos == e.Pos && f.eng.flows[body].cleared(in) {
				return true
			}
		}
	}
	return false
}

// frees reports whether the function, or a literal in it, may free what an
// escape stored in a table.
func (f *flow) frees(e *Escape, use *tableUse) bool {
	found := false
	f.eachFree(func(at ssa.Instruction, pos token.Pos, table, handle string, v ssa.Value) {
		_, deferred := at.(*ssa.Defer)
		switch {
		case found:
		case use.value == nil && handle != "": // an iteration: the handle is the loop's
			found = pos > e.Pos && isBody(at, e.Instr)
		case !deferred && !f.path(e.Instr, at, nil):
		case handle == "": // Clear
			found = use.table == "" || table == use.table
		default:
			found = f.mayName(handle, v, use)
		}
	})
	return found
}

// isBody reports whether a literal is an argument of a call: the body of a loop.
func isBody(literal, call ssa.Instruction) bool {
	mc, ok := literal.(*ssa.MakeClosure)
	c, isCall := call.(*ssa.Call)
	return ok && isCall && slices.Contains(c.Call.Args, ssa.Value(mc))
}

// eachFree calls fn for what frees values of tables: in the function, and in
// its literals, where v is nil and the paths are as seen from here.
func (f *flow) eachFree(fn func(at ssa.Instruction, pos token.Pos, table, handle string, v ssa.Value)) {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case ssa.CallInstruction:
				if args, ok := freeArgs(in); ok {
					table, handle, v := f.access(args[0]), "", ssa.Value(nil)
					if len(args) > 1 {
						v = args[1]
						handle = f.access(v)
					}
					fn(in, in.Pos(), table, handle, v)
				}
			case *ssa.MakeClosure:
				inner := f.eng.flows[in.Fn.(*ssa.Function)]
				if inner == nil {
					continue
				}
				for _, b := range inner.fn.Blocks {
					for _, free := range b.Instrs {
						ci, ok := free.(ssa.CallInstruction)
						if !ok {
							continue
						}
						if args, ok := freeArgs(ci); ok {
							handle := ""
							if len(args) > 1 {
								handle = f.outside(in, inner.access(args[1]))
							}
							fn(in, ci.Pos(), f.outside(in, inner.access(args[0])), handle, nil)
						}
					}
				}
			}
		}
	}
}

func freeArgs(in ssa.CallInstruction) ([]ssa.Value, bool) {
	return in.Common().Args, OpOf(CalleeOf(in.Common())) == OpTableFree
}

// outside turns an access path of a literal into one of the function around it.
func (f *flow) outside(mc *ssa.MakeClosure, path string) string {
	i, rest, ok := splitAccess(path)
	if i -= len(mc.Fn.(*ssa.Function).Params); ok && i >= 0 && i < len(mc.Bindings) {
		return f.access(mc.Bindings[i]) + rest
	}
	return "literal:" + path
}

// mayName reports whether a handle that is freed may be the one that a place
// was got with: it is read from the same place, or from a place of this
// function, or the other one was stored where it is read.
func (f *flow) mayName(freed string, v ssa.Value, use *tableUse) bool {
	if freed == use.handle || strings.HasPrefix(freed, use.handle+"#") || strings.HasPrefix(use.handle, freed+"#") {
		return true
	}
	if f.storedAt(use.value, freed) {
		return true
	}
	switch v := v.(type) {
	case *ssa.UnOp, *ssa.Index, *ssa.Lookup, *ssa.Phi:
		_, _, given := splitAccess(freed)
		return !given && !strings.HasPrefix(freed, "g:")
	case *ssa.Extract:
		_, next := v.Tuple.(*ssa.Next)
		return next
	}
	return false
}

// storedAt reports whether a value, or a result of it, is stored at a path.
func (f *flow) storedAt(v ssa.Value, path string) bool {
	if v == nil || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == v && f.access(ref.Addr) == path {
				return true
			}
		case *ssa.Extract:
			if f.storedAt(ref, path) {
				return true
			}
		}
	}
	return false
}
