package engine

import (
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

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
