package engine

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxWays is how many ways from a parameter are told apart.
const maxWays = 4

// pathsTo returns how a value, or what is in it, is read from a parameter, none if it
// is not, and reports false if that is not known. What is appended to a list, or
// stored in a literal, is read as it was, wherever that goes.
func (f *flow) pathsTo(v ssa.Value, o *Object, depth int) (paths []string, known bool) {
	if p, path, ok := f.origin(v); ok {
		if p != o.Index {
			return nil, true
		}
		if isAggregate(v.Type()) && path != "" && path[0] == '*' {
			path = allBelow
		}
		return []string{path}, true
	}
	if depth < 20 {
		switch v := v.(type) {
		case *ssa.Call:
			b, isBuiltin := v.Call.Value.(*ssa.Builtin)
			if isBuiltin && b.Name() == "append" && len(v.Call.Args) > 1 {
				if added := onlyElement(v.Call.Args[1]); added != nil {
					return f.pathsToAny(o, depth, v.Call.Args[0], added)
				}
			}
		case *ssa.MakeInterface:
			return f.pathsTo(v.X, o, depth+1)
		case *ssa.UnOp:
			if a, isAlloc := v.X.(*ssa.Alloc); isAlloc && literals[a.Comment] {
				if parts, ok := partsOf(a); ok {
					return f.pathsToAny(o, depth, parts...)
				}
			}
		case *ssa.Alloc:
			if literals[v.Comment] {
				if parts, ok := partsOf(v); ok {
					return f.pathsToAny(o, depth, parts...)
				}
			}
		}
	}
	for _, s := range f.sources(f.of(v)) {
		if s.o == o {
			return nil, false
		}
	}
	return nil, true
}

// pathsToAny is pathsTo for several values at once.
func (f *flow) pathsToAny(o *Object, depth int, values ...ssa.Value) (paths []string, known bool) {
	for _, v := range values {
		if !hasPointers(v.Type()) {
			continue
		}
		more, ok := f.pathsTo(v, o, depth+1)
		if !ok {
			return nil, false
		}
		for _, p := range more {
			if !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
	}
	return paths, len(paths) <= maxWays
}

// partsOf returns what is stored in the fields of a literal, and reports false if
// something else may be, too.
func partsOf(a *ssa.Alloc) (parts []ssa.Value, known bool) {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			for _, r := range *ref.Referrers() {
				st, ok := r.(*ssa.Store)
				if !ok || st.Addr != ref {
					return nil, false
				}
				parts = append(parts, st.Val)
			}
		case *ssa.Store:
			if ref.Addr == a {
				return nil, false
			}
		case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeInterface:
		default:
			return nil, false
		}
	}
	return parts, true
}

// onlyElement returns what append(s, x) appends, if that is a single value: so that
// where x is read from a parameter, it is known how.
func onlyElement(list ssa.Value) ssa.Value {
	s, ok := list.(*ssa.Slice)
	if !ok {
		return nil
	}
	a, ok := s.X.(*ssa.Alloc)
	if !ok || a.Comment != "varargs" {
		return nil
	}
	var only ssa.Value
	for _, ref := range *a.Referrers() {
		at, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, r := range *at.Referrers() {
			if st, ok := r.(*ssa.Store); ok {
				if only != nil {
					return nil
				}
				only = st.Val
			}
		}
	}
	return only
}
