package engine

import (
	"sort"

	"golang.org/x/tools/go/ssa"
)

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
