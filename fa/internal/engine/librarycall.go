package engine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// frameMemory makes memory of frames the result of a call.
func (f *flow) frameMemory(in ssa.Instruction, v ssa.Value, n int, hs []*Handle, t types.Type, policy string) targets {
	out := make(targets)
	for _, h := range hs {
		if h.Kind == Long {
			// Memory of a scratch pool or group: it does not end with a frame.
			o := f.object(objKey{in, n, h}, func() *Object {
				return &Object{Kind: Memory, Pos: in.Pos(), Type: t, Instr: in, Handle: h}
			})
			out[target{o, ""}] = struct{}{}
			continue
		}
		o := f.object(objKey{in, n, h}, func() *Object {
			return &Object{Kind: Memory, Pos: in.Pos(), Type: t, Instr: in, Handle: h, Policy: policy}
		})
		out[target{o, ""}] = struct{}{}
	}
	if v != nil {
		f.result(v, n, out)
	}
	return out
}

func (f *flow) libraryCall(in ssa.Instruction, op Op, fn *types.Func, c *ssa.CallCommon, v ssa.Value) {
	args := allArgs(c)
	switch op {
	case OpBegin:
		f.frameHandle(in, v, &Handle{Kind: Begun, Owner: f.owner(args[0])})
	case OpFork:
		for _, h := range f.handlesOf(args[0]) {
			f.frameHandle(in, v, &Handle{Kind: Forked, Parent: h})
			break
		}
	case OpLongFrame:
		f.frameHandle(in, v, &Handle{Kind: Long, Owner: f.access(args[0])})
	case OpRetain, OpBox:
		// The result is a handle, which may outlive the frame; what is in it
		// may not.
		if v == nil {
			return
		}
		policy := ""
		if op == OpRetain && len(args) > 1 {
			policy = policyName(args[1])
		}
		box := f.object(objKey{at: v}, func() *Object {
			return &Object{Kind: Local, Pos: in.Pos(), Instr: in, Name: "handle"}
		})
		box.handle = true
		mem := f.frameMemory(in, nil, 1, f.handlesOf(args[0]), nil, policy)
		for t := range mem {
			t.o.promotes = op == OpRetain && promotes(resultType(v, 0))
		}
		f.put(target{box, ".value"}, mem, in.Pos())
		f.result(v, 0, targets{{box, ""}: {}})
	case OpAlloc:
		hs := f.handlesOf(args[0])
		mem := f.frameMemory(in, v, 0, hs, resultType(v, 0), "")
		switch fn.Name() {
		case "NewValue", "TryNewValue":
			for t := range mem {
				f.store(t, args[1], in.Pos())
			}
		case "Clone":
			if e := sliceElem(args[1].Type()); e != nil && hasPointers(e) {
				for t := range mem {
					f.elements(args[1], t, in.Pos())
				}
			}
		case "Append", "Grow", "Extend":
			f.result(v, 0, f.of(args[1]))
			if e := sliceElem(args[1].Type()); e != nil && hasPointers(e) {
				for t := range mem {
					for _, a := range args[1:] {
						if sliceElem(a.Type()) != nil {
							f.elements(a, t, in.Pos())
						}
					}
				}
				if len(args) > 2 {
					for t := range f.of(args[1]) {
						f.elements(args[2], t, in.Pos())
					}
				}
			}
		case "NewMany":
			if v != nil {
				each := f.frameMemory(in, nil, 1, hs, sliceElem(v.Type()), "")
				for t := range mem {
					f.put(t.at("[]"), each, in.Pos())
				}
			}
		}
	case OpInto:
		f.frameMemory(in, v, 0, f.handlesOf(args[len(args)-1]), resultType(v, 0), "")
	case OpMethod:
		f.boundMethod(in, fn, args, v)
	case OpPoolGet:
		if v != nil && hasPointers(v.Type()) {
			o := f.object(objKey{at: in}, func() *Object {
				return &Object{Kind: Pooled, Pos: in.Pos(), Type: resultType(v, 0), Instr: in, Name: "pool object"}
			})
			f.result(v, 0, targets{{o, ""}: {}})
		}
	case OpTable:
		if v != nil {
			f.add(v, f.local(v, "table"))
		}
	case OpTableStore:
		f.tableStore(in, args)
	case OpTableValue:
		f.tableValue(in, fn.Name(), args, v)
	case OpUse:
		for t := range f.frameMemory(in, v, 0, f.handlesOf(args[1]), resultType(v, 0), "") {
			t.o.lent = true
		}
	case OpFill:
		o := f.object(objKey{at: in}, func() *Object {
			return &Object{Kind: Pooled, Pos: in.Pos(), Type: resultType(v, 0), Instr: in, Name: "value of a stream"}
		})
		f.result(v, 0, targets{{o, ""}: {}})
	case OpEntry:
		if load := args[len(args)-1]; f.escapes != nil {
			f.val = load
			f.emitAll(in, load, Sink{Kind: ToKept, Name: "kept to load an entry of a stream"})
		}
	case OpForkGroup:
		o := f.object(objKey{at: in}, func() *Object {
			return &Object{Kind: Local, Pos: in.Pos(), Type: resultType(v, 0), Instr: in, Name: "fork group"}
		})
		if hs := f.handlesOf(args[len(args)-1]); len(hs) > 0 {
			o.Handle = hs[0]
		}
		f.result(v, 0, targets{{o, ""}: {}})
	case OpTransfer:
		if f.escapes != nil {
			for _, a := range args[1:] {
				f.leave(f.of(a)) // another goroutine gets it
			}
		}
	case OpGroupGo:
		for t := range f.of(args[0]) {
			if t.o.Handle != nil {
				f.runWith(in, args[1:], []*Handle{t.o.Handle})
			}
		}
	case OpParallel:
		f.runWith(in, args[1:], f.handlesOf(args[0]))
	case OpScope:
		f.runWith(in, args[1:], []*Handle{f.scopeHandle(in, f.owner(args[0]))})
	case OpSub:
		f.runWith(in, args[1:], []*Handle{f.scopeHandle(in, "")})
	case OpNewOwner:
		if v != nil {
			f.add(v, f.local(v, "worker"))
		}
	}
	if fn.Name() == "HeapNew" || fn.Name() == "HeapSlice" {
		f.result(v, 0, f.local(v, "heap object"))
	}
}

// isHandle reports whether t is one of the library's handles to frame memory,
// which may be stored anywhere.
func isHandle(t types.Type) bool {
	return isLibraryType(t, "", "Retained") || isLibraryType(t, "", "FrameBox")
}

// promotes reports whether a Retained[T] has a T that moves what it points to.
func promotes(t types.Type) bool {
	n := namedOf(t)
	if n == nil || n.TypeArgs().Len() != 1 {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n.TypeArgs().At(0)), true, nil, "Promote")
	_, ok := obj.(*types.Func)
	return ok
}

func policyName(v ssa.Value) string {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			return policyConst(v)
		}
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok {
			return g.Name()
		}
	case *ssa.Call:
		if fn := CalleeOf(&v.Call); fn != nil {
			return fn.Name()
		}
	}
	return "?"
}

// policyConst returns the name of the library's constant with that value.
func policyConst(c *ssa.Const) string {
	n := namedOf(c.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return "?"
	}
	scope := n.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if k, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(k.Type(), c.Type()) &&
			k.Val().ExactString() == c.Value.ExactString() {
			return name
		}
	}
	return "?"
}
