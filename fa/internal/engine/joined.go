package engine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

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
