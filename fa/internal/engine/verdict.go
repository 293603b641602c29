package engine

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/fa/settings"
)

// Verdict says which mistake an escape is; "" if it is none. likely says that
// it is not proven: the lifetime of where it goes is not known.
func (r *Result) Verdict(e *Escape) (code diag.Code, likely bool) {
	switch {
	case e.From.Kind == Memory:
		code, likely = r.memory(e)
	case e.From.Kind == Frame, e.From.Kind == Param && IsFrame(e.From.Type):
		code, likely = r.frame(e)
	}
	likely = likely || e.Vague
	if code != "" && e.Callee != nil && strings.Contains(e.Callee.Ignored, string(code)) {
		return "", false
	}
	return code, likely
}

func (r *Result) memory(e *Escape) (code diag.Code, likely bool) {
	code = diag.FA601
	switch {
	case e.To.Kind == ToGo:
		code = diag.FA201
	case e.To.Kind == ToRetained:
		code = diag.FA608
	case e.Closure != nil && e.To.Kind != ToOuter:
		code = diag.FA703
	case e.From.Policy == "Discard":
		code = diag.FA605
	case e.From.Policy != "" && e.From.Policy != "?" && e.To.Kind == ToResult:
		return "", false
	}
	f := r.eng.flows[e.Fn]
	h := e.From.Handle.Region()
	switch e.To.Kind {
	case ToGlobal:
		return unless(f.cleared(e), code, false)
	case ToKept, ToGo, ToChan, ToRetained:
		return code, false
	case ToOuter:
		return code, false
	case ToPooled:
		switch {
		case f.takenBack(e):
			return "", false
		case e.Dst != nil && e.Dst.table != nil:
			return code, !f.endsHere(h) // until then, somebody may free it
		}
		return code, e.Dst != nil && e.Dst.Kind == Pooled
	case ToResult:
		if !e.Ended || settings.Current().FramesInFlight > 0 {
			return "", false
		}
		return code, false
	case ToParam:
		return r.toParam(e, f, h, code)
	}
	return "", false
}

func unless(excused bool, code diag.Code, likely bool) (diag.Code, bool) {
	if excused {
		return "", false
	}
	return code, likely
}

// toParam decides about memory that is stored behind a parameter.
func (r *Result) toParam(e *Escape, f *flow, h *Handle, code diag.Code) (diag.Code, bool) {
	if r.noescape(e) || e.Dst == nil || e.Dst.Type == nil {
		return "", false
	}
	if isBound(pointee(e.Dst.Type)) || f.cleared(e) {
		return "", false
	}
	captured := e.Dst.Index >= len(e.Fn.Params)
	if f.endsHere(h) {
		if h.Kind == Begun && captured {
			return code, true // it may be set anew before it is read
		}
		if h.Kind == Scoped || h.Kind == Begun {
			return code, false
		}
	}
	if captured || e.Fn.Parent() != nil {
		return "", false // the function around it knows more
	}
	if h.Kind == Begun {
		return "", false // ended elsewhere, where the field may be cleared, too
	}
	if h.Kind == Given && h.Param == e.Dst.Index || root(h.Root) == "p"+itoa(e.Dst.Index) {
		return "", false // the frame is kept beside what it holds
	}
	if f.forDraw(e, h) {
		return "", false
	}
	if !longLived(e.Dst.Type, e.To) || len(r.callers[e.Fn]) > 0 && !onlyItself(r.callers[e.Fn], e.Fn) {
		return "", false
	}
	return code, true
}

// forDraw reports whether an Update of a game in Ebitengine leaves something in
// the game: the tick's frame goes on until the next Update, for Draw to read.
func (f *flow) forDraw(e *Escape, h *Handle) bool {
	sig := f.fn.Signature
	if f.fn.Name() != "Update" || sig.Recv() == nil || e.Dst.Index != 0 {
		return false
	}
	byArgument := h.Kind == Given && h.Param == 1 && h.Path == "" && sig.Params().Len() == 1 && sig.Results().Len() == 1
	return h.Root == tickFrame || byArgument
}

func onlyItself(sites []callSite, fn *ssa.Function) bool {
	for _, s := range sites {
		if s.in != fn {
			return false
		}
	}
	return true
}

func itoa(i int) string { return strconv.Itoa(i) }

func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// longLived reports whether a parameter looks like something that outlives
// frames: a struct that is not a frame's context, a map, a channel.
func longLived(t types.Type, to Sink) bool {
	if to.Chan {
		return true
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		n := namedOf(p.Elem())
		if n == nil {
			return false
		}
		s, ok := n.Underlying().(*types.Struct)
		if !ok {
			return false
		}
		if strings.HasPrefix(to.Path, "[]") {
			return false
		}
		for i := range s.NumFields() {
			if IsFrame(s.Field(i).Type()) {
				return false // a context that goes with the frame
			}
		}
		return true
	}
	_, isMap := t.Underlying().(*types.Map)
	return isMap
}

// frame decides about a frame that goes somewhere.
func (r *Result) frame(e *Escape) (code diag.Code, likely bool) {
	captured := e.From.Kind == Param && e.From.Index >= len(e.Fn.Params)
	switch e.To.Kind {
	case ToGo:
		if captured || e.From.Kind == Param {
			return "", false // noted through what the goroutine takes from it
		}
		h := e.From.Handle
		if h.Kind == Given && (h.Param >= len(e.Fn.Params) || r.onlyForks(e.Fn, h.Param)) {
			return "", false
		}
		return diag.FA201, false
	case ToChan:
		return diag.FA201, false
	case ToParam:
		if e.To.Chan && !captured {
			if e.From.Kind == Frame && e.From.Handle.Kind == Forked {
				return "", false
			}
			return diag.FA201, true
		}
		if e.Closure == nil || e.Dst == nil || captured {
			return "", false
		}
		h := e.From.Handle
		if e.From.Kind == Param {
			h = &Handle{Kind: Given, Param: e.From.Index, Root: "p" + itoa(e.From.Index)}
		}
		return r.toParam(e, r.eng.flows[e.Fn], h, diag.FA703)
	case ToGlobal, ToKept:
		if e.Closure == nil || captured {
			return "", false
		}
		if e.From.Kind == Frame && e.From.Handle.Kind == Long {
			return "", false
		}
		return diag.FA703, false
	}
	return "", false
}

// onlyForks reports whether all known callers give a function a frame that is
// meant for another goroutine.
func (r *Result) onlyForks(fn *ssa.Function, param int) bool {
	sites := r.callers[fn]
	for _, s := range sites {
		args := s.at.Common().Args
		if param >= len(args) {
			return false
		}
		for _, h := range r.eng.flows[s.in].handlesOf(args[param]) {
			if h.Kind != Forked && h.Kind != Long {
				return false
			}
		}
	}
	return len(sites) > 0
}

func (r *Result) noescape(e *Escape) bool {
	obj := funcObject(e.Fn)
	return obj != nil && r.eng.noescape[obj][e.Dst.Index]
}

// cleared reports whether the function takes what it stored out again.
func (f *flow) cleared(e *Escape) bool {
	var where string
	switch in := e.Instr.(type) {
	case *ssa.Store:
		where = f.access(in.Addr)
	case *ssa.MapUpdate:
		where = f.access(in.Map)
	default:
		return false
	}
	return f.clears(where, true)
}

func (f *flow) clears(where string, deep bool) bool {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				c, ok := in.Val.(*ssa.Const)
				if ok && (c.Value == nil || c.Value.ExactString() == `""`) && f.access(in.Addr) == where {
					return true
				}
			case ssa.CallInstruction:
				c := in.Common()
				if b, ok := c.Value.(*ssa.Builtin); ok && (b.Name() == "clear" || b.Name() == "delete") && f.access(c.Args[0]) == where {
					return true
				}
				if mc, ok := c.Value.(*ssa.MakeClosure); ok && deep { // defer func() { x.f = nil }()
					fn := mc.Fn.(*ssa.Function)
					if inner := f.eng.flows[fn]; inner != nil {
						for i, bind := range mc.Bindings {
							rest, ok := strings.CutPrefix(where, f.access(bind))
							if ok && inner.clears("p"+itoa(len(fn.Params)+i)+rest, false) {
								return true
							}
						}
					}
				}
			}
		}
	}
	return false
}

// takenBack reports whether the function takes what it stored in a pool object
// or a table out again, or gives its place back.
func (f *flow) takenBack(e *Escape) bool {
	if e.Dst == nil {
		call, ok := e.Instr.(*ssa.Call)
		return ok && f.frees(e, &tableUse{handle: f.access(call), value: call})
	}
	if e.Dst.Kind != Pooled {
		return false
	}
	if e.Dst.table != nil {
		return !f.tableKeeps(e) || f.cleared(e) || f.clearedInLoop(e)
	}
	return f.putBack(e.Dst) || f.cleared(e)
}

// putBack reports whether a pool object is given back by this function.
func (f *flow) putBack(o *Object) bool {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			if ci, ok := in.(ssa.CallInstruction); ok && OpOf(CalleeOf(ci.Common())) == OpPoolPut {
				for _, a := range allArgs(ci.Common()) {
					for t := range f.of(a) {
						if t.o == o {
							return true
						}
					}
				}
				if fn := CalleeOf(ci.Common()); fn.Name() == "Free" && o.Instr != nil {
					return true
				}
			}
		}
	}
	return false
}

// Way returns the steps from the allocation to where an escape ends.
func (r *Result) Way(e *Escape) []Step {
	var steps []Step
	switch e.From.Kind {
	case Memory:
		from := ", from "
		if e.From.lent {
			from = ", to "
		}
		steps = append(steps, Step{e.From.Pos, e.From.Taken() + from + r.handleName(e.From.Handle)})
	case Frame:
		if e.From.Pos.IsValid() {
			steps = append(steps, Step{e.From.Pos, "the frame comes from here"})
		}
	case Param:
		steps = append(steps, Step{e.From.Pos, "the frame comes from here"})
	}
	steps = append(steps, e.Steps...)
	if e.Closure != nil && e.Closure.Pos.IsValid() && e.Closure.Pos != e.Pos {
		steps = append(steps, Step{e.Closure.Pos, "captured by this function"})
	}
	last := Step{e.Pos, Destination(e)}
	if e.Callee != nil {
		switch {
		case e.Callee.pos.IsValid() && e.Callee.pos != e.Pos:
			steps = append(steps, Step{e.Pos, "passed here"})
			last.Pos = e.Callee.pos
		case e.Callee.Where != "" && !e.Callee.pos.IsValid():
			last.Text += " (" + e.Callee.Where + ")"
		}
	}
	steps = append(steps, last)
	return compactSteps(steps)
}

func compactSteps(steps []Step) []Step {
	var out []Step
	seen := make(map[token.Pos]bool)
	for i, s := range steps {
		if !s.Pos.IsValid() || i < len(steps)-1 && seen[s.Pos] {
			continue
		}
		seen[s.Pos] = true
		out = append(out, s)
	}
	return out
}

// Destination says in words where an escape ends.
func Destination(e *Escape) string {
	switch e.To.Kind {
	case ToGlobal:
		return "stored in " + e.To.Name
	case ToParam:
		if e.To.Chan {
			return "sent on a channel"
		}
		if _, isMap := under(e.Dst).(*types.Map); isMap {
			return "stored in the map " + e.To.Name
		}
		if p := e.To.Path; p != "" && p != "~" && e.Dst != nil && e.Dst.Index < len(e.Fn.Params) {
			return "stored in " + e.To.Name + strings.ReplaceAll(p, "[]", "[…]")
		}
		return "stored in what " + e.To.Name + " points to"
	case ToChan:
		return "sent on a channel"
	case ToGo:
		return "used by a goroutine that starts here"
	case ToKept:
		return e.To.Name
	case ToPooled, ToRetained:
		return "stored in " + e.To.Name
	case ToOuter:
		return "stored in " + e.To.Name + ", outside of the scope"
	case ToResult:
		return "returned here"
	}
	return "stored"
}

func under(o *Object) types.Type {
	if o == nil || o.Type == nil {
		return nil
	}
	return pointee(o.Type).Underlying()
}

func (r *Result) handleName(h *Handle) string {
	switch h.Region().Kind {
	case Begun:
		return "the frame begun in this function"
	case Scoped:
		return "the scope's frame"
	}
	return "the frame"
}
