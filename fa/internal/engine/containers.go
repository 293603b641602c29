package engine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// The standard library's functions that make containers of containers. None of
// them copies what an element points to.

// shallow lists those whose result has the elements of their arguments, be
// these slices, maps or iterators.
var shallow = names("slices", "Clone Concat Repeat Collect Sorted SortedFunc SortedStableFunc AppendSeq Chunk",
	"maps", "Clone Collect")

// iterators lists those that return an iterator over an argument.
var iterators = names("slices", "Values All Backward Chunk", "maps", "Keys Values All",
	"strings", "Lines SplitSeq SplitAfterSeq FieldsSeq FieldsFuncSeq",
	"bytes", "Lines SplitSeq SplitAfterSeq FieldsSeq FieldsFuncSeq")

// wraps lists those whose result keeps their arguments.
var wraps = names("context", "WithValue", "errors", "Join", "sync", "OnceFunc OnceValue OnceValues",
	"strings", "NewReader NewReplacer", "bytes", "NewReader NewBuffer NewBufferString",
	"bufio", "NewReader NewReaderSize NewWriter NewWriterSize NewScanner NewReadWriter",
	"io", "MultiReader MultiWriter TeeReader LimitReader NewSectionReader NopCloser")

// names makes a set of full names from packages and the functions in them.
func names(list ...string) map[string]bool {
	all := make(map[string]bool)
	for i := 0; i < len(list); i += 2 {
		for name := range set(list[i+1]) {
			all[list[i]+"."+name] = true
		}
	}
	return all
}

// container models a call of a function in the tables, and reports whether it
// is one.
func (f *flow) container(in ssa.Instruction, name string, args []ssa.Value, v ssa.Value) bool {
	if !shallow[name] && !iterators[name] && !wraps[name] {
		return false
	}
	if v == nil || !hasPointers(v.Type()) {
		return true
	}
	o := f.object(objKey{at: v, n: 400}, func() *Object {
		return &Object{Kind: Local, Pos: in.Pos(), Type: v.Type(), Instr: in, Name: "result"}
	})
	made := target{o, ""}
	for _, a := range args {
		if !hasPointers(a.Type()) {
			continue
		}
		if wraps[name] {
			f.put(made.at("~"), f.of(a), in.Pos())
			continue
		}
		if iterators[name] {
			o.iterates = true
			f.put(made.at(".of"), f.of(a), in.Pos())
			if isString(a.Type()) || strings.HasPrefix(name, "bytes.") || name == "slices.Chunk" {
				f.put(made.at("[]"), f.of(a), in.Pos()) // parts of the argument
				continue
			}
		}
		nested := name == "slices.Concat" // its one argument holds the slices
		for t := range f.of(a) {
			if !nested || t.o.collapsed() {
				f.pour(t, made, in)
				continue
			}
			for each := range f.load(t.at("[]")) {
				f.pour(each, made, in)
			}
		}
	}
	f.result(v, 0, targets{made: {}})
	return true
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// pour copies the elements of one container into another, under any key.
func (f *flow) pour(from, to target, in ssa.Instruction) {
	if from.o == to.o {
		return
	}
	if from.o.collapsed() {
		f.put(to.at("[]"), targets{{from.o, ""}: {}}, in.Pos())
		return
	}
	for path, cell := range from.o.cells {
		rest, ok := strings.CutPrefix(path, from.path)
		if !ok || rest == "" || rest[0] == '.' {
			continue
		}
		dst := to.at("~")
		if rest[0] == '[' {
			_, below := nextStep(rest)
			dst = to.at("[]" + below)
		}
		ts := make(targets, len(cell))
		for c := range cell {
			ts[c] = struct{}{}
		}
		f.put(dst, ts, in.Pos())
	}
}

// iterate runs the functions among the arguments of a call of an iterator with
// its elements: such is the body of a range over a function.
func (f *flow) iterate(in ssa.Instruction, c *ssa.CallCommon) {
	for t := range f.of(c.Value) {
		if !t.o.iterates {
			continue
		}
		for _, a := range c.Args {
			for body := range f.of(a) {
				if body.o.Kind != Closure || body.o.fn == nil {
					continue
				}
				if s := f.eng.summaryOf(body.o.fn); s != nil {
					f.apply(in, nil, s, closureArgs(body.o.fn, f.elementsFor(in, body.o.fn, t), body.o.bindings))
				}
			}
		}
	}
}

// elementsFor returns values that stand for what an iterator hands to a
// function.
func (f *flow) elementsFor(in ssa.Instruction, fn *ssa.Function, iterator target) []ssa.Value {
	if f.handed == nil {
		f.handed = make(map[ssa.Instruction][]ssa.Value)
	}
	args := f.handed[in]
	if args == nil {
		for _, p := range fn.Params {
			args = append(args, ssa.NewConst(nil, p.Type()))
		}
		f.handed[in] = args
	}
	for _, a := range args {
		if hasPointers(a.Type()) {
			f.loaded(a, targets{iterator.at("[]"): {}})
		}
	}
	return args
}
