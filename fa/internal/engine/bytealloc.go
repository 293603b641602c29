package engine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// byteAllocator models package bytealloc, and reports whether a call is one of
// its functions. A source stands for its frame, a layer for what is below it, and
// what either allocates is memory of the frame.
func (f *flow) byteAllocator(in ssa.Instruction, fn *types.Func, c *ssa.CallCommon, v ssa.Value) bool {
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != Library+"/bytealloc" {
		return false
	}
	args := allArgs(c)
	if fn.Signature().Recv() != nil {
		switch fn.Name() {
		case "Allocate":
			f.allocatedBytes(in, args[0], v)
		case "Reallocate":
			f.allocatedBytes(in, args[0], v)
			f.result(v, 0, f.of(args[1]))
		}
		return true
	}
	switch fn.Name() {
	case "FromFrame":
		f.byteSource(in, v, f.handlesOf(args[0]))
	case "FromWorker":
		f.byteSource(in, v, []*Handle{f.pathHandle(f.access(args[0]) + ".ActiveFrame()")})
	case "NewFixed":
		if v == nil {
			break
		}
		o := f.object(objKey{at: in, n: 500}, func() *Object { return bytesObject(in, nil) })
		f.put(target{o, ".buffer"}, f.of(args[0]), in.Pos())
		f.result(v, 0, targets{{o, ""}: {}})
	default: // a layer
		for _, a := range args {
			for t := range f.of(a) {
				if t.o.bytes {
					f.result(v, 0, targets{t: {}})
				}
			}
		}
	}
	return true
}

// byteSource makes a source over frames the result of a call.
func (f *flow) byteSource(in ssa.Instruction, v ssa.Value, hs []*Handle) {
	for _, h := range hs {
		o := f.object(objKey{in, 500, h}, func() *Object { return bytesObject(in, h) })
		f.result(v, 0, targets{{o, ""}: {}})
	}
}

// bytesObject has no type: it is the same behind whatever layers.
func bytesObject(in ssa.Instruction, h *Handle) *Object {
	return &Object{Kind: Local, Pos: in.Pos(), Instr: in, Handle: h, Name: "byte allocator", bytes: true, handle: h != nil}
}

// allocatedBytes makes bytes from an allocator the result of a call.
func (f *flow) allocatedBytes(in ssa.Instruction, allocator, v ssa.Value) {
	for t := range f.of(allocator) {
		switch {
		case !t.o.bytes:
		case t.o.Handle != nil:
			f.frameMemory(in, v, 0, []*Handle{t.o.Handle}, resultType(v, 0), "")
		default: // a part of a buffer
			f.result(v, 0, f.load(target{t.o, ".buffer"}))
		}
	}
}
