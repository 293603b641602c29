package bytealloc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
)

func TestCheckerFindsMisuse(t *testing.T) {
	for name, c := range map[string]struct {
		do      func(c *bytealloc.Checker, b []byte)
		message string
		places  int // of the test's lines in the note
	}{
		"double free": {func(c *bytealloc.Checker, b []byte) { c.Free(b); c.Free(b) }, "freed or reallocated before", 3},
		"free of what moved": {func(c *bytealloc.Checker, b []byte) {
			_, _ = c.Reallocate(b, 1000, 8)
			c.Free(b)
		}, "freed or reallocated before", 3},
		"reallocated after free": {func(c *bytealloc.Checker, b []byte) {
			c.Free(b)
			_, _ = c.Reallocate(b, 1000, 8)
		}, "freed or reallocated before", 3},
		"foreign":        {func(c *bytealloc.Checker, b []byte) { c.Free(make([]byte, 8)) }, "not allocated here", 1},
		"wrong start":    {func(c *bytealloc.Checker, b []byte) { c.Free(b[8:]) }, "not allocated here", 1},
		"wrong length":   {func(c *bytealloc.Checker, b []byte) { c.Free(b[:50]) }, "length 50", 2},
		"wrong capacity": {func(c *bytealloc.Checker, b []byte) { c.Free(b[:100:100]) }, "capacity 100", 2},
	} {
		t.Run(name, func(t *testing.T) {
			checked := bytealloc.NewChecker(bytealloc.FromHeap(nil))
			b := must(t)(checked.Allocate(100, 8))
			e := mustPanic(t, diag.FA208, func() { c.do(checked, b) })
			if !strings.Contains(e.Message, c.message) || !strings.Contains(e.Where(), "checker_test.go") {
				t.Errorf("%v", e)
			}
			if got := strings.Count(e.Note, "at:\n\tbytealloc/checker_test.go"); got+strings.Count(e.Note, "at:\n\tbytealloc/sources_test.go") != c.places {
				t.Errorf("%d places, want %d:\n%s", got, c.places, e.Note)
			}
		})
	}
}

func TestCheckerLeaks(t *testing.T) {
	c := bytealloc.NewChecker(bytealloc.FromHeap(nil))
	if err := c.Err(); err != nil {
		t.Error(err)
	}
	for i := range 10 {
		must(t)(c.Allocate(i+1, 8))
	}
	freed := must(t)(c.Allocate(100, 8))
	must(t)(c.Allocate(0, 8))
	c.Free(freed)
	var leak *bytealloc.LeakError
	if err := c.Err(); !errors.As(err, &leak) || len(leak.Leaks) != 10 {
		t.Fatalf("%v", err)
	}
	for i, l := range leak.Leaks {
		if l.Size != i+1 || l.Align != 8 || !strings.HasPrefix(l.Calls, "\n\tbytealloc/checker_test.go:") {
			t.Errorf("leak %d: %+v", i, l)
		}
	}
	if s := leak.Error(); !strings.Contains(s, "10 slices, 55 bytes") || !strings.HasSuffix(s, "and 2 more") {
		t.Error(s)
	}
	c.Reset()
	if err := c.Err(); err != nil {
		t.Errorf("after Reset: %v", err)
	}
}

func TestCheckerFillsWhatIsFreed(t *testing.T) {
	c := bytealloc.NewChecker(bytealloc.FromHeap(nil))
	b := must(t)(c.Allocate(5, 1))
	c.Free(b)
	for _, x := range b[:cap(b)] {
		if x != 0xdb {
			t.Fatalf("%v after Free", b)
		}
	}
}

// A refused reallocation leaves the slice out, as it was.
func TestCheckerRefused(t *testing.T) {
	c := bytealloc.NewChecker(bytealloc.NewFixed(make([]byte, 16)))
	b := must(t)(c.Allocate(16, 1))
	same, err := c.Reallocate(b, 17, 1)
	if err == nil || len(same) != 16 || c.Err() == nil {
		t.Fatalf("%d bytes, %v", len(same), err)
	}
	c.Free(same)
	if err := c.Err(); err != nil {
		t.Error(err)
	}
}

// custom is an Allocator of functions.
type custom struct {
	allocate   func(n, align int) ([]byte, error)
	reallocate func(b []byte, n, align int) ([]byte, error)
}

func (a custom) Allocate(n, align int) ([]byte, error) { return a.allocate(n, align) }
func (a custom) Reallocate(b []byte, n, align int) ([]byte, error) {
	return a.reallocate(b, n, align)
}
func (a custom) Free([]byte) {}

func TestCheckerHoldsToTheContract(t *testing.T) {
	refused := errors.New("refused")
	heap := bytealloc.FromHeap(nil)
	one := make([]byte, 128)
	for want, c := range map[string]struct {
		a   custom
		use func(c *bytealloc.Checker)
	}{
		"returned 9 bytes": {a: custom{allocate: func(n, align int) ([]byte, error) { return heap.Allocate(n+1, align) }}},
		"returned bytes at": {a: custom{allocate: func(n, align int) ([]byte, error) {
			b, err := heap.Allocate(n+1, 64)
			return b[1:], err
		}}},
		"not zero": {a: custom{allocate: func(n, align int) ([]byte, error) {
			b, err := heap.Allocate(n, align)
			b[n-1] = 1
			return b, err
		}}},
		"nil and no error":   {a: custom{allocate: func(n, align int) ([]byte, error) { return nil, nil }}},
		"bytes and an error": {a: custom{allocate: func(n, align int) ([]byte, error) { return one[:n], refused }}},
		"out already": {
			a:   custom{allocate: func(n, align int) ([]byte, error) { return one[:n], nil }},
			use: func(c *bytealloc.Checker) { _, _ = c.Allocate(8, 1); _, _ = c.Allocate(8, 1) },
		},
		"was granted": {
			a:   custom{allocate: func(n, align int) ([]byte, error) { return make([]byte, max(n, 0)), nil }},
			use: func(c *bytealloc.Checker) { _, _ = c.Allocate(-1, 8) },
		},
		"did not keep": {
			a: custom{heap.Allocate, func(b []byte, n, align int) ([]byte, error) { return make([]byte, n), nil }},
			use: func(c *bytealloc.Checker) {
				b, _ := c.Allocate(8, 8)
				b[3] = 1
				_, _ = c.Reallocate(b, 16, 8)
			},
		},
		"not the old bytes": {
			a: custom{heap.Allocate, func(b []byte, n, align int) ([]byte, error) { return nil, refused }},
			use: func(c *bytealloc.Checker) {
				b, _ := c.Allocate(8, 8)
				_, _ = c.Reallocate(b, 16, 8)
			},
		},
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if s := fmt.Sprint(recover()); !strings.HasPrefix(s, "bytealloc: bytealloc_test.custom breaks the contract: ") || !strings.Contains(s, want) {
					t.Errorf("panicked with %q", s)
				}
			}()
			checked := bytealloc.NewChecker(c.a)
			if c.use == nil {
				_, _ = checked.Allocate(8, 8)
				return
			}
			c.use(checked)
		})
	}
}
