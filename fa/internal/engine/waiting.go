package engine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Wait is an operation that waits while a frame is active, or while frame
// memory is alive that somebody else's frame holds.
type Wait struct {
	Pos   token.Pos
	What  string    // "sleeps (time.Sleep)"
	Begin token.Pos // where the frame begins or comes from
	Use   token.Pos // of memory that is alive: where it is used behind the wait
	Alloc token.Pos
}

// HeldAcross finds waits inside of an active frame.
func (r *Result) HeldAcross() []Wait {
	var list []Wait
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		param := frameParam(fn)
		scope, call := r.scopeOf(fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if _, ok := in.(*ssa.Send); ok {
					continue // it may be buffered
				}
				what := r.eng.blocking(f, in)
				if what == "" || sendsOnly(in) {
					continue
				}
				if callee := staticCallee(in); callee != nil && frameParam(callee) >= 0 {
					continue // reported there
				}
				pos := in.Pos()
				if !pos.IsValid() {
					continue
				}
				if param >= 0 {
					list = append(list, Wait{Pos: pos, What: what, Begin: fn.Params[param].Pos()})
					continue
				}
				if scope == OpScope && call != nil {
					list = append(list, Wait{Pos: pos, What: what, Begin: call.Pos()})
					continue
				}
				for _, m := range f.marks() {
					if !m.Begin || m.Deferred {
						continue
					}
					ended := func(x ssa.Instruction) bool {
						for _, e := range f.marks() {
							if !e.Begin && !e.Deferred && e.Owner == m.Owner && e.Instr == x {
								return true
							}
						}
						return f.mayEnd(x, m.Owner)
					}
					if f.path(m.Instr, in, ended) && f.endsOwner(m.Owner) {
						list = append(list, Wait{Pos: pos, What: what, Begin: m.Instr.Pos()})
						break
					}
				}
			}
		}
	}
	return list
}

// endsOwner reports whether the function ends the owner's frame, too.
func (f *flow) endsOwner(owner string) bool {
	for _, m := range f.marks() {
		if !m.Begin && m.Owner == owner {
			return true
		}
	}
	return false
}

func sendsOnly(in ssa.Instruction) bool {
	s, ok := in.(*ssa.Select)
	if !ok {
		return false
	}
	for _, st := range s.States {
		if st.Send == nil {
			return false
		}
	}
	return true
}

func staticCallee(in ssa.Instruction) *ssa.Function {
	if ci, ok := in.(ssa.CallInstruction); ok {
		return ci.Common().StaticCallee()
	}
	return nil
}

// AliveAcross finds frame memory that is used behind a wait, although its
// frame belongs to somebody else: it lies in a field, or is what a worker has
// active.
func (r *Result) AliveAcross() []Wait {
	var list []Wait
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		spawned := r.isSpawned(fn)
		var waitsAt []ssa.Instruction
		what := make(map[ssa.Instruction]string)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				w := r.eng.blocking(f, in)
				if c, ok := in.(*ssa.Call); ok && w == "" && waits[fullName(CalleeOf(&c.Call))] && !f.startsBefore(c) {
					w = "waits (" + shortName(CalleeOf(&c.Call)) + ")"
				}
				if w != "" && in.Pos().IsValid() {
					waitsAt = append(waitsAt, in)
					what[in] = w
				}
			}
		}
		if len(waitsAt) == 0 {
			continue
		}
		seen := make(map[ssa.Instruction]bool)
		for _, b := range fn.Blocks {
			for _, use := range b.Instrs {
				for _, v := range f.looksAt(use) {
					for t := range f.of(v) {
						o := t.o
						if o.Kind != Memory || o.Instr == nil || !foreign(o.Handle.Region(), spawned) {
							continue
						}
						for _, w := range waitsAt {
							k := kill{instr: w, gone: func(x *Object) bool { return x == o }, ends: func(*Handle) bool { return false }}
							if seen[w] || w == use || !f.path(o.Instr, w, nil) || !f.deadAt(v, use, k, 0) {
								continue
							}
							seen[w] = true
							list = append(list, Wait{Pos: w.Pos(), What: what[w], Alloc: o.Pos, Use: usePos(use, v)})
						}
					}
				}
			}
		}
	}
	return list
}

// foreign reports whether another goroutine may end a frame: it lies in a
// field, or was given to a goroutine.
func foreign(h *Handle, spawned bool) bool {
	switch h.Kind {
	case Given:
		return h.Path != "" || spawned
	case Opaque:
		return true
	}
	return false
}

// isSpawned reports whether a function is started with a go statement.
func (r *Result) isSpawned(fn *ssa.Function) bool {
	for _, s := range r.callers[fn] {
		if _, ok := s.at.(*ssa.Go); ok {
			return true
		}
	}
	return false
}

// startsBefore reports whether a function starts goroutines itself, which it
// then waits for.
func (f *flow) startsBefore(wait ssa.Instruction) bool {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			_, isGo := in.(*ssa.Go)
			if c, ok := in.(*ssa.Call); ok {
				_, isGo = starts[fullName(CalleeOf(&c.Call))]
			}
			if isGo && f.path(in, wait, nil) {
				return true
			}
		}
	}
	return false
}
