package engine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Retention is a value that is retained with a policy which nothing follows up.
type Retention struct {
	Pos    token.Pos
	Policy string
	End    token.Pos
	Reset  bool // it goes to a scratch pool that is reset right away
}

// Retentions finds values that are promoted at the end of a frame which this
// function ends without taking the promotions.
func (r *Result) Retentions() []Retention {
	var list []Retention
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		op, call := r.scopeOf(fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || OpOf(CalleeOf(&c.Call)) != OpRetain || len(c.Call.Args) < 2 {
					continue
				}
				policy := policyName(c.Call.Args[1])
				if policy == "Discard" || policy == "?" {
					continue
				}
				if policy == "ToScratch" {
					if end, ok := f.resetAfter(c); ok {
						list = append(list, Retention{Pos: c.Pos(), Policy: policy, End: end, Reset: true})
					}
					continue
				}
				for _, h := range f.handlesOf(c.Call.Args[0]) {
					h = h.Region()
					if op == OpScope && h.Kind == Given && h.Path == "" && h.Param == frameParam(fn) {
						list = append(list, Retention{Pos: c.Pos(), Policy: policy, End: call.Pos()})
						break
					}
					var end *Mark
					taken := false
					for _, m := range f.marks() {
						if !m.Begin && endsOwner(h, m.Owner) {
							taken = taken || m.Take || m.Callee != ""
							end = &m
						}
					}
					if h.Kind == Begun && end != nil && !taken {
						list = append(list, Retention{Pos: c.Pos(), Policy: policy, End: end.Instr.Pos()})
						break
					}
				}
			}
		}
	}
	return list
}

func (f *flow) resetAfter(retain ssa.Instruction) (token.Pos, bool) {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			ci, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			fn := CalleeOf(ci.Common())
			if fn == nil {
				continue
			}
			if name := libraryName(fn); (name == "Allocator.ResetScratch" || name == "Scratch.Reset") && f.path(retain, in, nil) {
				return in.Pos(), true
			}
		}
	}
	return 0, false
}

// Unbudgeted lists the workers that are made and given no budget.
func (r *Result) Unbudgeted() []token.Pos {
	budgeted := make(map[string]bool) // names of fields that workers with a budget are kept in
	r.each(func(f *flow, in ssa.Instruction) {
		if c, ok := in.(*ssa.Call); ok && OpOf(CalleeOf(&c.Call)) == OpBudget {
			if name := lastField(f.access(c.Call.Args[0])); name != "?" {
				budgeted[name] = true
			}
		}
	})
	var list []token.Pos
	r.each(func(f *flow, in ssa.Instruction) {
		c, ok := in.(*ssa.Call)
		if !ok {
			return
		}
		if fn := CalleeOf(&c.Call); fn == nil || libraryName(fn) != "Allocator.NewWorker" {
			return
		}
		if !f.getsBudget(c, budgeted) {
			list = append(list, c.Pos())
		}
	})
	return list
}

func lastField(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return "?"
}

func (f *flow) getsBudget(worker *ssa.Call, fields map[string]bool) bool {
	name := f.access(worker)
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case ssa.CallInstruction:
				c := in.Common()
				if OpOf(CalleeOf(c)) == OpBudget && f.access(c.Args[0]) == name {
					return true
				}
				s, args, _ := f.calleeSummary(c)
				if s == nil {
					for _, a := range allArgs(c) {
						if OpOf(CalleeOf(c)) == OpNone && f.access(a) == name {
							return true // unknown: it may be given one there
						}
					}
					continue
				}
				for _, i := range s.Budget {
					if i < len(args) && args[i] != nil && f.access(args[i]) == name {
						return true
					}
				}
			case *ssa.Return:
				for _, v := range in.Results {
					if f.access(v) == name && !f.namedResult(v) {
						return true // the caller's business
					}
				}
			case *ssa.Store:
				if in.Val == worker && fields[lastField(f.access(in.Addr))] {
					return true
				}
			}
		}
	}
	return false
}

// namedResult reports whether the function makes workers with a budget, too:
// then the one without is the odd one.
func (f *flow) namedResult(ssa.Value) bool {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && OpOf(CalleeOf(&c.Call)) == OpBudget {
				return true
			}
		}
	}
	return false
}

// Outsider is a goroutine that runs frames beside a barrier that others share.
type Outsider struct {
	Pos, Inside token.Pos
}

// Outsiders finds them among the goroutines that one function starts.
func (r *Result) Outsiders() []Outsider {
	var list []Outsider
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		var inside token.Pos
		var out []token.Pos
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				ci, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				c := ci.Common()
				var body *ssa.Function
				if _, isGo := in.(*ssa.Go); isGo {
					body = f.bodyOf(c.Value)
				} else if i, ok := starts[fullName(CalleeOf(c))]; ok && i < len(allArgs(c)) {
					body = f.bodyOf(allArgs(c)[i])
				}
				if body == nil {
					continue
				}
				s := r.eng.summaryOf(body)
				switch {
				case s == nil || !s.Frames:
				case s.Barrier:
					inside = in.Pos()
				case !makesAllocator(body):
					out = append(out, in.Pos())
				}
			}
		}
		if inside.IsValid() {
			for _, pos := range out {
				list = append(list, Outsider{pos, inside})
			}
		}
	}
	return list
}

func (f *flow) bodyOf(v ssa.Value) *ssa.Function {
	for t := range f.of(v) {
		if t.o.Kind == Closure {
			return t.o.fn
		}
	}
	return nil
}

func makesAllocator(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok {
				if callee := CalleeOf(&c.Call); callee != nil && libraryName(callee) == "NewAllocator" {
					return true
				}
			}
		}
	}
	return false
}

// ForeignFrees lists the frees of objects that came over a channel.
func (r *Result) ForeignFrees() []token.Pos {
	var list []token.Pos
	r.each(func(f *flow, in ssa.Instruction) {
		c, ok := in.(*ssa.Call)
		if !ok || OpOf(CalleeOf(&c.Call)) != OpPoolPut || !f.path(in, in, nil) {
			return
		}
		for _, a := range c.Call.Args {
			if received(a, 0) {
				list = append(list, c.Pos())
				return
			}
		}
	})
	return list
}

func received(v ssa.Value, depth int) bool {
	if depth > 5 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return true
		}
		return received(v.X, depth+1)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.UnOp:
			return t.Op == token.ARROW
		case *ssa.Select:
			return v.Index >= 2
		}
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v && received(st.Val, depth+1) {
				return true
			}
		}
	case *ssa.FieldAddr:
		return received(v.X, depth+1)
	case *ssa.Field:
		return received(v.X, depth+1)
	}
	return false
}

// Tagged is a constant tag name in a call.
type Tagged struct {
	Pos  token.Pos
	Name string
}

// Tags lists the tags that the package sets with constant names.
func (r *Result) Tags() []Tagged {
	var list []Tagged
	r.Calls(func(op Op, _ string, in ssa.CallInstruction, args []ssa.Value) {
		if op == OpTag && len(args) > 1 {
			if name, ok := constString(args[1]); ok {
				list = append(list, Tagged{in.Pos(), name})
			}
		}
	})
	return list
}

// Intended is an allocation with the intent that it states.
type Intended struct {
	Pos    token.Pos
	Intent string // of settings.Intents
	Name   string // of the function
}

// takesRoom lists the methods of a handle.Table that take memory from it.
var takesRoom = set("New TryNew NewValue TryNewValue NewSlice TryNewSlice Resize TryResize")

// Intents lists the allocations of the package with their intents.
func (r *Result) Intents() []Intended {
	var list []Intended
	r.each(func(f *flow, in ssa.Instruction) {
		ci, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		fn := CalleeOf(ci.Common())
		if fn == nil {
			return
		}
		rel, ok := inLibrary(fn.Pkg())
		if !ok {
			return
		}
		intent := ""
		switch op := OpOf(fn); {
		case op == OpPoolGet && fn.Name() != "Get" || op == OpPoolGet && isLibraryType(ci.Common().Args[0].Type(), "", "Pool"):
			intent = "pool"
		case fn.Name() == "HeapNew" || fn.Name() == "HeapSlice":
			intent = "heap"
		case rel == "handle":
			if takesRoom[fn.Name()] {
				intent = rel
			}
		case rel == "stream":
			if op == OpEntry || op == OpFill || op == OpUse {
				intent = rel
			}
		case op == OpAlloc || op == OpRetain:
			intent = "frame"
			for _, h := range f.handlesOf(ci.Common().Args[0]) {
				if h.Kind == Long && h.Call != nil {
					intent = "scratch"
					if callee := CalleeOf(h.Call.(ssa.CallInstruction).Common()); callee != nil && callee.Pkg().Name() == "group" {
						intent = "group"
					}
				}
			}
		}
		if intent != "" {
			list = append(list, Intended{in.Pos(), intent, fn.Name()})
		}
	})
	return list
}
