package engine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/framealloc/framealloc/fa/settings"
)

// blocking says what an instruction waits for, "" for nothing that is worth
// mentioning. Goroutines of the function itself are not: waiting for them is
// how work is spread.
func (e *Engine) blocking(f *flow, in ssa.Instruction) string {
	switch in := in.(type) {
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			return f.receives(in.X)
		}
	case *ssa.Range:
		if _, ok := in.X.Type().Underlying().(*types.Chan); ok {
			return f.receives(in.X)
		}
	case *ssa.Send:
		if !f.ownChannel(in.Chan) {
			return "sends on a channel"
		}
	case *ssa.Select:
		if in.Blocking {
			for _, st := range in.States {
				if !f.ownChannel(st.Chan) {
					return "waits in a select without default"
				}
			}
		}
	case *ssa.Call:
		fn := CalleeOf(&in.Call)
		if fn == nil {
			break
		}
		name := fullName(fn)
		if what := blocks[name]; what != "" {
			return what + " (" + shortName(fn) + ")"
		}
		if slices.Contains(settings.Current().Blocking, name) {
			return "waits (" + shortName(fn) + ")"
		}
		if OpOf(fn) == OpNone {
			if s, _, _ := f.calleeSummary(&in.Call); s != nil && s.Blocks != "" {
				return s.Blocks
			}
		}
	}
	return ""
}

func shortName(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		if n := namedOf(recv.Type()); n != nil {
			return n.Obj().Name() + "." + fn.Name()
		}
	}
	if fn.Pkg() != nil {
		return fn.Pkg().Name() + "." + fn.Name()
	}
	return fn.Name()
}

func (f *flow) receives(ch ssa.Value) string {
	if f.ownChannel(ch) {
		return ""
	}
	if call, ok := ch.(*ssa.Call); ok {
		if fn := CalleeOf(&call.Call); fn != nil {
			switch fullName(fn) {
			case "time.After", "time.Tick":
				return "waits for a timer (" + shortName(fn) + ")"
			case "(context.Context).Done":
				return "waits for a context to be done"
			}
		}
	}
	if n := namedOf(ch.Type()); n != nil {
		return "receives from a channel"
	}
	if ld, ok := ch.(*ssa.UnOp); ok {
		if fa, ok := ld.X.(*ssa.FieldAddr); ok {
			if n := namedOf(fa.X.Type()); n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" {
				return "waits for a timer (time." + n.Obj().Name() + ")"
			}
		}
	}
	return "receives from a channel"
}

// ownChannel reports whether a channel was made by this function.
func (f *flow) ownChannel(ch ssa.Value) bool {
	for t := range f.of(ch) {
		if t.o.Kind == Local {
			if _, ok := t.o.Instr.(*ssa.MakeChan); ok {
				return true
			}
		}
	}
	return false
}
