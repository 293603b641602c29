package engine

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// summarize writes down what callers need to know.
func (f *flow) summarize(escapes []*Escape) *Summary {
	s := new(Summary)
	for _, e := range escapes {
		if len(s.Flows) >= maxFlows {
			break
		}
		if e.To.Kind == ToPooled && f.takenBack(e) {
			continue
		}
		fl := Flow{To: e.To, Closure: e.Closure != nil, Vague: e.Vague, Where: f.eng.where(e.Pos), pos: e.Pos}
		if e.Callee != nil && e.Callee.pos.IsValid() {
			fl.pos = e.Callee.pos
		}
		if e.To.Kind != ToResult {
			fl.Ignored = f.eng.ignores.accepted(f.eng.pass.Fset, fl.pos)
			if fl.Ignored == "" && e.Callee != nil {
				fl.Ignored = e.Callee.Ignored
			}
		}
		switch o := e.From; o.Kind {
		case Param:
			if e.To.Kind == ToOuter || e.To.Kind == ToParam && e.To.Param == o.Index {
				continue
			}
			fl.From = Ref{Kind: FromParam, Param: o.Index, Path: e.Path}
		case Memory:
			h := o.Handle.Region()
			if h.Kind != Given || e.To.Kind != ToParam && e.To.Kind != ToResult {
				continue
			}
			fl.From = Ref{Kind: FromAlloc, Param: h.Param, Path: h.Path, Policy: o.Policy, Lent: o.lent}
			if strings.ContainsAny(h.Path, "[(#") {
				continue
			}
		case Frame:
			if e.To.Kind != ToParam && e.To.Kind != ToResult || o.Handle.Kind != Begun {
				continue
			}
			p, ok := paramPlace(o.Handle.Owner)
			if !ok || e.Closure != nil {
				continue
			}
			fl.From = Ref{Kind: FromBegin, Param: p.Param, Path: p.Path}
		case Global:
			if e.To.Kind != ToResult {
				continue
			}
			fl.From = Ref{Kind: FromGlobal, Name: o.Name}
		case Pooled:
			if e.To.Kind != ToResult {
				continue
			}
			fl.From = Ref{Kind: FromPool, Name: o.Name}
		default:
			continue
		}
		s.add(fl)
	}

	begun, ended := make(map[string]bool), make(map[string]bool)
	for _, m := range f.marks() {
		if m.Begin {
			begun[m.Owner] = true
		} else {
			ended[m.Owner] = true
		}
	}
	for _, m := range f.marks() {
		p, ok := paramPlace(m.Owner)
		if !ok {
			continue
		}
		if m.Begin && !ended[m.Owner] {
			s.Begins, _ = addPlace(s.Begins, p)
		}
		if !m.Begin && !begun[m.Owner] {
			s.Ends, _ = addPlace(s.Ends, p)
		}
	}
	for _, v := range f.fn.Params {
		s.Uses = append(s.Uses, used(v))
	}
	for i, v := range f.fn.Params {
		if hasPointers(v.Type()) && !IsFrame(v.Type()) && !IsOwner(v.Type()) && f.fateOf(v).costs() {
			s.Heap = append(s.Heap, i)
		}
	}
	for _, v := range f.fn.FreeVars {
		s.Uses = append(s.Uses, used(v))
	}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			f.effects(in, s)
		}
	}
	return s
}

func used(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.DebugRef); !ok {
			return true
		}
	}
	return false
}
