package engine

import (
	"fmt"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// flow is what is known about one function: for each value, what it may point
// to. It does not know the order of statements; what depends on order asks
// the control flow graph, see order.go.
type flow struct {
	eng     *Engine
	fn      *ssa.Function
	pts     map[ssa.Value]targets
	tuples  map[ssa.Value][]targets
	objects map[any]*Object
	handles map[string]*Handle
	paths   map[ssa.Value]string
	changed bool

	// While sinks are collected: what is being stored, by what.
	escapes *[]*Escape
	at      ssa.Instruction
	val     ssa.Value
	via     *Flow
	marked  *[]Mark
	emitted map[escapeKey]bool
	left    map[*Object]bool // objects that leave the function, while escapes are collected
}

type objKey struct {
	at any
	n  int
	h  *Handle
}

func (e *Engine) newFlow(fn *ssa.Function) *flow {
	return &flow{
		eng: e, fn: fn,
		pts: make(map[ssa.Value]targets), tuples: make(map[ssa.Value][]targets),
		objects: make(map[any]*Object), handles: make(map[string]*Handle),
		paths: make(map[ssa.Value]string),
	}
}

// solve computes the points-to sets.
func (f *flow) solve() {
	for round := 0; round < 30; round++ {
		f.changed = false
		for _, b := range f.fn.Blocks {
			for _, in := range b.Instrs {
				f.transfer(in)
			}
		}
		if !f.changed {
			return
		}
	}
}

func (f *flow) paramIndex(v ssa.Value) int {
	for i, p := range f.fn.Params {
		if p == v {
			return i
		}
	}
	for i, p := range f.fn.FreeVars {
		if p == v {
			return len(f.fn.Params) + i
		}
	}
	return -1
}

func (f *flow) object(key any, make func() *Object) *Object {
	o := f.objects[key]
	if o == nil {
		o = make()
		f.objects[key] = o
		f.changed = true
	}
	return o
}

// of returns what a value may point to.
func (f *flow) of(v ssa.Value) targets {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		if !hasPointers(v.Type()) {
			return nil
		}
		i := f.paramIndex(v)
		o := f.object(v, func() *Object {
			return &Object{Kind: Param, Index: i, Name: v.Name(), Pos: v.Pos(), Type: v.Type()}
		})
		return targets{{o, ""}: {}}
	case *ssa.Global:
		o := f.object(v, func() *Object {
			return &Object{Kind: Global, Name: v.Name(), Pos: v.Pos(), Type: v.Type()}
		})
		return targets{{o, ""}: {}}
	case *ssa.Function:
		o := f.object(v, func() *Object { return &Object{Kind: Closure, fn: v, Pos: v.Pos()} })
		return targets{{o, ""}: {}}
	}
	return f.pts[v]
}

func (f *flow) add(v ssa.Value, ts targets) {
	if len(ts) == 0 {
		return
	}
	set := f.pts[v]
	if set == nil {
		set = make(targets)
		f.pts[v] = set
	}
	for t := range ts {
		if _, ok := set[t]; !ok && t.fits(v.Type()) {
			set[t] = struct{}{}
			f.changed = true
		}
	}
}

func (f *flow) addTuple(v ssa.Value, i int, ts targets) {
	list := f.tuples[v]
	for len(list) <= i {
		list = append(list, nil)
	}
	if list[i] == nil {
		list[i] = make(targets)
	}
	f.tuples[v] = list
	for t := range ts {
		if _, ok := list[i][t]; !ok {
			list[i][t] = struct{}{}
			f.changed = true
		}
	}
}

// result adds to the k-th result of a call.
func (f *flow) result(call ssa.Value, k int, ts targets) {
	if call == nil || len(ts) == 0 {
		return
	}
	if tup, ok := call.Type().(*types.Tuple); ok {
		if k < tup.Len() {
			f.addTuple(call, k, ts)
		}
		return
	}
	if k == 0 {
		f.add(call, ts)
	}
}

func resultType(call ssa.Value, k int) types.Type {
	if call == nil {
		return nil
	}
	if tup, ok := call.Type().(*types.Tuple); ok {
		if k < tup.Len() {
			return tup.At(k).Type()
		}
		return nil
	}
	if k > 0 {
		return nil
	}
	return call.Type()
}

// load returns what is stored at a place.
func (f *flow) load(t target) targets {
	if t.o.collapsed() {
		return targets{{t.o, ""}: {}}
	}
	out := make(targets)
	for c := range t.o.cells[t.path] {
		out[c] = struct{}{}
	}
	for path, cell := range t.o.cells {
		// Any place below, asked for or stored at, matches.
		any := strings.HasSuffix(path, "~") && strings.HasPrefix(t.path, strings.TrimSuffix(path, "~")) ||
			strings.HasSuffix(t.path, "~") && strings.HasPrefix(path, strings.TrimSuffix(t.path, "~"))
		if any {
			for c := range cell {
				out[c] = struct{}{}
			}
		}
	}
	return out
}

// put stores pointers at a place.
func (f *flow) put(t target, ts targets, pos token.Pos) {
	if len(ts) == 0 {
		return
	}
	if f.escapes != nil {
		f.stored(t, ts, pos)
	}
	if t.o.collapsed() {
		return
	}
	if t.o.cells == nil {
		t.o.cells = make(map[string]map[target]token.Pos)
	}
	cell := t.o.cells[t.path]
	if cell == nil {
		cell = make(map[target]token.Pos)
		t.o.cells[t.path] = cell
	}
	for c := range ts {
		if c.o == t.o && c.o.Kind == Value {
			continue
		}
		if _, ok := cell[c]; !ok {
			cell[c] = pos
			f.changed = true
		}
	}
}

// store stores a value of any type at a place.
func (f *flow) store(t target, v ssa.Value, pos token.Pos) {
	if !hasPointers(v.Type()) {
		return
	}
	f.val = v
	defer func() { f.val = nil }()
	if !isAggregate(v.Type()) {
		f.put(t, f.of(v), pos)
		return
	}
	for s := range f.of(v) {
		f.copyTree(s, t, pos)
	}
}

// copyTree copies what is stored below one place to below another.
func (f *flow) copyTree(from, to target, pos token.Pos) {
	if from == to {
		return
	}
	if from.o.collapsed() {
		f.put(to.at("~"), targets{{from.o, ""}: {}}, pos)
		return
	}
	for path, cell := range from.o.cells {
		rest, ok := strings.CutPrefix(path, from.path)
		if !ok && !strings.HasSuffix(path, "~") {
			continue
		}
		if !ok {
			rest = "~"
		}
		ts := make(targets, len(cell))
		for c := range cell {
			ts[c] = struct{}{}
		}
		dst := to
		if rest != "" {
			dst = to.at(rest)
		}
		f.put(dst, ts, pos)
	}
}

func (f *flow) local(in ssa.Value, name string) targets {
	o := f.object(in, func() *Object {
		i, _ := in.(ssa.Instruction)
		return &Object{Kind: Local, Pos: in.Pos(), Type: in.Type(), Instr: i, Name: name}
	})
	return targets{{o, ""}: {}}
}

// loaded adds what is read from places to a value.
func (f *flow) loaded(v ssa.Value, from targets) {
	if !hasPointers(v.Type()) {
		return
	}
	if isAggregate(v.Type()) {
		o := f.object(objKey{at: v}, func() *Object { return &Object{Kind: Value, Pos: v.Pos()} })
		for t := range from {
			f.copyTree(t, target{o, ""}, v.Pos())
		}
		f.add(v, targets{{o, ""}: {}})
		return
	}
	for t := range from {
		f.add(v, f.load(t))
	}
}

func (f *flow) transfer(in ssa.Instruction) {
	f.at, f.val, f.via = in, nil, nil
	switch in := in.(type) {
	case *ssa.Alloc:
		f.add(in, f.local(in, in.Comment))
	case *ssa.MakeSlice:
		f.add(in, f.local(in, "slice"))
	case *ssa.MakeMap:
		f.add(in, f.local(in, "map"))
	case *ssa.MakeChan:
		f.add(in, f.local(in, "channel"))
	case *ssa.MakeClosure:
		fn := in.Fn.(*ssa.Function)
		o := f.object(in, func() *Object {
			return &Object{Kind: Closure, Pos: in.Pos(), Instr: in, fn: fn, bindings: in.Bindings}
		})
		for i, b := range in.Bindings {
			f.put(target{o, "#" + strconv.Itoa(i)}, f.of(b), in.Pos())
		}
		f.add(in, targets{{o, ""}: {}})
		if s := f.eng.summaryOf(fn); s != nil {
			f.apply(in, nil, s, closureArgs(fn, nil, in.Bindings))
		}
	case *ssa.FieldAddr:
		for t := range f.of(in.X) {
			f.add(in, targets{t.at("." + fieldName(in.X.Type(), in.Field)): {}})
		}
	case *ssa.Field:
		for t := range f.of(in.X) {
			t = t.at("." + fieldName(in.X.Type(), in.Field))
			if isAggregate(in.Type()) {
				f.add(in, targets{t: {}})
			} else if hasPointers(in.Type()) {
				f.add(in, f.load(t))
			}
		}
	case *ssa.IndexAddr:
		for t := range f.of(in.X) {
			f.add(in, targets{t.at("[]"): {}})
		}
	case *ssa.Index:
		if hasPointers(in.Type()) {
			for t := range f.of(in.X) {
				t = t.at("[]")
				if isAggregate(in.Type()) {
					f.add(in, targets{t: {}})
				} else {
					f.add(in, f.load(t))
				}
			}
		}
	case *ssa.UnOp:
		switch in.Op {
		case token.MUL:
			if a, ok := in.X.(*ssa.Alloc); ok && !isAggregate(in.Type()) {
				for t := range f.of(a) {
					for c := range f.load(t) {
						if f.reaches(t.o, in, c) || f.fromLiteral(a) {
							f.add(in, targets{c: {}})
						}
					}
				}
				break
			}
			f.loaded(in, f.of(in.X))
		case token.ARROW:
			from := make(targets)
			for t := range f.of(in.X) {
				from[t.at("[]")] = struct{}{}
			}
			if in.CommaOk {
				for t := range from {
					f.addTuple(in, 0, f.load(t))
				}
			} else {
				f.loaded(in, from)
			}
		}
	case *ssa.Store:
		for t := range f.of(in.Addr) {
			f.store(t, in.Val, in.Pos())
		}
	case *ssa.Phi:
		for _, e := range in.Edges {
			f.add(in, f.of(e))
		}
	case *ssa.ChangeType:
		f.add(in, f.of(in.X))
	case *ssa.ChangeInterface:
		f.add(in, f.of(in.X))
	case *ssa.MakeInterface:
		if hasPointers(in.X.Type()) {
			f.add(in, f.of(in.X))
		}
	case *ssa.SliceToArrayPointer:
		f.add(in, f.of(in.X))
	case *ssa.Slice:
		f.add(in, f.of(in.X))
	case *ssa.BinOp:
		if isConcat(in) {
			f.add(in, f.local(in, "string"))
		}
	case *ssa.Convert:
		if !copies(in.X.Type(), in.Type()) {
			f.add(in, f.of(in.X))
		} else if hasPointers(in.X.Type()) && hasPointers(in.Type()) {
			f.add(in, f.local(in, "copy"))
		}
	case *ssa.MultiConvert:
		if !copies(in.X.Type(), in.Type()) {
			f.add(in, f.of(in.X))
		}
	case *ssa.TypeAssert:
		if !hasPointers(in.AssertedType) {
			break
		}
		if in.CommaOk {
			ts := make(targets)
			for t := range f.of(in.X) {
				if t.fits(in.AssertedType) {
					ts[t] = struct{}{}
				}
			}
			f.addTuple(in, 0, ts)
		} else {
			f.add(in, f.of(in.X))
		}
	case *ssa.Extract:
		if list := f.tuples[in.Tuple]; in.Index < len(list) && hasPointers(in.Type()) {
			f.add(in, list[in.Index])
		}
	case *ssa.Lookup:
		for t := range f.of(in.X) {
			if in.CommaOk {
				f.addTuple(in, 0, f.load(t.at("[]")))
			} else {
				f.loaded(in, targets{t.at("[]"): {}})
			}
		}
	case *ssa.Range:
		f.add2(in, f.of(in.X))
	case *ssa.Next:
		if !in.IsString {
			for t := range f.pts[in.Iter] {
				f.addTuple(in, 1, f.load(t.at("[k]")))
				f.addTuple(in, 2, f.load(t.at("[]")))
			}
		}
	case *ssa.MapUpdate:
		for t := range f.of(in.Map) {
			f.store(t.at("[k]"), in.Key, in.Pos())
			f.store(t.at("[]"), in.Value, in.Pos())
		}
	case *ssa.Send:
		for t := range f.of(in.Chan) {
			f.store(t.at("[]"), in.X, in.Pos())
		}
	case *ssa.Select:
		k := 2
		for _, st := range in.States {
			if st.Dir == types.SendOnly {
				for t := range f.of(st.Chan) {
					f.store(t.at("[]"), st.Send, st.Pos)
				}
				continue
			}
			for t := range f.of(st.Chan) {
				f.addTuple(in, k, f.load(t.at("[]")))
			}
			k++
		}
	case *ssa.Call:
		f.call(in, &in.Call, in)
	case *ssa.Go:
		f.call(in, &in.Call, nil)
	case *ssa.Defer:
		f.call(in, &in.Call, nil)
	}
}

// fromLiteral reports whether a function literal assigns to a variable.
func (f *flow) fromLiteral(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok {
			fn := mc.Fn.(*ssa.Function)
			for i, b := range mc.Bindings {
				if b == a && (i >= len(fn.FreeVars) || assigned(fn.FreeVars[i])) {
					return true
				}
			}
		}
	}
	return false
}

// add2 adds without looking at the type, for values of internal types.
func (f *flow) add2(v ssa.Value, ts targets) {
	set := f.pts[v]
	if set == nil {
		set = make(targets)
		f.pts[v] = set
	}
	for t := range ts {
		if _, ok := set[t]; !ok {
			set[t] = struct{}{}
			f.changed = true
		}
	}
}

// copies reports whether a conversion makes a copy: that between strings and
// slices does.
func copies(from, to types.Type) bool {
	isString := func(t types.Type) bool {
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Info()&types.IsString != 0
	}
	isSlice := func(t types.Type) bool {
		_, ok := t.Underlying().(*types.Slice)
		return ok
	}
	return isString(from) && isSlice(to) || isSlice(from) && isString(to) || !hasPointers(to) || !hasPointers(from)
}

// closureArgs lists the arguments of a closure in the order that summaries
// count them; nil stands for one that is not known.
func closureArgs(fn *ssa.Function, args, bindings []ssa.Value) []ssa.Value {
	n := len(fn.Params)
	if strings.HasSuffix(fn.Name(), "$bound") && len(bindings) == 1 {
		// A method value: the summary is the method's.
		all := []ssa.Value{bindings[0]}
		if len(args) == 0 {
			args = make([]ssa.Value, n)
		}
		return append(all, args...)
	}
	all := make([]ssa.Value, n, n+len(bindings))
	copy(all, args)
	return append(all, bindings...)
}

// call is a call of any kind; v is nil for go and defer.
func (f *flow) call(in ssa.Instruction, c *ssa.CallCommon, v ssa.Value) {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		f.builtin(in, b, c.Args, v)
		return
	}
	fn := CalleeOf(c)
	if op := OpOf(fn); op != OpNone {
		f.libraryCall(in, op, fn, c, v)
		return
	}
	name := fullName(fn)
	if k, ok := keeps[name]; ok && k.into >= 0 && k.arg < len(c.Args) {
		args := allArgs(c)
		for t := range f.of(args[k.into]) {
			f.store(t.at("~"), args[k.arg], in.Pos())
		}
	}
	if sharesArguments(fn) && v != nil {
		for k := 0; ; k++ {
			t := resultType(v, k)
			if t == nil {
				break
			}
			if _, isSlice := t.Underlying().(*types.Slice); hasPointers(t) || isSlice {
				for _, a := range c.Args {
					ts := make(targets)
					if fitsSplit(t, a.Type()) {
						// A new slice, whose elements are parts of the argument.
						o := f.object(objKey{at: v, n: 300 + k}, func() *Object {
							return &Object{Kind: Local, Pos: in.Pos(), Type: t, Instr: in, Name: "result"}
						})
						f.put(target{o, "[]"}, f.of(a), in.Pos())
						f.result(v, k, targets{{o, ""}: {}})
						continue
					}
					for x := range f.of(a) {
						if x.fits(t) {
							ts[x] = struct{}{}
						}
					}
					f.result(v, k, ts)
				}
			}
		}
		return
	}
	if f.escapes != nil && !f.harmless(c, fn) {
		for _, a := range allArgs(c) {
			f.leave(f.of(a))
		}
	}
	if c.IsInvoke() {
		if s := f.eng.contract(fn); s != nil {
			f.apply(in, v, s, allArgs(c))
		} else if m := f.devirtualize(c); m != nil {
			if s := f.eng.summaryOf(m); s != nil {
				f.apply(in, v, s, allArgs(c))
			}
		}
		return
	}
	if callee, ok := c.Value.(*ssa.Function); ok {
		if s := f.eng.summaryOf(callee); s != nil {
			f.apply(in, v, s, c.Args)
			return
		}
	}
	for t := range f.of(c.Value) {
		if t.o.Kind == Closure && t.o.fn != nil {
			if s := f.eng.summaryOf(t.o.fn); s != nil {
				f.apply(in, v, s, closureArgs(t.o.fn, c.Args, t.o.bindings))
			}
		}
	}
	if v != nil && !c.IsInvoke() {
		// A function that nothing is known about returns what is its own.
		f.unknown(v)
	}
}

func fitsSplit(result, arg types.Type) bool {
	s, ok := result.Underlying().(*types.Slice)
	return ok && types.Identical(s.Elem(), arg)
}

// unknown gives a call results that belong to somebody else.
func (f *flow) unknown(v ssa.Value) {
	for k := 0; ; k++ {
		t := resultType(v, k)
		if t == nil {
			return
		}
		if hasPointers(t) && !isAggregate(t) {
			o := f.object(objKey{at: v, n: k}, func() *Object { return &Object{Kind: Unknown, Pos: v.Pos(), Type: t} })
			f.result(v, k, targets{{o, ""}: {}})
		}
		if _, ok := v.Type().(*types.Tuple); !ok {
			return
		}
	}
}

func allArgs(c *ssa.CallCommon) []ssa.Value {
	if !c.IsInvoke() {
		return c.Args
	}
	return append([]ssa.Value{c.Value}, c.Args...)
}

// devirtualize returns the method that an interface call runs, if the value in
// the interface was put there in this function.
func (f *flow) devirtualize(c *ssa.CallCommon) *ssa.Function {
	mi, ok := c.Value.(*ssa.MakeInterface)
	if !ok {
		return nil
	}
	if types.IsInterface(mi.X.Type()) {
		return nil
	}
	sel := f.fn.Prog.MethodSets.MethodSet(mi.X.Type()).Lookup(c.Method.Pkg(), c.Method.Name())
	if sel == nil {
		return nil
	}
	return f.fn.Prog.MethodValue(sel)
}

func (f *flow) builtin(in ssa.Instruction, b *ssa.Builtin, args []ssa.Value, v ssa.Value) {
	switch b.Name() {
	case "append":
		if v == nil {
			return
		}
		f.add(v, f.of(args[0]))
		elem := sliceElem(v.Type())
		if c, ok := args[0].(*ssa.Const); ok && c.IsNil() || len(f.of(args[0])) == 0 {
			f.add(v, f.local(v, "slice"))
		} else if elem != nil && hasPointers(elem) {
			f.add(v, f.local(v, "slice")) // what it may have grown into
			for t := range f.of(args[0]) {
				for own := range f.local(v, "slice") {
					f.copyTree(t, own, in.Pos())
				}
			}
		}
		if len(args) > 1 && elem != nil && hasPointers(elem) {
			for t := range f.of(v) {
				f.elements(args[1], t, in.Pos())
			}
		}
	case "copy":
		if elem := sliceElem(args[0].Type()); elem != nil && hasPointers(elem) {
			for t := range f.of(args[0]) {
				f.elements(args[1], t, in.Pos())
			}
		}
	case "String", "Slice", "StringData", "SliceData", "Add", "min", "max":
		if v != nil && len(args) > 0 && hasPointers(v.Type()) {
			for t := range f.of(args[0]) {
				f.add2(v, targets{t: {}})
			}
		}
	}
}

func sliceElem(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return nil
}

// elements copies the elements of a slice value into the slice at t.
func (f *flow) elements(src ssa.Value, t target, pos token.Pos) {
	for s := range f.of(src) {
		f.copyTree(s.at("[]"), t.at("[]"), pos)
	}
}

// frameMemory makes memory of frames the result of a call.
func (f *flow) frameMemory(in ssa.Instruction, v ssa.Value, n int, hs []*Handle, t types.Type, policy string) targets {
	out := make(targets)
	for _, h := range hs {
		if h.Kind == Long {
			// Memory of a scratch pool or group: it does not end with a frame.
			o := f.object(objKey{in, n, h}, func() *Object {
				return &Object{Kind: Memory, Pos: in.Pos(), Type: t, Instr: in, Handle: h}
			})
			out[target{o, ""}] = struct{}{}
			continue
		}
		o := f.object(objKey{in, n, h}, func() *Object {
			return &Object{Kind: Memory, Pos: in.Pos(), Type: t, Instr: in, Handle: h, Policy: policy}
		})
		out[target{o, ""}] = struct{}{}
	}
	if v != nil {
		f.result(v, n, out)
	}
	return out
}

func (f *flow) libraryCall(in ssa.Instruction, op Op, fn *types.Func, c *ssa.CallCommon, v ssa.Value) {
	args := allArgs(c)
	switch op {
	case OpBegin:
		f.frameHandle(in, v, &Handle{Kind: Begun, Owner: f.owner(args[0])})
	case OpFork:
		for _, h := range f.handlesOf(args[0]) {
			f.frameHandle(in, v, &Handle{Kind: Forked, Parent: h})
			break
		}
	case OpLongFrame:
		f.frameHandle(in, v, &Handle{Kind: Long, Owner: f.access(args[0])})
	case OpRetain, OpBox:
		// The result is a handle, which may outlive the frame; what is in it
		// may not.
		if v == nil {
			return
		}
		policy := ""
		if op == OpRetain && len(args) > 1 {
			policy = policyName(args[1])
		}
		box := f.object(objKey{at: v}, func() *Object {
			return &Object{Kind: Local, Pos: in.Pos(), Instr: in, Name: "handle"}
		})
		box.handle = true
		mem := f.frameMemory(in, nil, 1, f.handlesOf(args[0]), nil, policy)
		for t := range mem {
			t.o.promotes = op == OpRetain && promotes(resultType(v, 0))
		}
		f.put(target{box, ".value"}, mem, in.Pos())
		f.result(v, 0, targets{{box, ""}: {}})
	case OpAlloc:
		hs := f.handlesOf(args[0])
		mem := f.frameMemory(in, v, 0, hs, resultType(v, 0), "")
		switch fn.Name() {
		case "NewValue", "TryNewValue":
			for t := range mem {
				f.store(t, args[1], in.Pos())
			}
		case "Clone":
			if e := sliceElem(args[1].Type()); e != nil && hasPointers(e) {
				for t := range mem {
					f.elements(args[1], t, in.Pos())
				}
			}
		case "Append", "Grow":
			f.result(v, 0, f.of(args[1]))
			if e := sliceElem(args[1].Type()); e != nil && hasPointers(e) {
				for t := range mem {
					for _, a := range args[1:] {
						if sliceElem(a.Type()) != nil {
							f.elements(a, t, in.Pos())
						}
					}
				}
				if len(args) > 2 {
					for t := range f.of(args[1]) {
						f.elements(args[2], t, in.Pos())
					}
				}
			}
		case "NewMany":
			if v != nil {
				each := f.frameMemory(in, nil, 1, hs, sliceElem(v.Type()), "")
				for t := range mem {
					f.put(t.at("[]"), each, in.Pos())
				}
			}
		}
	case OpInto:
		f.frameMemory(in, v, 0, f.handlesOf(args[len(args)-1]), resultType(v, 0), "")
	case OpMethod:
		f.boundMethod(in, fn, args, v)
	case OpPoolGet:
		if v != nil && hasPointers(v.Type()) {
			o := f.object(objKey{at: in}, func() *Object {
				return &Object{Kind: Pooled, Pos: in.Pos(), Type: v.Type(), Instr: in, Name: "pool object"}
			})
			f.result(v, 0, targets{{o, ""}: {}})
		}
	case OpForkGroup:
		o := f.object(objKey{at: in}, func() *Object {
			return &Object{Kind: Local, Pos: in.Pos(), Type: resultType(v, 0), Instr: in, Name: "fork group"}
		})
		if hs := f.handlesOf(args[len(args)-1]); len(hs) > 0 {
			o.Handle = hs[0]
		}
		f.result(v, 0, targets{{o, ""}: {}})
	case OpTransfer:
		if f.escapes != nil {
			for _, a := range args[1:] {
				f.leave(f.of(a)) // another goroutine gets it
			}
		}
	case OpGroupGo:
		for t := range f.of(args[0]) {
			if t.o.Handle != nil {
				f.runWith(in, args[1:], []*Handle{t.o.Handle})
			}
		}
	case OpParallel:
		f.runWith(in, args[1:], f.handlesOf(args[0]))
	case OpScope:
		f.runWith(in, args[1:], []*Handle{f.scopeHandle(in, f.owner(args[0]))})
	case OpSub:
		f.runWith(in, args[1:], []*Handle{f.scopeHandle(in, "")})
	case OpNewOwner:
		if v != nil {
			f.add(v, f.local(v, "worker"))
		}
	}
	if fn.Name() == "HeapNew" || fn.Name() == "HeapSlice" {
		f.result(v, 0, f.local(v, "heap object"))
	}
}

// boundMethod is a method of a value in frame memory: what it is given is
// stored in that memory, what it returns is a part of it or an element.
func (f *flow) boundMethod(in ssa.Instruction, fn *types.Func, args []ssa.Value, v ssa.Value) {
	recv := f.of(args[0])
	for _, a := range args[1:] {
		if !hasPointers(a.Type()) {
			continue
		}
		if isText(args[0].Type()) {
			continue // the bytes are copied
		}
		for t := range recv {
			if fn.Signature().Variadic() && a == args[len(args)-1] {
				f.elements(a, t, in.Pos())
			} else {
				f.store(t.at("[]"), a, in.Pos())
			}
		}
	}
	if v == nil {
		return
	}
	res := fn.Signature().Results()
	if isHandle(args[0].Type()) {
		for x := range recv {
			if x.o.collapsed() {
				f.result(v, 0, targets{x: {}})
			} else {
				f.result(v, 0, f.load(target{x.o, ".value"}))
			}
		}
		return
	}
	for k := range res.Len() {
		switch t := types.Unalias(res.At(k).Type()).(type) {
		case *types.TypeParam: // an element
			rt := resultType(v, k)
			if rt == nil || !hasPointers(rt) {
				continue
			}
			for x := range recv {
				if isAggregate(rt) {
					f.result(v, k, targets{x.at("[]"): {}})
				} else {
					f.result(v, k, f.load(x.at("[]")))
				}
			}
		case *types.Basic:
			if t.Info()&types.IsString != 0 {
				f.result(v, k, f.untyped(in, recv))
			}
		case *types.Pointer:
			place := make(targets)
			for x := range recv {
				if _, ok := types.Unalias(t.Elem()).(*types.TypeParam); ok && fn.Name() != "Get" && fn.Name() != "New" {
					x = x.at("[]")
				}
				place[x] = struct{}{}
			}
			if fn.Name() == "Get" || fn.Name() == "New" {
				place = f.untyped(in, recv)
			}
			f.result(v, k, place)
		case *types.Slice:
			f.result(v, k, f.untyped(in, recv))
		}
	}
}

// isHandle reports whether t is one of the library's handles to frame memory,
// which may be stored anywhere.
func isHandle(t types.Type) bool {
	return isLibraryType(t, "", "Retained") || isLibraryType(t, "", "FrameBox")
}

// promotes reports whether a Retained[T] has a T that moves what it points to.
func promotes(t types.Type) bool {
	n := namedOf(t)
	if n == nil || n.TypeArgs().Len() != 1 {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n.TypeArgs().At(0)), true, nil, "Promote")
	_, ok := obj.(*types.Func)
	return ok
}

func isText(t types.Type) bool {
	return isLibraryType(t, "", "Text") || isLibraryType(t, "", "Buffer")
}

// untyped returns the memory behind the library's containers under the type
// that a method gives it: it is the same memory.
func (f *flow) untyped(in ssa.Instruction, recv targets) targets {
	out := make(targets)
	for t := range recv {
		t.o.shared()
		out[t] = struct{}{}
	}
	return out
}

// shared marks an object as visible under several types.
func (o *Object) shared() {
	if o.Kind == Memory {
		o.Type = nil
	}
}

func policyName(v ssa.Value) string {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			return policyConst(v)
		}
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok {
			return g.Name()
		}
	case *ssa.Call:
		if fn := CalleeOf(&v.Call); fn != nil {
			return fn.Name()
		}
	}
	return "?"
}

// policyConst returns the name of the library's constant with that value.
func policyConst(c *ssa.Const) string {
	n := namedOf(c.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return "?"
	}
	scope := n.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if k, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(k.Type(), c.Type()) &&
			k.Val().ExactString() == c.Value.ExactString() {
			return name
		}
	}
	return "?"
}

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
		out := make(targets)
		for _, h := range hs {
			o := f.object(objKey{in, 1000 + n, h}, func() *Object {
				o := &Object{Kind: Memory, Pos: in.Pos(), Type: t, Instr: in, Handle: h, Policy: fl.From.Policy}
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
			return &Object{Kind: Pooled, Pos: in.Pos(), Instr: in, Name: "pool object"}
		})
		return targets{{o, ""}: {}}
	}
	return nil
}

// below returns everything that is stored in an object and behind it.
func (f *flow) below(t target) targets {
	out := make(targets)
	if t.o.collapsed() {
		out[target{t.o, ""}] = struct{}{}
		return out
	}
	seen := map[*Object]bool{t.o: true}
	work := []*Object{t.o}
	for len(work) > 0 {
		o := work[0]
		work = work[1:]
		for _, cell := range o.cells {
			for c := range cell {
				out[c] = struct{}{}
				if !seen[c.o] {
					seen[c.o] = true
					work = append(work, c.o)
				}
			}
		}
	}
	return out
}

// walk returns the places that an access path leads to from a place: each step
// is a field of the object itself, or of what is stored there.
func (f *flow) walk(t target, path string) targets {
	places := targets{t: {}}
	for path != "" {
		var step string
		step, path = nextStep(path)
		next := make(targets)
		for p := range places {
			next[p.at(step)] = struct{}{}
			if !p.o.collapsed() {
				for c := range f.load(p) {
					next[c.at(step)] = struct{}{}
				}
			}
		}
		places = next
	}
	return places
}

// read returns the values that the path of a [Ref] stands for.
func (f *flow) read(t target, path string) targets {
	if path == "~" {
		out := f.below(t)
		out[t] = struct{}{}
		return out
	}
	rest, loaded := strings.CutPrefix(path, "*")
	places := f.walk(t, rest)
	if !loaded {
		return places
	}
	out := make(targets)
	for p := range places {
		for c := range f.load(p) {
			out[c] = struct{}{}
		}
	}
	return out
}

func nextStep(path string) (step, rest string) {
	for i := 1; i < len(path); i++ {
		if path[i] == '.' || path[i] == '[' || path[i] == '~' {
			return path[:i], path[i:]
		}
	}
	return path, ""
}

// origin returns the path from a parameter to a value, as a [Ref] writes it.
func (f *flow) origin(v ssa.Value) (param int, path string, ok bool) {
	param, path, loaded, ok := f.originOf(v, 0)
	if !ok || strings.Count(path, ".")+strings.Count(path, "[") > 4 {
		return param, "~", ok
	}
	if loaded {
		path = "*" + path
	}
	return param, path, true
}

func (f *flow) originOf(v ssa.Value, depth int) (param int, path string, loaded, ok bool) {
	if depth > 20 {
		return 0, "", false, false
	}
	depth++
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return f.paramIndex(v), "", false, true
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return 0, "", false, false
		}
		if a, isAlloc := v.X.(*ssa.Alloc); isAlloc {
			if s := f.onlyStore(a); s != nil {
				return f.originOf(s, depth)
			}
			return 0, "", false, false
		}
		param, path, _, ok = f.originOf(v.X, depth)
		return param, path, true, ok
	case *ssa.FieldAddr:
		param, path, _, ok = f.originOf(v.X, depth)
		return param, path + "." + fieldName(v.X.Type(), v.Field), false, ok
	case *ssa.Field:
		param, path, loaded, ok = f.originOf(v.X, depth)
		return param, path + "." + fieldName(v.X.Type(), v.Field), loaded, ok
	case *ssa.IndexAddr:
		param, path, _, ok = f.originOf(v.X, depth)
		return param, path + "[]", false, ok
	case *ssa.Slice:
		return f.originOf(v.X, depth)
	case *ssa.ChangeType:
		return f.originOf(v.X, depth)
	case *ssa.MakeInterface:
		return f.originOf(v.X, depth)
	case *ssa.ChangeInterface:
		return f.originOf(v.X, depth)
	case *ssa.TypeAssert:
		return f.originOf(v.X, depth)
	case *ssa.Convert:
		return f.originOf(v.X, depth)
	}
	return 0, "", false, false
}
