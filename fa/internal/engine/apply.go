package engine

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// runWith applies the functions among the arguments, whose first parameter is
// one of these frames.
func (f *flow) runWith(in ssa.Instruction, args []ssa.Value, frames []*Handle) {
	for _, a := range args {
		for t := range f.of(a) {
			if t.o.Kind != Closure || t.o.fn == nil {
				continue
			}
			if s := f.eng.summaryOf(t.o.fn); s != nil {
				cargs := closureArgs(t.o.fn, nil, t.o.bindings)
				f.applyWith(in, nil, s, cargs, map[int][]*Handle{0 + bound(t.o.fn): frames})
			}
		}
	}
}

func bound(fn *ssa.Function) int {
	if strings.HasSuffix(fn.Name(), "$bound") {
		return 1
	}
	return 0
}

// apply applies a summary at a call.
func (f *flow) apply(in ssa.Instruction, v ssa.Value, s *Summary, args []ssa.Value) {
	f.applyWith(in, v, s, args, nil)
}

func (f *flow) applyWith(in ssa.Instruction, v ssa.Value, s *Summary, args []ssa.Value, frames map[int][]*Handle) {
	for i := range s.Flows {
		fl := &s.Flows[i]
		if fl.To.Kind != ToParam && fl.To.Kind != ToResult {
			if f.escapes != nil {
				f.passed(in, fl, f.source(in, i, fl, args, frames, nil))
			}
			continue
		}
		if fl.To.Kind == ToResult && v == nil {
			continue
		}
		src := f.source(in, i, fl, args, frames, resultType(v, fl.To.Param))
		if len(src) == 0 {
			continue
		}
		if fl.To.Kind == ToResult {
			rt := resultType(v, fl.To.Param)
			if rt == nil || !hasPointers(rt) {
				continue
			}
			if fl.To.Path != "" || isAggregate(rt) {
				o := f.object(objKey{at: v, n: 100 + fl.To.Param}, func() *Object {
					if isAggregate(rt) {
						return &Object{Kind: Value, Pos: in.Pos()}
					}
					return &Object{Kind: Local, Pos: in.Pos(), Type: rt, Instr: in, Name: "result"}
				})
				path := fl.To.Path
				if path == "" {
					path = "~"
				}
				f.put(target{o, path}, src, in.Pos())
				src = targets{{o, ""}: {}}
			}
			f.result(v, fl.To.Param, src)
			continue
		}
		if fl.To.Param >= len(args) || args[fl.To.Param] == nil {
			continue
		}
		for t := range f.of(args[fl.To.Param]) {
			pos := in.Pos()
			if fl.pos.IsValid() {
				pos = fl.pos
			}
			f.via = fl
			for place := range f.walk(t, fl.To.Path) {
				f.put(place, src, pos)
			}
			f.via = nil
		}
	}
	if v != nil {
		f.ownResults(v, s)
	}
}

// ownResults gives a call results of its own where the summary says nothing of
// them, so that what is stored in them is seen.
func (f *flow) ownResults(v ssa.Value, s *Summary) {
	for k := 0; ; k++ {
		t := resultType(v, k)
		if t == nil {
			return
		}
		known := false
		for i := range s.Flows {
			known = known || s.Flows[i].To.Kind == ToResult && s.Flows[i].To.Param == k
		}
		_, isTuple := v.Type().(*types.Tuple)
		if !known && hasPointers(t) && !isAggregate(t) && !IsFrame(t) && !IsOwner(t) {
			o := f.object(objKey{at: v, n: 200 + k}, func() *Object {
				in, _ := v.(ssa.Instruction)
				return &Object{Kind: Local, Pos: v.Pos(), Type: t, Instr: in, Name: "result"}
			})
			f.result(v, k, targets{{o, ""}: {}})
		}
		if !isTuple {
			return
		}
	}
}

// source returns what flows, seen from the caller.
func (f *flow) source(in ssa.Instruction, n int, fl *Flow, args []ssa.Value, frames map[int][]*Handle, t types.Type) targets {
	switch fl.From.Kind {
	case FromAlloc:
		var hs []*Handle
		if given, ok := frames[fl.From.Param]; ok && fl.From.Path == "" {
			hs = given
		} else if fl.From.Param < len(args) {
			hs = f.resolve(args[fl.From.Param], fl.From.Path)
		}
		if fl.From.Lent {
			hs = f.beyondSub(hs)
		}
		out := make(targets)
		for _, h := range hs {
			o := f.object(objKey{in, 1000 + n, h}, func() *Object {
				o := &Object{Kind: Memory, Pos: in.Pos(), Type: t, Instr: in, Handle: h, Policy: fl.From.Policy, lent: fl.From.Lent}
				if fl.pos.IsValid() && fl.To.Kind != ToResult {
					o.Pos = fl.pos
				}
				if fl.To.Kind != ToResult || fl.To.Path != "" {
					o.Type = nil
				}
				return o
			})
			out[target{o, ""}] = struct{}{}
		}
		return out
	case FromParam:
		if fl.From.Param >= len(args) || args[fl.From.Param] == nil {
			return nil
		}
		base := f.of(args[fl.From.Param])
		out := make(targets)
		for x := range base {
			for y := range f.read(x, fl.From.Path) {
				out[y] = struct{}{}
			}
		}
		return out
	case FromBegin:
		if fl.From.Param >= len(args) || args[fl.From.Param] == nil {
			return nil
		}
		owner := f.access(args[fl.From.Param]) + fl.From.Path
		o := f.object(objKey{at: in, n: -1}, func() *Object {
			h := &Handle{Kind: Begun, Owner: owner, Pos: in.Pos(), Call: in, Root: fmt.Sprintf("begun:%p", in)}
			return &Object{Kind: Frame, Pos: in.Pos(), Instr: in, Handle: h}
		})
		return targets{{o, ""}: {}}
	case FromGlobal:
		o := f.object("global:"+fl.From.Name, func() *Object { return &Object{Kind: Global, Name: fl.From.Name} })
		return targets{{o, ""}: {}}
	case FromPool:
		o := f.object(objKey{at: in, n: -7}, func() *Object {
			return &Object{Kind: Pooled, Pos: in.Pos(), Instr: in, Name: fl.From.Name}
		})
		return targets{{o, ""}: {}}
	}
	return nil
}
