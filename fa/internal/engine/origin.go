package engine

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// origin returns the path from a parameter to a value, as a [Ref] writes it.
func (f *flow) origin(v ssa.Value) (param int, path string, ok bool) {
	param, path, loaded, ok := f.originOf(v, 0)
	if !ok || strings.Count(path, ".")+strings.Count(path, "[") > 4 {
		return param, "~", ok
	}
	if loaded {
		path = "*" + path
	}
	return param, path, true
}

func (f *flow) originOf(v ssa.Value, depth int) (param int, path string, loaded, ok bool) {
	if depth > 20 {
		return 0, "", false, false
	}
	depth++
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return f.paramIndex(v), "", false, true
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return 0, "", false, false
		}
		if a, isAlloc := v.X.(*ssa.Alloc); isAlloc {
			if s := f.onlyStore(a); s != nil {
				return f.originOf(s, depth)
			}
			return 0, "", false, false
		}
		param, path, _, ok = f.originOf(v.X, depth)
		return param, path, true, ok
	case *ssa.FieldAddr:
		param, path, _, ok = f.originOf(v.X, depth)
		return param, path + "." + fieldName(v.X.Type(), v.Field), false, ok
	case *ssa.Field:
		param, path, loaded, ok = f.originOf(v.X, depth)
		return param, path + "." + fieldName(v.X.Type(), v.Field), loaded, ok
	case *ssa.IndexAddr:
		param, path, _, ok = f.originOf(v.X, depth)
		return param, path + "[]", false, ok
	case *ssa.Slice:
		return f.originOf(v.X, depth)
	case *ssa.ChangeType:
		return f.originOf(v.X, depth)
	case *ssa.MakeInterface:
		return f.originOf(v.X, depth)
	case *ssa.ChangeInterface:
		return f.originOf(v.X, depth)
	case *ssa.TypeAssert:
		return f.originOf(v.X, depth)
	case *ssa.Convert:
		return f.originOf(v.X, depth)
	}
	return 0, "", false, false
}
