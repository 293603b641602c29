package guard

import (
	"reflect"
	"testing"
	"unsafe"
)

type point struct{ X, Y float32 }

type flagged struct {
	At  [2]point
	Set bool
	N   uint16
}

type linked struct {
	next *linked
	at   point
	name string
	n    int64
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		of   any
		want kind
	}{
		{int8(0), plain}, {uintptr(0), plain}, {complex64(0), plain}, {point{}, plain}, {[3]point{}, plain},
		{struct{}{}, plain}, {[0]*int{}, plain}, {struct{ _ [0]func() }{}, plain},
		{false, blank}, {"", blank}, {[]int(nil), blank}, {(*int)(nil), blank}, {map[int]int(nil), blank},
		{(chan int)(nil), blank}, {(func())(nil), blank}, {unsafe.Pointer(nil), blank}, {[2]string{}, blank},
		{struct {
			_ struct{}
			e error
			s string
		}{}, blank},
		{flagged{}, mixed}, {linked{}, mixed}, {[2]linked{}, mixed}, {struct{ in [1]flagged }{}, mixed},
	} {
		if got := kindOf(reflect.TypeOf(c.of)); got != c.want {
			t.Errorf("%T: kind %d, want %d", c.of, got, c.want)
		}
	}
}

// recordOf returns a record of count values, with its memory on the heap.
func recordOf(typ any, count int) *Record {
	size := count * int(reflect.TypeOf(typ).Elem().Size())
	r := &Record{Type: typ, Count: count, Size: size}
	r.object = newObject(typ, count, size, 8)
	r.address = uintptr(r.object)
	return r
}

func (r *Record) bytes() []byte { return unsafe.Slice((*byte)(r.object), r.Size) }

// TestFillIsFoundByteByByte changes each byte that is filled or must be zero, and
// expects to be told of that byte.
func TestFillIsFoundByteByByte(t *testing.T) {
	for _, r := range []*Record{
		recordOf((*int64)(nil), 1), recordOf((*point)(nil), 3), recordOf((*bool)(nil), 5),
		recordOf((*flagged)(nil), 2), recordOf((*byte)(nil), 5000),
	} {
		r.poison()
		if d, found := r.inspect(); found {
			t.Fatalf("%T: byte %d is %v right after filling", r.Type, d.Offset, d.Bytes)
		}
		covered := make([]bool, r.Size)
		r.walk(func(b []byte, _ bool) bool {
			from := int(uintptr(unsafe.Pointer(unsafe.SliceData(b))) - r.address)
			for i := range b {
				covered[from+i] = true
			}
			return true
		})
		for i, b := range r.bytes() {
			r.bytes()[i] = b + 1
			d, found := r.inspect()
			if found != covered[i] || found && (d.Offset != i || d.Bytes[0] != b+1) {
				t.Fatalf("%T: byte %d changed: found %v: %d is % x", r.Type, i, found, d.Offset, d.Bytes)
			}
			r.bytes()[i] = b
		}
	}
}

func TestFilledValuesHoldNoPointers(t *testing.T) {
	r := recordOf((*linked)(nil), 2)
	s := unsafe.Slice((*linked)(r.object), 2)
	for i := range s {
		s[i] = linked{&s[0], point{1, 2}, "name", 3}
	}
	r.poison()
	for _, x := range s {
		if x.next != nil || x.name != "" {
			t.Errorf("%+v", x)
		}
		if uint64(x.n) != 0xCDCDCDCDCDCDCDCD {
			t.Errorf("n is %#x", x.n)
		}
	}
	s[1].name = "x"
	if d, found := r.inspect(); !found || r.Field(d.Offset) != "[1].name" {
		t.Errorf("a string that was set: %v at %s", found, r.Field(d.Offset))
	}
}

func TestFields(t *testing.T) {
	for _, c := range []struct {
		r      *Record
		offset int
		want   string
	}{
		{recordOf((*int64)(nil), 1), 3, ""},
		{recordOf((*int64)(nil), 2), 8, "[1]"},
		{recordOf((*flagged)(nil), 1), 4, ".At[0].Y"},
		{recordOf((*flagged)(nil), 3), 2*20 + 8, "[2].At[1].X"},
		{recordOf((*flagged)(nil), 3), 17, "[0]"}, // padding
		{&Record{Count: 9, Size: 16}, 7, "[7]"},
		{recordOf((*byte)(nil), 3), 5, ""}, // beyond the values, in the record's rounding
	} {
		if got := c.r.Field(c.offset); got != c.want {
			t.Errorf("%T × %d: offset %d is %q, want %q", c.r.Type, c.r.Count, c.offset, got, c.want)
		}
	}
}
