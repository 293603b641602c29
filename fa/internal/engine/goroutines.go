package engine

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// started handles a goroutine that starts: with a go statement, or with run,
// the function given to something like WaitGroup.Go.
func (f *flow) started(in ssa.Instruction, c *ssa.CallCommon, run ssa.Value) {
	args := c.Args
	callee := c.Value
	if run != nil {
		args, callee = nil, run
	}
	if c.IsInvoke() && run == nil {
		args = allArgs(c)
	}
	sink := Sink{Kind: ToGo, Name: "goroutine"}
	joined := f.joinedAfter(in)
	// Frames that the goroutine allocates from, whether it is waited for or not.
	var bodies []*Object
	for t := range f.of(callee) {
		if t.o.Kind == Closure && t.o.fn != nil {
			bodies = append(bodies, t.o)
		}
	}
	for _, body := range bodies {
		s := f.eng.summaryOf(body.fn)
		if s == nil {
			continue
		}
		cargs := closureArgs(body.fn, args, body.bindings)
		for _, p := range slices.Concat(s.Takes, s.Lends) {
			if p.Param >= len(cargs) || cargs[p.Param] == nil {
				continue
			}
			for _, h := range f.resolve(cargs[p.Param], p.Path) {
				f.goFrame(in, h, p.Path, sink)
			}
		}
	}
	if len(bodies) == 0 {
		for _, a := range args {
			if IsFrame(a.Type()) {
				for _, h := range f.handlesOf(a) {
					f.goFrame(in, h, "", sink)
				}
			}
		}
	}
	if joined {
		return
	}
	vals := append([]ssa.Value(nil), args...)
	for _, body := range bodies {
		vals = append(vals, body.bindings...)
	}
	for _, v := range vals {
		f.val = v
		f.leave(f.of(v))
		for _, s := range f.sources(f.of(v)) {
			if s.o.Kind == Param && !IsFrame(s.o.Type) || s.o.Kind == Memory && s.o.Handle.Kind != Long {
				e := &Escape{From: s.o, To: sink, Instr: in, Pos: in.Pos(), Steps: s.steps}
				f.emitFrom(e, s)
			}
		}
	}
}

// goFrame notes a frame that is used by a goroutine.
func (f *flow) goFrame(in ssa.Instruction, h *Handle, path string, sink Sink) {
	switch h.Kind {
	case Forked, Long, Opaque:
		return
	case Given:
		if h.Path != "" {
			return // a field: it may be the goroutine's own
		}
	}
	o := f.object(objKey{at: "handle", h: h}, func() *Object { return &Object{Kind: Frame, Pos: h.Pos, Handle: h} })
	f.emit(&Escape{From: o, To: sink, Instr: in, Pos: in.Pos()})
}
