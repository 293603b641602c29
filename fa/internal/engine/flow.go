package engine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// flow is what is known about one function: for each value, what it may point
// to. It does not know the order of statements; what depends on order asks
// the control flow graph, see order.go.
type flow struct {
	eng     *Engine
	fn      *ssa.Function
	pts     map[ssa.Value]targets
	tuples  map[ssa.Value][]targets
	objects map[any]*Object
	handles map[string]*Handle
	paths   map[ssa.Value]string
	handed  map[ssa.Instruction][]ssa.Value // by a call of an iterator: its elements
	changed bool

	// While sinks are collected: what is being stored, by what.
	escapes *[]*Escape
	at      ssa.Instruction
	val     ssa.Value
	via     *Flow
	marked  *[]Mark
	emitted map[escapeKey]bool
	left    map[*Object]bool // objects that leave the function, while escapes are collected
}

type objKey struct {
	at any
	n  int
	h  *Handle
}

func (e *Engine) newFlow(fn *ssa.Function) *flow {
	return &flow{
		eng: e, fn: fn,
		pts: make(map[ssa.Value]targets), tuples: make(map[ssa.Value][]targets),
		objects: make(map[any]*Object), handles: make(map[string]*Handle),
		paths: make(map[ssa.Value]string),
	}
}

// solve computes the points-to sets.
func (f *flow) solve() {
	for round := 0; round < 30; round++ {
		f.changed = false
		for _, b := range f.fn.Blocks {
			for _, in := range b.Instrs {
				f.transfer(in)
			}
		}
		if !f.changed {
			return
		}
	}
}

func (f *flow) paramIndex(v ssa.Value) int {
	for i, p := range f.fn.Params {
		if p == v {
			return i
		}
	}
	for i, p := range f.fn.FreeVars {
		if p == v {
			return len(f.fn.Params) + i
		}
	}
	return -1
}

func (f *flow) object(key any, make func() *Object) *Object {
	o := f.objects[key]
	if o == nil {
		o = make()
		f.objects[key] = o
		f.changed = true
	}
	return o
}

// of returns what a value may point to.
func (f *flow) of(v ssa.Value) targets {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		if !hasPointers(v.Type()) {
			return nil
		}
		i := f.paramIndex(v)
		o := f.object(v, func() *Object {
			return &Object{Kind: Param, Index: i, Name: v.Name(), Pos: v.Pos(), Type: v.Type()}
		})
		return targets{{o, ""}: {}}
	case *ssa.Global:
		o := f.object(v, func() *Object {
			return &Object{Kind: Global, Name: v.Name(), Pos: v.Pos(), Type: v.Type()}
		})
		return targets{{o, ""}: {}}
	case *ssa.Function:
		o := f.object(v, func() *Object { return &Object{Kind: Closure, fn: v, Pos: v.Pos()} })
		return targets{{o, ""}: {}}
	}
	return f.pts[v]
}

func (f *flow) add(v ssa.Value, ts targets) {
	if len(ts) == 0 {
		return
	}
	set := f.pts[v]
	if set == nil {
		set = make(targets)
		f.pts[v] = set
	}
	for t := range ts {
		if _, ok := set[t]; !ok && t.fits(v.Type()) {
			set[t] = struct{}{}
			f.changed = true
		}
	}
}

func (f *flow) addTuple(v ssa.Value, i int, ts targets) {
	list := f.tuples[v]
	for len(list) <= i {
		list = append(list, nil)
	}
	if list[i] == nil {
		list[i] = make(targets)
	}
	f.tuples[v] = list
	for t := range ts {
		if _, ok := list[i][t]; !ok {
			list[i][t] = struct{}{}
			f.changed = true
		}
	}
}

// result adds to the k-th result of a call.
func (f *flow) result(call ssa.Value, k int, ts targets) {
	if call == nil || len(ts) == 0 {
		return
	}
	if tup, ok := call.Type().(*types.Tuple); ok {
		if k < tup.Len() {
			f.addTuple(call, k, ts)
		}
		return
	}
	if k == 0 {
		f.add(call, ts)
	}
}

func resultType(call ssa.Value, k int) types.Type {
	if call == nil {
		return nil
	}
	if tup, ok := call.Type().(*types.Tuple); ok {
		if k < tup.Len() {
			return tup.At(k).Type()
		}
		return nil
	}
	if k > 0 {
		return nil
	}
	return call.Type()
}

func (f *flow) local(in ssa.Value, name string) targets {
	o := f.object(in, func() *Object {
		i, _ := in.(ssa.Instruction)
		return &Object{Kind: Local, Pos: in.Pos(), Type: in.Type(), Instr: i, Name: name}
	})
	return targets{{o, ""}: {}}
}

// add2 adds without looking at the type, for values of internal types.
func (f *flow) add2(v ssa.Value, ts targets) {
	set := f.pts[v]
	if set == nil {
		set = make(targets)
		f.pts[v] = set
	}
	for t := range ts {
		if _, ok := set[t]; !ok {
			set[t] = struct{}{}
			f.changed = true
		}
	}
}
