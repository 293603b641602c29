package engine

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func (f *flow) frameHandle(in ssa.Instruction, v ssa.Value, h *Handle) {
	if v == nil {
		return
	}
	o := f.object(objKey{at: in, n: -1}, func() *Object {
		h.Pos, h.Call = in.Pos(), in
		h.Root = "v:" + v.Name()
		return &Object{Kind: Frame, Pos: in.Pos(), Type: v.Type(), Instr: in, Handle: h}
	})
	f.result(v, 0, targets{{o, ""}: {}})
}

// scopeHandle is the frame that exists while a call runs its function.
func (f *flow) scopeHandle(in ssa.Instruction, owner string) *Handle {
	key := fmt.Sprintf("scope:%p", in)
	h := f.handles[key]
	if h == nil {
		h = &Handle{Kind: Scoped, Pos: in.Pos(), Owner: owner, Call: in, Root: key}
		f.handles[key] = h
	}
	return h
}

// beyondSub returns the frames around those that are parts of a frame: what a
// stream lends to a part is good for the whole.
func (f *flow) beyondSub(hs []*Handle) []*Handle {
	var out []*Handle
	for _, h := range hs {
		if call, ok := h.Call.(*ssa.Call); ok && h.Kind == Scoped && OpOf(CalleeOf(&call.Call)) == OpSub {
			out = append(out, f.handlesOf(call.Call.Args[0])...)
			continue
		}
		out = append(out, h)
	}
	return out
}

// handlesOf returns the frames that a value may be.
func (f *flow) handlesOf(v ssa.Value) []*Handle {
	var hs []*Handle
	param := false
	for t := range f.of(v) {
		switch t.o.Kind {
		case Frame:
			hs = append(hs, t.o.Handle)
		case Param, Global:
			param = true
		}
	}
	if len(hs) > 0 && !param {
		return hs
	}
	if len(f.of(v)) == 0 && !param {
		if _, ok := v.(*ssa.Const); ok {
			return nil
		}
	}
	if h := f.pathHandle(f.access(v)); h != nil {
		hs = append(hs, h)
	}
	return hs
}

// pathHandle returns the frame at an access path.
func (f *flow) pathHandle(path string) *Handle {
	if h := f.handles[path]; h != nil {
		return h
	}
	// A frame that this function put there itself is that frame.
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			st, ok := in.(*ssa.Store)
			if !ok || !IsFrame(st.Val.Type()) || f.access(st.Addr) != path {
				continue
			}
			for t := range f.of(st.Val) {
				if t.o.Kind == Frame {
					return t.o.Handle
				}
			}
		}
	}
	h := &Handle{Kind: Opaque, Root: path, Owner: path + ".Worker()", Param: -1}
	if i, rest, ok := splitAccess(path); ok {
		h.Kind, h.Param, h.Path = Given, i, rest
	}
	if strings.HasSuffix(path, ".ActiveFrame()") {
		h.Owner = strings.TrimSuffix(path, ".ActiveFrame()")
	}
	f.handles[path] = h
	return h
}

// resolve returns the frames at a place that a parameter of a callee leads to.
func (f *flow) resolve(arg ssa.Value, path string) []*Handle {
	if arg == nil {
		return nil
	}
	if path == "" && IsFrame(arg.Type()) {
		return f.handlesOf(arg)
	}
	var hs []*Handle
	for t := range f.of(arg) {
		if t.o.collapsed() {
			continue
		}
		for x := range f.read(t, "*"+path) {
			if x.o.Kind == Frame {
				hs = append(hs, x.o.Handle)
			} else if x.o.Kind == Param && IsFrame(x.o.Type) {
				hs = append(hs, f.pathHandle("p"+strconv.Itoa(x.o.Index)))
			}
		}
	}
	if len(hs) > 0 {
		return hs
	}
	return []*Handle{f.pathHandle(f.access(arg) + path)}
}
