package engine

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// fate is what becomes of something that a function makes.
//
// The compiler keeps on the stack what it can. Its rules are simple where they
// say that it cannot: what is stored through a pointer, in a slice, a map or a
// variable of an outer loop, and what is handed to code that is not known. Only
// these count as heap here, so that nothing is called garbage that is none.
type fate struct {
	heap bool // the compiler surely puts it on the heap
	away bool // it may be needed when the frame is over
	sink ssa.Instruction
}

// costs reports whether it is garbage that frame memory would not be.
func (t fate) costs() bool { return t.heap && !t.away }

// fateOf follows a value that is, or refers to, something new: a pointer to
// it, a function, an interface, a string.
func (f *flow) fateOf(v ssa.Value) fate {
	w := fateWalk{f: f, seen: make(map[ssa.Value]bool)}
	if in, ok := v.(ssa.Instruction); ok {
		w.made = in.Block()
	} else {
		_, w.param = v.(*ssa.Parameter)
	}
	w.follow(v)
	return w.fate
}

type fateWalk struct {
	fate
	f     *flow
	made  *ssa.BasicBlock // where the thing is made; nil for parameters
	param bool            // it is a caller's: that knows where it goes
	seen  map[ssa.Value]bool
}

func (w *fateWalk) onHeap(at ssa.Instruction) {
	if !w.heap {
		w.heap, w.sink = true, at
	}
}

// follow looks at all that happens to a value.
func (w *fateWalk) follow(v ssa.Value) {
	if w.seen[v] || v.Referrers() == nil {
		return
	}
	w.seen[v] = true
	for _, ref := range *v.Referrers() {
		w.step(v, ref)
	}
}

func (w *fateWalk) step(v ssa.Value, ref ssa.Instruction) {
	switch ref := ref.(type) {
	case *ssa.Phi:
		if a, ok := v.(*ssa.Alloc); ok && ref.Comment == a.Comment {
			return // the loop's variable, which is another one in each turn
		}
		if w.carries(ref, v) {
			w.onHeap(ref)
		}
		w.follow(ref)
	case *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.Slice, *ssa.SliceToArrayPointer, *ssa.FieldAddr:
		w.follow(ref.(ssa.Value))
	case *ssa.IndexAddr:
		if ref.X == v {
			w.follow(ref)
		}
	case *ssa.TypeAssert:
		if !ref.CommaOk {
			w.follow(ref)
		}
	case *ssa.Convert:
		if !copies(ref.X.Type(), ref.Type()) {
			w.follow(ref)
		}
	case *ssa.Store:
		if ref.Val == v {
			w.stored(ref)
		}
	case *ssa.MapUpdate:
		if ref.Key == v || ref.Value == v {
			w.into(ref, ref.Map)
		}
	case *ssa.MakeClosure:
		if a, ok := v.(*ssa.Alloc); !ok || literals[a.Comment] {
			w.follow(ref)
		} // else a variable moves with the closure, which is what is reported
	case *ssa.Call:
		w.passed(v, ref)
	case *ssa.Return, *ssa.Send, *ssa.Go, *ssa.Defer, *ssa.Panic, *ssa.Select:
		w.away = true
	}
}

// into notes that something is stored in what a pointer, slice or map leads to.
func (w *fateWalk) into(at ssa.Instruction, dst ssa.Value) {
	w.onHeap(at)
	ts := w.f.of(dst)
	if len(ts) == 0 {
		w.away = true
	}
	for t := range ts {
		if t.o.Kind == Param && w.param {
			continue // the summary tells the caller
		}
		if t.o.collapsed() || t.o.Kind == Pooled || w.f.left[t.o] || t.o.Policy != "" ||
			t.o.Handle != nil && t.o.Handle.Kind == Long {
			w.away = true
		}
	}
}

// literals are the names that SSA gives variables without one in the source.
var literals = map[string]bool{"new": true, "complit": true, "slicelit": true, "makeslice": true, "varargs": true}

// variable follows what is stored in a variable of this function.
func (w *fateWalk) variable(st *ssa.Store, a *ssa.Alloc) {
	if w.made != nil && outside(a.Block(), w.made) {
		w.onHeap(st)
	}
	if o := w.f.objects[a]; o != nil && w.f.left[o] {
		w.away = true
	}
	w.loads(a)
}

// loads follows what is read from a variable as a whole, here or in a closure.
func (w *fateWalk) loads(a *ssa.Alloc) {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			w.follow(ref)
		case *ssa.MakeClosure:
			w.follow(ref)
		}
	}
}

// spread follows the arguments of a variadic call.
func (w *fateWalk) spread(args *ssa.Alloc) {
	for _, ref := range *args.Referrers() {
		s, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, use := range *s.Referrers() {
			c, ok := use.(*ssa.Call)
			if !ok {
				w.away = true
				continue
			}
			if b, ok := c.Call.Value.(*ssa.Builtin); ok {
				if b.Name() == "append" {
					w.into(c, c)
				}
				continue
			}
			fn := CalleeOf(&c.Call)
			switch name := fullName(fn); {
			case prints[name]:
				w.onHeap(c)
			case OpOf(fn) == OpAlloc && fn.Name() == "Append":
				w.into(c, c)
			case OpOf(fn) == OpNone && !standard(fn):
				w.away = true
			}
		}
	}
}

// devirtualized reports whether the compiler may know the type in an interface.
func (w *fateWalk) devirtualized(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			return true
		case *ssa.ChangeInterface:
			v = x.X
			continue
		}
		return false
	}
}

// mayInline reports whether the compiler may copy the function into its
// callers, where it then knows more. It is only sure for functions far beyond
// the compiler's budget.
func (f *flow) mayInline() bool {
	size, calls := 0, 0
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			size++
			switch in := in.(type) {
			case *ssa.Call:
				if in.Call.IsInvoke() {
					calls++
				}
			case *ssa.Go, *ssa.Defer, *ssa.Select:
				return false
			}
		}
	}
	return calls < 2 && size < 120 // a call costs 57 nodes of 80
}

// standard reports whether a function is of the standard library, which keeps
// nothing but for what the tables list.
func standard(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && !strings.Contains(strings.Split(fn.Pkg().Path(), "/")[0], ".")
}

// isConcat reports whether an instruction joins strings.
func isConcat(in *ssa.BinOp) bool {
	b, ok := in.Type().Underlying().(*types.Basic)
	return in.Op == token.ADD && ok && b.Info()&types.IsString != 0
}
