package framealloc

import (
	"reflect"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestNameOf(t *testing.T) {
	for _, c := range []struct {
		typ  reflect.Type
		want string
	}{
		{reflect.TypeFor[int](), "int"},
		{reflect.TypeFor[diag.Code](), "diag.Code"},
		{reflect.TypeFor[Box[diag.Code]](), "framealloc.Box[diag.Code]"},
		{reflect.TypeFor[Box[map[diag.Code][]*diag.Entry]](), "framealloc.Box[map[diag.Code][]*diag.Entry]"},
		{reflect.TypeFor[map[Box[diag.Code]]Box[[2]diag.Entry]](), "map[framealloc.Box[diag.Code]]framealloc.Box[[2]diag.Entry]"},
	} {
		if got := nameOf(c.typ); got != c.want {
			t.Errorf("nameOf(%v) = %q, want %q", c.typ, got, c.want)
		}
	}
}
