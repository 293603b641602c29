package engine

import (
	"golang.org/x/tools/go/ssa"
)

// scopeOf returns the call that runs a function literal inside of a frame or a
// part of a frame of its own, and what it is; OpNone if there is none.
func (r *Result) scopeOf(fn *ssa.Function) (Op, ssa.CallInstruction) {
	parent := fn.Parent()
	if parent == nil {
		return OpNone, nil
	}
	f := r.eng.flows[parent]
	if f == nil {
		return OpNone, nil
	}
	for _, b := range parent.Blocks {
		for _, in := range b.Instrs {
			ci, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			c := ci.Common()
			op := OpOf(CalleeOf(c))
			switch op {
			case OpScope, OpSub:
			case OpNone:
				s, args, _ := f.calleeSummary(c)
				if s == nil {
					continue
				}
				for _, i := range s.Scopes {
					if i < len(args) && args[i] != nil && f.isFunction(args[i], fn) {
						return OpScope, ci
					}
				}
				continue
			default:
				continue
			}
			for _, a := range c.Args {
				if f.isFunction(a, fn) {
					return op, ci
				}
			}
		}
	}
	return OpNone, nil
}

func (f *flow) isFunction(v ssa.Value, fn *ssa.Function) bool {
	for t := range f.of(v) {
		if t.o.Kind == Closure && t.o.fn == fn {
			return true
		}
	}
	return false
}

// frameParam returns the index of a parameter that is a frame, or -1.
func frameParam(fn *ssa.Function) int {
	for i, p := range fn.Params {
		if IsFrame(p.Type()) {
			return i
		}
	}
	return -1
}

// each calls visit for each instruction of the package's functions.
func (r *Result) each(visit func(*flow, ssa.Instruction)) {
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				visit(f, in)
			}
		}
	}
}

// Calls calls visit for each call of an operation, with go and defer. The
// arguments begin with the receiver.
func (r *Result) Calls(visit func(op Op, name string, in ssa.CallInstruction, args []ssa.Value)) {
	r.each(func(f *flow, in ssa.Instruction) {
		ci, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		if fn := CalleeOf(ci.Common()); fn != nil {
			if op := OpOf(fn); op != OpNone {
				visit(op, libraryName(fn), ci, allArgs(ci.Common()))
			}
		}
	})
}
