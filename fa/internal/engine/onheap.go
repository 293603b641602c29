package engine

import (
	"go/token"
	"go/types"
	"slices"
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

func (w *fateWalk) stored(st *ssa.Store) {
	base := st.Addr
	for {
		switch b := base.(type) {
		case *ssa.FieldAddr:
			base = b.X
			continue
		case *ssa.IndexAddr:
			if _, ok := b.X.Type().Underlying().(*types.Pointer); ok {
				base = b.X
				continue
			}
			w.into(st, b.X)
			return
		}
		break
	}
	switch b := base.(type) {
	case *ssa.Alloc:
		switch {
		case b.Comment == "varargs":
			w.spread(b)
		case literals[b.Comment]:
			w.follow(b) // it goes where the literal goes
			w.loads(b)
		default:
			w.variable(st, b)
		}
	case *ssa.FreeVar:
		w.away = true
	default:
		w.into(st, base)
	}
}

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

// prints lists the functions of fmt whose arguments are put into interfaces on
// the heap. Those that print to the console are not among them: who calls them
// in a frame is looking for something.
var prints = map[string]bool{
	"fmt.Fprintf": true, "fmt.Fprint": true, "fmt.Fprintln": true,
	"fmt.Appendf": true, "fmt.Append": true, "fmt.Appendln": true,
}

// containers lists functions that put an argument into an interface and keep it.
var containers = map[string]struct {
	into, arg int
	form      string
}{
	"container/heap.Push":                 {0, 1, "framealloc.NewPriorityQueue"},
	"(*container/list.List).PushBack":     {0, 1, "framealloc.NewVec or NewRing"},
	"(*container/list.List).PushFront":    {0, 1, "framealloc.NewRing"},
	"(*container/list.List).InsertBefore": {0, 1, "framealloc.NewVec or NewRing"},
	"(*container/list.List).InsertAfter":  {0, 1, "framealloc.NewVec or NewRing"},
}

// passed follows an argument of a call.
func (w *fateWalk) passed(v ssa.Value, call *ssa.Call) {
	c := &call.Call
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && c.Args[0] == v {
			w.follow(call)
		}
		return
	}
	if c.IsInvoke() {
		switch {
		case slices.Contains(c.Args, v):
			w.away = true
		case !w.devirtualized(c.Value) && (!w.param || !w.f.mayInline()):
			w.onHeap(call)
		}
		return
	}
	if c.Value == v {
		return // a function that is called does not move
	}
	fn := CalleeOf(c)
	if k, ok := containers[fullName(fn)]; ok && c.Args[k.arg] == v {
		into := c.Args[k.into]
		if mi, ok := into.(*ssa.MakeInterface); ok {
			into = mi.X
		}
		w.into(call, into)
		return
	}
	switch op := OpOf(fn); op {
	case OpNone:
	case OpMethod:
		if c.Args[0] != v && !isText(c.Args[0].Type()) {
			w.into(call, c.Args[0])
		}
		return
	case OpAlloc:
		switch fn.Name() {
		case "NewValue", "TryNewValue":
			w.into(call, call)
		}
		return
	case OpSub, OpScope, OpParallel, OpGroupGo, OpTag, OpQuery:
		return
	default:
		w.away = true
		return
	}
	callee := c.StaticCallee()
	s := (*Summary)(nil)
	if callee != nil {
		s = w.f.eng.summaryOf(callee)
	}
	if _, literal := c.Value.(*ssa.MakeClosure); s == nil || literal {
		w.away = w.away || !standard(fn)
		return
	}
	for i, a := range c.Args {
		if a != v {
			continue
		}
		if slices.Contains(s.Heap, i) {
			w.onHeap(call)
		}
		for k := range s.Flows {
			fl := &s.Flows[k]
			if fl.From.Kind != FromParam || fl.From.Param != i {
				continue
			}
			switch {
			case fl.To.Kind == ToResult:
				w.follow(call)
				_, tuple := call.Type().(*types.Tuple)
				w.away = w.away || tuple
			case fl.To.Kind == ToParam && fl.To.Param < len(c.Args):
				w.into(call, c.Args[fl.To.Param])
			default:
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

// carries reports whether a phi hands a value that a turn of a loop made to the
// next turn: the variable is one of outside the loop.
func (w *fateWalk) carries(phi *ssa.Phi, v ssa.Value) bool {
	if w.made == nil {
		return false
	}
	head := phi.Block()
	for i, e := range phi.Edges {
		if e == v && head.Dominates(head.Preds[i]) && head.Dominates(w.made) {
			return true
		}
	}
	return false
}

// outside reports whether a loop around b does not hold a.
func outside(a, b *ssa.BasicBlock) bool {
	if a == b {
		return false
	}
	for head := b; head != nil; head = head.Idom() {
		for _, p := range head.Preds {
			// A back edge: is b in its loop, and a not?
			if head.Dominates(p) && reachesBlock(b, p, head) && (!head.Dominates(a) || !reachesBlock(a, p, head)) {
				return true
			}
		}
	}
	return false
}

// reachesBlock reports whether control can flow from one block to another
// without passing a loop's head on the way.
func reachesBlock(from, to, head *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, s := range b.Succs {
			if s != head {
				work = append(work, s)
			}
		}
	}
	return false
}

// boxes reports whether putting a value into an interface needs memory: not
// for constants, pointers, and what is a byte or less.
func (e *Engine) boxes(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok {
		return false
	}
	t := v.Type()
	return !types.IsInterface(t) && !mentionsParam(t) && !pointerShaped(t) && e.size(t) > 1
}

func pointerShaped(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Struct:
		return u.NumFields() == 1 && pointerShaped(u.Field(0).Type())
	case *types.Array:
		return u.Len() == 1 && pointerShaped(u.Elem())
	}
	return false
}

func (e *Engine) size(t types.Type) int64 {
	if mentionsParam(t) || e.pass.TypesSizes == nil {
		return 0
	}
	return e.pass.TypesSizes.Sizeof(t)
}

// isConcat reports whether an instruction joins strings.
func isConcat(in *ssa.BinOp) bool {
	b, ok := in.Type().Underlying().(*types.Basic)
	return in.Op == token.ADD && ok && b.Info()&types.IsString != 0
}
