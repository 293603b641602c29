package framesync

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// leave moves *v out of f's memory as far as its type allows, and returns the
// path to a pointer that would still lead there.
func leave[T any](f *framealloc.Frame, v *T) (path string, stays bool) {
	path, stays = framealloc.FindFramePointer(f, v)
	if !stays || path != "" {
		return path, stays
	}
	// An empty path: the value itself leads into the frame, not a part of it.
	if !copyOut(reflect.ValueOf(v).Elem()) {
		return "", true
	}
	return framealloc.FindFramePointer(f, v)
}

// copyOut replaces what v leads to by a copy on the heap, one level deep.
func copyOut(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Clone(v.String()))
	case reflect.Slice:
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		v.Set(c)
	case reflect.Pointer:
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(v.Elem())
		v.Set(c.Convert(v.Type()))
	case reflect.Interface:
		c := reflect.New(v.Elem().Type()).Elem()
		c.Set(v.Elem())
		if !copyOut(c) {
			return false
		}
		v.Set(c)
	default:
		return false
	}
	return true
}

// stays is the error about a value that cannot leave.
func stays[T any](f *framealloc.Frame, path string, pc uintptr) *diag.Error {
	typ := reflect.TypeFor[T]()
	part := "what it points to"
	if path != "" {
		part = path
	}
	return diag.NewError(diag.Diagnostic{
		Code: diag.FA608, PC: pc, Frame: f.Number(), Worker: f.Worker().Name(), Tag: f.TagPath(),
		Message: fmt.Sprintf("%v transferred while it still points into the frame: %s", typ, part),
		Help:    "copy that part to the heap before the transfer (slices.Clone, strings.Clone), or keep it in arrays inside the value",
	}, nil)
}
