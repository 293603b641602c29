package engine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// mayEnd reports whether a call may end the owner's frame without our knowing:
// it is given the owner, or what leads to it, and nothing is known about it.
func (f *flow) mayEnd(in ssa.Instruction, owner string) bool {
	ci, ok := in.(ssa.CallInstruction)
	if !ok {
		return false
	}
	c := ci.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	fn := CalleeOf(c)
	if OpOf(fn) != OpNone {
		return false
	}
	if s, _, _ := f.calleeSummary(c); s != nil {
		return false
	}
	if callee := c.StaticCallee(); callee != nil && f.eng.known(callee) {
		return false
	}
	base := root(owner)
	for _, a := range allArgs(c) {
		if leadsToOwner(a.Type(), 0) && root(f.access(a)) == base {
			return true
		}
	}
	if fn == nil && !c.IsInvoke() {
		// A function value may have captured it.
		for t := range f.of(c.Value) {
			if t.o.Kind == Closure {
				return false
			}
		}
		return base == root(f.access(c.Value)) && strings.HasPrefix(base, "p")
	}
	return false
}

// isLocalOwner reports whether an owner was made by this function and is
// known to nobody else.
func (f *flow) isLocalOwner(owner string) bool {
	name := strings.TrimSuffix(owner, ".Main()")
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || OpOf(CalleeOf(&c.Call)) != OpNewOwner || f.access(c) != name {
				continue
			}
			for _, ref := range *c.Referrers() {
				switch ref := ref.(type) {
				case *ssa.Call:
					if OpOf(CalleeOf(&ref.Call)) == OpNone {
						return false
					}
				case *ssa.Defer, *ssa.DebugRef:
				default:
					return false
				}
			}
			return true
		}
	}
	return false
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
