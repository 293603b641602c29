package engine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

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
	if f.byteAllocator(in, fn, c, v) {
		return
	}
	name := fullName(fn)
	if k, ok := keeps[name]; ok && k.into >= 0 && k.arg < len(c.Args) {
		args := allArgs(c)
		for t := range f.of(args[k.into]) {
			f.store(t.at("~"), args[k.arg], in.Pos())
		}
	}
	if f.container(in, name, c.Args, v) {
		return
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
	if !c.IsInvoke() {
		f.iterate(in, c)
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
