package engine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// boundMethod is a method of a value in frame memory: what it is given is
// stored in that memory, what it returns is a part of it or an element.
func (f *flow) boundMethod(in ssa.Instruction, fn *types.Func, args []ssa.Value, v ssa.Value) {
	recv := f.of(args[0])
	for _, a := range args[1:] {
		if !hasPointers(a.Type()) {
			continue
		}
		if isText(args[0].Type()) {
			continue // the bytes are copied
		}
		for t := range recv {
			if fn.Signature().Variadic() && a == args[len(args)-1] {
				f.elements(a, t, in.Pos())
			} else {
				f.store(t.at("[]"), a, in.Pos())
			}
		}
	}
	if v == nil {
		return
	}
	res := fn.Signature().Results()
	if isHandle(args[0].Type()) {
		for x := range recv {
			if x.o.collapsed() {
				f.result(v, 0, targets{x: {}})
			} else {
				f.result(v, 0, f.load(target{x.o, ".value"}))
			}
		}
		return
	}
	for k := range res.Len() {
		switch t := types.Unalias(res.At(k).Type()).(type) {
		case *types.TypeParam: // an element
			rt := resultType(v, k)
			if rt == nil || !hasPointers(rt) {
				continue
			}
			for x := range recv {
				if isAggregate(rt) {
					f.result(v, k, targets{x.at("[]"): {}})
				} else {
					f.result(v, k, f.load(x.at("[]")))
				}
			}
		case *types.Basic:
			if t.Info()&types.IsString != 0 {
				f.result(v, k, f.untyped(in, recv))
			}
		case *types.Pointer:
			place := make(targets)
			for x := range recv {
				if _, ok := types.Unalias(t.Elem()).(*types.TypeParam); ok && fn.Name() != "Get" && fn.Name() != "New" {
					x = x.at("[]")
				}
				place[x] = struct{}{}
			}
			if fn.Name() == "Get" || fn.Name() == "New" {
				place = f.untyped(in, recv)
			}
			f.result(v, k, place)
		case *types.Slice:
			f.result(v, k, f.untyped(in, recv))
		}
	}
}

func isText(t types.Type) bool {
	return isLibraryType(t, "", "Text") || isLibraryType(t, "", "Buffer")
}

// untyped returns the memory behind the library's containers under the type
// that a method gives it: it is the same memory.
func (f *flow) untyped(in ssa.Instruction, recv targets) targets {
	out := make(targets)
	for t := range recv {
		t.o.shared()
		out[t] = struct{}{}
	}
	return out
}

// shared marks an object as visible under several types.
func (o *Object) shared() {
	if o.Kind == Memory {
		o.Type = nil
	}
}
