package framesync

import (
	"errors"
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
	if !stays {
		return "", false
	}
	// An empty path: the value itself leads into the frame, not a part of it.
	if path == "" && !copyOut(reflect.ValueOf(v).Elem()) {
		return "", true
	}
	return moveOut(f, v)
}

// moveOut lets a value that is a [framealloc.Promoter], or points to one, move
// what it points to, and looks whether anything stays.
func moveOut[T any](f *framealloc.Frame, v *T) (path string, stays bool) {
	var err error
	if p, ok := any(*v).(framealloc.Promoter); ok {
		err = framealloc.MoveOut(f, &pointed{p})
	} else {
		err = framealloc.MoveOut(f, v)
	}
	var failure *framealloc.PromotionError
	if !errors.As(err, &failure) {
		return "", false
	}
	if failure.Err != nil {
		panic(failure.Err) // the value's own Promote panicked
	}
	return strings.TrimPrefix(strings.TrimPrefix(failure.Path, "to"), "."), true
}

// pointed lets MoveOut call the Promote of what a pointer leads to.
type pointed struct{ to framealloc.Promoter }

// Promote passes the call on.
func (p *pointed) Promote(to *framealloc.Destination) { p.to.Promote(to) }

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
		Help:    "give the type a Promote method that moves what it points to (framealloc.Promoter), copy that part to the heap before the transfer (slices.Clone, strings.Clone), or keep it in arrays inside the value",
	}, nil)
}
