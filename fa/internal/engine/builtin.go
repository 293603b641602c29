package engine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

func (f *flow) builtin(in ssa.Instruction, b *ssa.Builtin, args []ssa.Value, v ssa.Value) {
	switch b.Name() {
	case "append":
		if v == nil {
			return
		}
		elem := sliceElem(v.Type())
		whole := f.ofTable(args[0])
		if !whole {
			f.add(v, f.of(args[0]))
		}
		if c, ok := args[0].(*ssa.Const); ok && c.IsNil() || len(f.of(args[0])) == 0 || whole && !hasPointers(elem) {
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
			f.val = onlyElement(args[1])
			for t := range f.of(v) {
				f.elements(args[1], t, in.Pos())
			}
			f.val = nil
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
