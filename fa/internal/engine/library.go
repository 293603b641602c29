package engine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Library is the import path of the library. It is all that the engine knows
// it by: the meaning of its functions is in this file.
const Library = "github.com/framealloc/framealloc"

// Op is what a function of the library does, as far as lifetimes go.
type Op uint8

// The operations.
const (
	OpNone       Op = iota
	OpBegin         // receiver is the owner; the result is its frame
	OpEnd           // ends the receiver's frame
	OpEndTake       // the same, and returns the promotions
	OpScope         // runs a function inside of a frame of its own
	OpSub           // runs a function inside of a part of the receiver's frame
	OpFork          // the result is a frame that lives as long as the receiver
	OpParallel      // runs a function on forks of the first argument, and waits
	OpForkGroup     // the result starts functions on forks of a frame
	OpGroupGo       // starts a function on a fork
	OpGroupWait     // waits for them
	OpJoin          // marks a fork as done
	OpAlloc         // the result is memory of the frame that is the first argument
	OpRetain        // the same, with a policy for the frame's end
	OpBox           // the same, behind a handle that knows whether it lives
	OpMethod        // method of a value in frame memory
	OpInto          // the result is memory of the frame that is the last argument
	OpCheckpoint    // remembers how far the frame is used
	OpRollback      // gives back what was allocated since
	OpGuard         // a checkpoint that rolls back by itself
	OpPoolGet       // the result is memory that outlives frames
	OpPoolPut       // gives such memory back
	OpLongFrame     // the result is a frame that is not bound to the game's frames
	OpReset         // gives its memory back
	OpNewOwner      // the result is a new allocator or worker
	OpGetOwner      // the result is the owner that belongs to the receiver
	OpTag           // sets a tag
	OpBudget        // gives a worker a budget
	OpTagBudget     // gives a tag a budget
	OpTransfer      // hands a value over
	OpReceive       // takes it
	OpDrop          // lets it go
	OpBarrier       // takes part in a barrier
	OpTable         // the result is a table, whose values outlive frames
	OpTableStore    // stores a value in a table
	OpTableValue    // the result leads into a table
	OpTableFree     // frees values of a table
	OpUse           // the result is memory of a stream, lent to the frame that is the argument
	OpEntry         // keeps a function that loads an entry of a stream
	OpFill          // the result is memory of a stream, to be filled
	OpQuery         // asks, and takes nothing
)

// boundTypes are the library's types whose values live in frame memory.
var boundTypes = map[string]bool{
	"Vec": true, "Map": true, "Set": true, "Ring": true, "PriorityQueue": true, "FrameBox": true,
	"Arena": true, "Text": true, "Buffer": true, "Retained": true,
}

// ops lists the functions whose meaning their types do not tell, by their name
// without the module's path.
var ops = map[string]Op{
	"Allocator.BeginFrame": OpBegin, "Worker.BeginFrame": OpBegin,
	"Allocator.EndFrame": OpEnd, "Worker.EndFrame": OpEnd,
	"Allocator.EndFrameWithSummary": OpEndTake, "Worker.EndFrameWithSummary": OpEndTake,
	"Allocator.EndFrameWithPromotions": OpEndTake, "Worker.EndFrameWithPromotions": OpEndTake,
	"Allocator.Frame": OpScope, "Worker.Frame": OpScope,
	"Worker.ActiveFrame": OpGetOwner, "Allocator.Main": OpGetOwner, "Frame.Worker": OpGetOwner,
	"Worker.Allocator": OpGetOwner,
	"Frame.Sub":        OpSub, "Frame.Fork": OpFork, "Frame.Join": OpJoin,
	"Frame.Checkpoint": OpCheckpoint, "Frame.Rollback": OpRollback, "Frame.Guard": OpGuard,
	"Guard.Rollback": OpRollback, "Guard.Commit": OpQuery,
	"Frame.Tag": OpTag, "Frame.WithTag": OpTag,
	"Frame.Phase": OpQuery, "Frame.WithPhase": OpQuery, "Frame.Number": OpQuery, "Frame.Active": OpQuery,
	"Frame.Used": OpQuery, "Frame.Allocations": OpQuery, "Frame.CurrentTag": OpQuery, "Frame.TagPath": OpQuery,
	"Frame.Remaining": OpQuery, "Worker.Name": OpQuery, "Worker.Stats": OpQuery, "Allocator.Stats": OpQuery,
	"Speculate": OpQuery, "Parallel": OpParallel, "NewForkGroup": OpForkGroup,
	"ForkGroup.Go": OpGroupGo, "ForkGroup.Wait": OpGroupWait, "Retain": OpRetain,
	"NewAllocator": OpNewOwner, "Allocator.NewWorker": OpNewOwner,
	"Worker.SetFrameBudget": OpBudget, "Worker.SetBudget": OpBudget, "Allocator.SetTagBudget": OpTagBudget,
	"PoolGet": OpPoolGet, "PoolBox": OpPoolGet, "BytesGet": OpPoolGet, "Pool.Get": OpPoolGet, "Box.Get": OpPoolGet,
	"FindFramePointer": OpQuery, "NewBox": OpBox, "TryNewBox": OpBox,
	"Scratch.Free": OpReset, "PoolPutTo": OpPoolPut, "TryPoolPutTo": OpPoolPut, "Box.TryGet": OpPoolGet,
	"Box.FreeFrom": OpPoolPut, "Box.TryFreeFrom": OpPoolPut,
	"PoolPut": OpPoolPut, "BytesPut": OpPoolPut, "Pool.Put": OpPoolPut, "Box.Free": OpPoolPut,
	"Scratch.Frame": OpLongFrame, "Scratch.Reset": OpReset,
	"group.Group.Frame": OpLongFrame, "group.Group.Free": OpReset,
	"framesync.NewTransfer": OpTransfer, "framesync.TryNewTransfer": OpTransfer,
	"framesync.NewSliceTransfer": OpTransfer, "framesync.NewPointerTransfer": OpTransfer,
	"framesync.Participant.WaitTimeout": OpBarrier, "framesync.Participant.WaitAllContext": OpBarrier,
	"framesync.Participant.Leave":    OpBarrier,
	"framesync.Transfer.Receive":     OpReceive,
	"framesync.Transfer.ReceiveInto": OpReceive, "framesync.Transfer.Drop": OpDrop,
	"framesync.Participant.Signal": OpBarrier, "framesync.Participant.Wait": OpBarrier,
	"framesync.Participant.WaitAll": OpBarrier, "framesync.Participant.WaitContext": OpBarrier,
	"framesync.Barrier.Participant": OpQuery, "framesync.Barrier.Join": OpQuery,
	"handle.NewTable": OpTable, "handle.Table.NewValue": OpTableStore, "handle.Table.TryNewValue": OpTableStore,
	"handle.Table.Get": OpTableValue, "handle.Table.Lookup": OpTableValue, "handle.Table.Pin": OpTableValue,
	"handle.Table.Slice": OpTableValue, "handle.Table.LookupSlice": OpTableValue,
	"handle.Table.Resize": OpTableValue, "handle.Table.TryResize": OpTableValue,
	"handle.Table.All": OpTableValue, "handle.Table.Slices": OpTableValue,
	"stream.Stream.Entry": OpEntry, "stream.Entry.Use": OpUse, "stream.Entry.Begin": OpFill,
	"handle.Table.Free": OpTableFree, "handle.Table.Clear": OpTableFree,
	"arkframe.Frames.Begin": OpBegin, "arkframe.Frames.End": OpEnd, "arkframe.Frames.Step": OpScope,
	"arkframe.Frames.Drop": OpNone, "arkframe.Frames.Close": OpNone, // end a frame if there is one
}

// inLibrary returns a package's path below the library's, and whether it is
// one of the library's packages that programs use.
func inLibrary(pkg *types.Package) (rel string, ok bool) {
	if pkg == nil {
		return "", false
	}
	if pkg.Path() == Library {
		return "", true
	}
	rel, ok = strings.CutPrefix(pkg.Path(), Library+"/")
	switch rel {
	case "group", "handle", "stream", "framesync", "arkframe":
		return rel, ok
	}
	return "", false
}

// libraryName returns the name that [ops] lists a function by, or "".
func libraryName(fn *types.Func) string {
	rel, ok := inLibrary(fn.Pkg())
	if !ok {
		return ""
	}
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		if n := namedOf(recv.Type()); n != nil {
			name = n.Obj().Name() + "." + name
		}
	}
	if rel != "" {
		name = rel + "." + name
	}
	return name
}

// OpOf returns what a function of the library does; OpNone for all others.
func OpOf(fn *types.Func) Op {
	if fn == nil {
		return OpNone
	}
	name := libraryName(fn)
	if name == "" {
		return OpNone
	}
	if op, ok := ops[name]; ok {
		return op
	}
	sig := fn.Signature()
	if recv := sig.Recv(); recv != nil {
		if n := namedOf(recv.Type()); n != nil && boundTypes[n.Obj().Name()] {
			return OpMethod
		}
		return OpQuery
	}
	if strings.HasPrefix(name, "Heap") {
		return OpQuery
	}
	if sig.Params().Len() > 0 && IsFrame(sig.Params().At(0).Type()) && sig.Results().Len() > 0 {
		return OpAlloc
	}
	return OpQuery
}

// CalleeOf returns the function that a call names, without its type arguments;
// nil for calls of values.
func CalleeOf(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	fn, _ := c.Value.(*ssa.Function)
	return funcObject(fn)
}

// funcObject returns the declared function behind an SSA function: that of the
// generic one for an instance, of the method for a bound method.
func funcObject(fn *ssa.Function) *types.Func {
	if fn == nil {
		return nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, _ := fn.Object().(*types.Func)
	if obj != nil {
		obj = obj.Origin()
	}
	return obj
}

// namedOf returns the named type of a value or of what it points to.
func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// isLibraryType reports whether t is the library's type of that name, or a
// pointer to it.
func isLibraryType(t types.Type, rel, name string) bool {
	n := namedOf(t)
	if n == nil || n.Obj().Name() != name || n.Obj().Pkg() == nil {
		return false
	}
	r, ok := inLibrary(n.Obj().Pkg())
	return ok && r == rel
}

// IsFrame reports whether t is *framealloc.Frame.
func IsFrame(t types.Type) bool { return isLibraryType(t, "", "Frame") }

// IsOwner reports whether t is a pointer to an allocator or worker.
func IsOwner(t types.Type) bool {
	return isLibraryType(t, "", "Allocator") || isLibraryType(t, "", "Worker")
}

// isBound reports whether t is one of the library's types that live in frame memory.
func isBound(t types.Type) bool {
	n := namedOf(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	_, ok := inLibrary(n.Obj().Pkg())
	return ok && boundTypes[n.Obj().Name()]
}

// hasPointers reports whether a value of type t can refer to other memory.
func hasPointers(t types.Type) bool { return mayPoint(t, 0) }

func mayPoint(t types.Type, depth int) bool {
	if t == nil || depth > 8 {
		return true
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Tuple:
		for i := range t.Len() {
			if mayPoint(t.At(i).Type(), depth+1) {
				return true
			}
		}
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 || u.Kind() == types.UnsafePointer
	case *types.Array:
		return mayPoint(u.Elem(), depth+1)
	case *types.Struct:
		for i := range u.NumFields() {
			if mayPoint(u.Field(i).Type(), depth+1) {
				return true
			}
		}
		return false
	}
	return true
}

// isAggregate reports whether values of t are held as a whole: structs, arrays.
func isAggregate(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	if _, ok := types.Unalias(t).(*types.Named); ok && isBound(t) {
		return false // a handle to frame memory, whatever it is made of
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}
