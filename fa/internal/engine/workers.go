package engine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Shared is a worker that a goroutine and the function that starts it use.
type Shared struct {
	Pos token.Pos
	Way []Step
}

// SharedWorkers finds workers that begin frames in a goroutine and are used by
// the function that started it without waiting, or by every turn of a loop.
func (r *Result) SharedWorkers() []Shared {
	var list []Shared
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				ci, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				c := ci.Common()
				_, isGo := in.(*ssa.Go)
				var bodies []ssa.Value
				var args []ssa.Value
				if isGo {
					bodies, args = []ssa.Value{c.Value}, c.Args
				} else if i, ok := starts[fullName(CalleeOf(c))]; ok {
					bodies = []ssa.Value{allArgs(c)[i]}
				} else {
					continue
				}
				for _, owner := range f.ownersOf(bodies, args) {
					if s, ok := f.sharedBy(in, owner); ok {
						list = append(list, s)
						break
					}
				}
			}
		}
	}
	return list
}

// ownersOf lists the owners whose frames a goroutine begins or ends.
func (f *flow) ownersOf(bodies, args []ssa.Value) []string {
	var owners []string
	for _, v := range bodies {
		for t := range f.of(v) {
			if t.o.Kind != Closure || t.o.fn == nil {
				continue
			}
			inner := f.eng.flows[t.o.fn]
			if inner == nil {
				if own := f.eng.byObject[funcObject(t.o.fn)]; own != nil {
					inner = f.eng.flows[own]
				}
			}
			if inner == nil {
				continue
			}
			cargs := closureArgs(t.o.fn, args, t.o.bindings)
			for _, name := range inner.runs() {
				i, rest, ok := splitAccess(name)
				if ok && i < len(cargs) && cargs[i] != nil {
					owners = append(owners, f.access(cargs[i])+rest)
				}
			}
		}
	}
	return owners
}

// runs lists the owners whose frames this function runs.
func (f *flow) runs() []string {
	var owners []string
	for _, m := range f.marks() {
		if m.Begin {
			owners = append(owners, m.Owner)
		}
	}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && OpOf(CalleeOf(&c.Call)) == OpScope {
				owners = append(owners, f.owner(c.Call.Args[0]))
			}
		}
	}
	return owners
}

// sharedBy reports whether the function goes on using an owner behind the
// start of a goroutine that runs its frames.
func (f *flow) sharedBy(start ssa.Instruction, owner string) (Shared, bool) {
	if f.joinedAfter(start) {
		return Shared{}, false
	}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			switch OpOf(CalleeOf(&c.Call)) {
			case OpBegin, OpEnd, OpEndTake, OpScope:
			default:
				continue
			}
			if f.owner(c.Call.Args[0]) == owner && f.path(start, in, nil) {
				return Shared{Pos: start.Pos(), Way: []Step{
					{start.Pos(), "a goroutine that runs frames of this worker starts here"},
					{in.Pos(), "and this function runs frames of it, too"},
				}}, true
			}
		}
	}
	return Shared{}, false
}
