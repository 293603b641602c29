package engine

import (
	"sort"

	"golang.org/x/tools/go/ssa"
)

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
