package engine

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// access returns a name for what a value is read from, such that two values
// with the same name are mostly the same: "p0.world.alloc" is a field of a
// field of the first parameter. Loads are not written down.
func (f *flow) access(v ssa.Value) string {
	if s, ok := f.paths[v]; ok {
		return s
	}
	f.paths[v] = "v:" + v.Name() // ends cycles
	s := f.accessOf(v)
	f.paths[v] = s
	return s
}

// tickFrame is the access path of the frame that package ebitenframe has for a
// callback: the tick's in Update.
const tickFrame = "ebitenframe.Frame()"

func (f *flow) accessOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return "p" + strconv.Itoa(f.paramIndex(v))
	case *ssa.Global:
		return "g:" + v.Pkg.Pkg.Path() + "." + v.Name()
	case *ssa.Alloc:
		if stored := f.onlyStore(v); stored != nil {
			return f.access(stored)
		}
		return fmt.Sprintf("a%s", v.Name())
	case *ssa.FieldAddr:
		return f.access(v.X) + "." + fieldName(v.X.Type(), v.Field)
	case *ssa.Field:
		return f.access(v.X) + "." + fieldName(v.X.Type(), v.Field)
	case *ssa.IndexAddr:
		return f.access(v.X) + "[" + indexName(v.Index) + "]"
	case *ssa.UnOp:
		return f.access(v.X)
	case *ssa.ChangeType:
		return f.access(v.X)
	case *ssa.MakeInterface:
		return f.access(v.X)
	case *ssa.ChangeInterface:
		return f.access(v.X)
	case *ssa.TypeAssert:
		return f.access(v.X)
	case *ssa.Extract:
		return f.access(v.Tuple) + "#" + strconv.Itoa(v.Index)
	case *ssa.Phi:
		if len(v.Edges) > 0 {
			first := f.access(v.Edges[0])
			same := true
			for _, e := range v.Edges[1:] {
				same = same && f.access(e) == first
			}
			if same {
				return first
			}
		}
	case *ssa.Call:
		c := &v.Call
		fn := CalleeOf(c)
		if fn == nil {
			break
		}
		if fullName(fn) == Library+"/ebitenframe.Frame" {
			return tickFrame
		}
		switch OpOf(fn) {
		case OpGetOwner:
			if fn.Name() == "Worker" {
				for _, h := range f.handlesOf(c.Args[0]) {
					if h.Kind == Begun && h.Owner != "" {
						return h.Owner
					}
				}
			}
			return f.access(c.Args[0]) + "." + fn.Name() + "()"
		case OpTableValue:
			if len(c.Args) > 1 { // the same value for the same handle
				return f.access(c.Args[0]) + "[" + f.access(c.Args[1]) + "]"
			}
		case OpNone:
			if fn.Signature().Recv() != nil && !c.IsInvoke() && len(c.Args) == 1 &&
				(IsOwner(v.Type()) || IsFrame(v.Type())) {
				return f.access(c.Args[0]) + "." + fn.Name() + "()" // a getter
			}
		}
	}
	return "v:" + v.Name()
}

// owner returns the access path of the worker behind a worker or allocator.
func (f *flow) owner(v ssa.Value) string { return ownerPath(f.access(v), v.Type()) }

func ownerPath(path string, t types.Type) string {
	if isLibraryType(t, "", "Allocator") {
		return path + ".Main()"
	}
	return path
}

// onlyStore returns the value that a variable always has: that of the single
// store to it, if its address goes nowhere else than into closures that do not
// assign it.
func (f *flow) onlyStore(a *ssa.Alloc) ssa.Value {
	var stored ssa.Value
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != a || stored != nil {
				return nil
			}
			stored = ref.Val
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				fn, _ := ref.Fn.(*ssa.Function)
				if b == a && (fn == nil || i >= len(fn.FreeVars) || assigned(fn.FreeVars[i])) {
					return nil
				}
			}
		}
	}
	return stored
}

// assigned reports whether a closure assigns to a variable that it captured.
func assigned(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				return true
			}
		case *ssa.MakeClosure:
			fn, _ := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == v && (fn == nil || i >= len(fn.FreeVars) || assigned(fn.FreeVars[i])) {
					return true
				}
			}
		}
	}
	return false
}

// splitAccess splits an access path that begins at a parameter.
func splitAccess(path string) (param int, rest string, ok bool) {
	if !strings.HasPrefix(path, "p") {
		return 0, "", false
	}
	i := 1
	for i < len(path) && path[i] >= '0' && path[i] <= '9' {
		i++
	}
	param, err := strconv.Atoi(path[1:i])
	return param, path[i:], err == nil
}

// root returns the part of an access path that names where it begins.
func root(path string) string {
	if strings.HasPrefix(path, "g:") {
		if i := strings.LastIndexByte(path, '/'); i >= 0 {
			if j := strings.IndexByte(path[i:], '.'); j >= 0 { // pkg.name
				if k := strings.IndexAny(path[i+j+1:], ".["); k >= 0 {
					return path[:i+j+1+k]
				}
			}
		}
		return path
	}
	if i := strings.IndexAny(path, ".[#"); i >= 0 {
		return path[:i]
	}
	return path
}

func fieldName(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		return s.Field(i).Name()
	}
	return "?" + strconv.Itoa(i)
}

func indexName(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		return c.Value.String()
	}
	return v.Name()
}
