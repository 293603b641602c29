package engine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// boxGarbage looks at values that are put into interfaces.
func (f *flow) boxGarbage(in *ssa.MakeInterface, g Garbage) (Garbage, bool) {
	if !f.eng.boxes(in.X) || isError(in.Type()) {
		return g, false
	}
	t := f.fateOf(in)
	if !t.costs() {
		return g, false
	}
	g.What, g.Form = "putting a "+typeName(in.X.Type())+" into an interface", "a pointer from framealloc.NewValue"
	if c, ok := t.sink.(*ssa.Call); ok {
		name := fullName(CalleeOf(&c.Call))
		if prints[name] {
			return g, false // the call is reported
		}
		if k, ok := containers[name]; ok {
			g.Form = k.form
		}
	}
	if !g.Pos.IsValid() { // an implicit conversion has none
		g.Pos = t.sink.Pos()
	}
	if !g.Pos.IsValid() {
		g.Pos = in.X.Pos()
	}
	return g, true
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// printsBoxed reports whether a function like Fprintf gets values that have to
// be put into interfaces, and writes to something else than the console.
func (f *flow) printsBoxed(c *ssa.Call) bool {
	args := c.Call.Args
	if mi, ok := args[0].(*ssa.MakeInterface); ok {
		if u, ok := mi.X.(*ssa.UnOp); ok {
			if g, ok := u.X.(*ssa.Global); ok && g.Pkg != nil && g.Pkg.Pkg.Path() == "os" {
				return false
			}
		}
	}
	s, ok := args[len(args)-1].(*ssa.Slice)
	if !ok {
		return false
	}
	a, ok := s.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *a.Referrers() {
		at, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *at.Referrers() {
			if st, ok := use.(*ssa.Store); ok {
				if mi, ok := st.Val.(*ssa.MakeInterface); ok && f.eng.boxes(mi.X) {
					return true
				}
			}
		}
	}
	return false
}

// prints lists the functions of fmt whose arguments are put into interfaces on
// the heap. Those that print to the console are not among them: who calls them
// in a frame is looking for something.
var prints = map[string]bool{
	"fmt.Fprintf": true, "fmt.Fprint": true, "fmt.Fprintln": true,
	"fmt.Appendf": true, "fmt.Append": true, "fmt.Appendln": true,
}

// containers lists functions that put an argument into an interface and keep it.
var containers = map[string]struct {
	into, arg int
	form      string
}{
	"container/heap.Push":                 {0, 1, "framealloc.NewPriorityQueue"},
	"(*container/list.List).PushBack":     {0, 1, "framealloc.NewVec or NewRing"},
	"(*container/list.List).PushFront":    {0, 1, "framealloc.NewRing"},
	"(*container/list.List).InsertBefore": {0, 1, "framealloc.NewVec or NewRing"},
	"(*container/list.List).InsertAfter":  {0, 1, "framealloc.NewVec or NewRing"},
}

// boxes reports whether putting a value into an interface needs memory: not
// for constants, pointers, and what is a byte or less.
func (e *Engine) boxes(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok {
		return false
	}
	t := v.Type()
	return !types.IsInterface(t) && !mentionsParam(t) && !pointerShaped(t) && e.size(t) > 1
}

func pointerShaped(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Struct:
		return u.NumFields() == 1 && pointerShaped(u.Field(0).Type())
	case *types.Array:
		return u.Len() == 1 && pointerShaped(u.Elem())
	}
	return false
}

func (e *Engine) size(t types.Type) int64 {
	if mentionsParam(t) || e.pass.TypesSizes == nil {
		return 0
	}
	return e.pass.TypesSizes.Sizeof(t)
}
