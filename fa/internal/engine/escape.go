package engine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Escape is frame memory, or a frame, that goes where it may outlive the
// frame. Whether it does is for the checks to say, with [Escape.Verdict].
type Escape struct {
	Fn      *ssa.Function
	From    *Object
	Path    string // of a parameter, see [Ref]
	Vague   bool   // it may be something that From leads to, and not From
	To      Sink
	Dst     *Object // what it is stored in; nil for goroutines and the like
	Instr   ssa.Instruction
	Pos     token.Pos
	Closure *Object // it is held by this function, which is what is stored
	Steps   []Step
	Callee  *Flow // it happens in a function that is called
	Ended   bool  // the frame ends in this very function

}

// Step is one place on the way.
type Step struct {
	Pos  token.Pos
	Text string
}

type escapeKey struct {
	from *Object
	to   Sink
	pos  token.Pos
	path string
}

// collect runs once over the function when the sets are final, and returns
// everything that leaves it.
func (f *flow) collect() []*Escape {
	var list []*Escape
	f.escapes = &list
	f.left = make(map[*Object]bool)
	f.emitted = make(map[escapeKey]bool)
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			f.transfer(in)
			switch in := in.(type) {
			case *ssa.Return:
				if b == f.fn.Recover {
					continue
				}
				for k, r := range in.Results {
					f.returned(in, k, r)
				}
			case *ssa.Go:
				f.started(in, &in.Call, nil)
			case *ssa.Call:
				f.kept(in, &in.Call)
			case *ssa.Defer:
				f.kept(in, &in.Call)
			}
		}
	}
	f.escapes = nil
	f.outer(&list)
	return list
}

func (f *flow) emit(e *Escape) {
	e.Fn = f.fn
	key := escapeKey{e.From, e.To, e.Pos, e.Path}
	if f.emitted[key] {
		return
	}
	f.emitted[key] = true
	*f.escapes = append(*f.escapes, e)
}
