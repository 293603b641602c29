package engine

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Kind says what an [Object] stands for.
type Kind uint8

// The kinds of objects. What a parameter, a global or an unknown call leads to
// is one object each: everything that is reachable from there.
const (
	Local   Kind = iota // a variable, or heap memory made in this function
	Value               // a struct or array held as a whole
	Closure             // a function with what it captured
	Memory              // memory of a frame
	Frame               // a frame itself
	Pooled              // library memory that outlives frames
	Param               // what a parameter or captured variable leads to
	Global              // what a package variable leads to
	Unknown             // what a call returned that nothing is known about
)

// Object is memory, seen from one function.
type Object struct {
	Kind   Kind
	Pos    token.Pos
	Type   types.Type // of a pointer to it; nil: not known
	Instr  ssa.Instruction
	Handle *Handle // of Memory: the frame; of Frame: itself
	Index  int     // of Param: parameters first, captured variables behind them
	Name   string  // of Global, Param, Local: as the source calls it
	Policy string  // of Memory from Retain: "Discard", "ToHeap", …

	handle   bool          // a handle: what is in it does not go where it goes
	bytes    bool          // an allocator of package bytealloc
	table    *tableUse     // of Pooled: it is what a table holds
	lent     bool          // of Memory: a stream's, until the frame is over
	iterates bool          // an iterator of the standard library: its elements are in it
	promotes bool          // of Memory from Retain: its type moves what it points to
	fn       *ssa.Function // of Closure
	bindings []ssa.Value   // of Closure
	cells    map[string]map[target]token.Pos
}

// Taken says in words what happens where frame memory comes from.
func (o *Object) Taken() string {
	if o.lent {
		return "lent here"
	}
	return "allocated here"
}

// HandleKind says how long the memory of a frame lives.
type HandleKind uint8

// The kinds of handles.
const (
	Given  HandleKind = iota // by the caller: a parameter or what it leads to
	Begun                    // here
	Scoped                   // the frame of a function that a scope runs
	Forked                   // lives as long as its parent
	Long                     // scratch pools and groups: not bound to frames
	Opaque                   // nothing known
)

// Handle is a frame, seen from one function.
type Handle struct {
	Kind   HandleKind
	Pos    token.Pos
	Owner  string  // what ends it: the access path of the worker
	Param  int     // of Given
	Path   string  // of Given: from the parameter, "" for itself
	Root   string  // access path of the handle
	Parent *Handle // of Forked
	Call   ssa.Instruction
}

// Region returns the handle whose end is the end of h's memory.
func (h *Handle) Region() *Handle {
	for h.Kind == Forked && h.Parent != nil {
		h = h.Parent
	}
	return h
}

// target is a place inside of an object. A path is made of ".field" and "[]"
// (an element), "[k]" (a key); "~" at the end stands for any place below.
type target struct {
	o    *Object
	path string
}

type targets map[target]struct{}

const maxPath = 40 // bytes; deeper paths are cut, so that recursive types end

func (t target) at(step string) target {
	if t.o.collapsed() {
		return target{t.o, ""}
	}
	if len(t.path)+len(step) > maxPath || strings.HasSuffix(t.path, "~") {
		return target{t.o, "~"}
	}
	return target{t.o, t.path + step}
}

func (o *Object) collapsed() bool {
	return o.Kind == Param || o.Kind == Global || o.Kind == Unknown
}

// fits reports whether a value of type t may be a pointer to this target. It
// only says no when it is sure.
func (tg target) fits(t types.Type) bool {
	if t == nil || tg.path != "" || tg.o.collapsed() || tg.o.Type == nil || tg.o.Kind == Value || tg.o.Kind == Closure {
		return true
	}
	return mayBe(t, tg.o.Type)
}

func mayBe(t, have types.Type) bool {
	if types.IsInterface(t) || mentionsParam(t) || mentionsParam(have) || isAggregate(t) || isAggregate(have) {
		return true
	}
	if types.Identical(t, have) || types.Identical(t.Underlying(), have.Underlying()) {
		return true
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.UnsafePointer {
		return true
	}
	// A slice of an array, and a pointer to an element, are still it.
	switch t := t.Underlying().(type) {
	case *types.Slice:
		switch have := have.Underlying().(type) {
		case *types.Pointer:
			return true
		case *types.Slice:
			return types.Identical(t.Elem(), have.Elem())
		}
	case *types.Pointer:
		switch have := have.Underlying().(type) {
		case *types.Slice:
			return true
		case *types.Pointer:
			_, s := have.Elem().Underlying().(*types.Struct)
			_, a := have.Elem().Underlying().(*types.Array)
			return s && !isNamedStruct(t.Elem()) || a
		}
	}
	return false
}

func isNamedStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok && namedOf(t) != nil
}

func mentionsParam(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return mentionsParam(t.Elem())
	case *types.Slice:
		return mentionsParam(t.Elem())
	case *types.Array:
		return mentionsParam(t.Elem())
	case *types.Map:
		return mentionsParam(t.Key()) || mentionsParam(t.Elem())
	case *types.Named:
		for i := range t.TypeArgs().Len() {
			if mentionsParam(t.TypeArgs().At(i)) {
				return true
			}
		}
		return t.TypeParams().Len() > 0 && t.TypeArgs().Len() == 0
	}
	return false
}
