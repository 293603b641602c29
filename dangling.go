package framealloc

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/framealloc/framealloc/internal/arena"
)

// FindFramePointer looks for a pointer into the memory of f's worker's frames in
// *v, and in what it leads to outside of frame memory: strings, slices, maps,
// interfaces and pointers, up to a few hundred values deep. It returns the path to
// the first it finds, such as "Path[3].Name". What a function value has captured
// it cannot see.
//
// It is what keeps a promoted or transferred value from dangling, and is of use
// wherever a value leaves its frame. It belongs to the goroutine of f's worker.
func FindFramePointer[T any](f *Frame, v *T) (path string, found bool) {
	s := search{frame: f, left: 512}
	return s.walk(reflect.ValueOf(v).Elem())
}

// Owns reports whether b begins in the frame's own memory, in use or not. What was
// promoted to the heap, and what a fork of the frame allocated, does not count. It
// may be called from any goroutine.
func (f *Frame) Owns(b []byte) bool { return cap(b) > 0 && f.mem.Owns(arena.BytesAddress(b)) }

// Owns is [Frame.Owns] for all frames of the worker, those in flight included. It may
// be called from any goroutine.
func (w *Worker) Owns(b []byte) bool {
	return slices.ContainsFunc(w.slots, func(f *Frame) bool { return f.Owns(b) })
}

// A search walks over a value.
type search struct {
	frame *Frame
	left  int // values to look at before giving up
	seen  []visited
}

// visited is a place that was looked at. The address alone would not tell a struct
// from its first field, nor a slice from a shorter one.
type visited struct {
	at  uintptr
	typ reflect.Type
	len int
}

// inFrame reports whether the address lies in the memory of any of the worker's
// frames: what points into one still in flight dangles one frame later. For a
// fork and for a forked frame, the whole family counts.
func (s *search) inFrame(p uintptr) bool {
	if p == 0 {
		return false
	}
	f := s.frame
	if f.scratch != nil {
		return f.mem.Owns(p)
	}
	for f.forked != nil {
		f = f.forked.parent
	}
	for _, slot := range f.w.slots {
		if slot.owns(p) {
			return true
		}
	}
	return f.w.modes&ModeGuard != 0 && f.w.alloc.quarantine.Holds(p)
}

// owns reports whether the address lies in the frame's memory or that of its
// forks. It may be called on a fork's goroutine.
func (f *Frame) owns(p uintptr) bool {
	if f.mem.Owns(p) {
		return true
	}
	if forks := f.family.known.Load(); forks != nil {
		for _, c := range *forks {
			if c.owns(p) {
				return true
			}
		}
	}
	return false
}

// visit reports whether what v refers to is new, and worth a look.
func (s *search) visit(v reflect.Value) bool {
	p := visited{at: v.Pointer(), typ: v.Type()}
	if v.Kind() == reflect.Slice {
		p.len = v.Len()
	}
	if p.at == 0 || s.left == 0 || slices.Contains(s.seen, p) {
		return false
	}
	s.left--
	s.seen = append(s.seen, p)
	return true
}

func (s *search) walk(v reflect.Value) (path string, found bool) {
	switch v.Kind() {
	case reflect.String:
		return "", v.Len() > 0 && s.inFrame(arena.Address(v.String()))
	case reflect.UnsafePointer, reflect.Chan, reflect.Func:
		return "", s.inFrame(v.Pointer())
	case reflect.Pointer:
		if s.inFrame(v.Pointer()) {
			return "", true
		}
		if s.visit(v) {
			return s.walk(v.Elem())
		}
	case reflect.Slice:
		if v.Cap() > 0 && s.inFrame(v.Pointer()) {
			return "", true
		}
		if holdsPointers(v.Type().Elem()) && s.visit(v) {
			return s.elements(v)
		}
	case reflect.Array:
		if holdsPointers(v.Type().Elem()) {
			return s.elements(v)
		}
	case reflect.Interface:
		if !v.IsNil() {
			return s.walk(v.Elem())
		}
	case reflect.Map:
		if !v.IsNil() && s.visit(v) {
			return s.entries(v)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if rest, ok := s.walk(v.Field(i)); ok {
				return join(v.Type().Field(i).Name, rest), true
			}
		}
	}
	return "", false
}

func (s *search) elements(v reflect.Value) (path string, found bool) {
	for i := 0; i < v.Len() && s.left > 0; i++ {
		if rest, ok := s.walk(v.Index(i)); ok {
			return join("["+strconv.Itoa(i)+"]", rest), true
		}
	}
	return "", false
}

func (s *search) entries(v reflect.Value) (path string, found bool) {
	for it := v.MapRange(); it.Next() && s.left > 0; {
		if rest, ok := s.walk(it.Key()); ok {
			return join("[key]", rest), true
		}
		if rest, ok := s.walk(it.Value()); ok {
			return join("[value]", rest), true
		}
	}
	return "", false
}

// holdsPointers saves the walk over large arrays of plain data.
func holdsPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return holdsPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return t.Kind() > reflect.Complex128
}

func join(head, rest string) string {
	if rest == "" || rest[0] == '[' {
		return head + rest
	}
	return head + "." + rest
}
