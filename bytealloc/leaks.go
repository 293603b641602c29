package bytealloc

import (
	"cmp"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
)

// A Leak is a slice that a [Checker] has not seen freed.
type Leak struct {
	Size  int
	Align int
	Calls string // the calls that led to it, a line each: "\tworld/ai.go:12 in world.think"
}

// A LeakError says that bytes were not freed, and which.
type LeakError struct {
	Leaks []Leak // oldest first
}

// Error returns how much was leaked, and the calls of the first few.
func (e *LeakError) Error() string {
	total := 0
	for _, l := range e.Leaks {
		total += l.Size
	}
	var b strings.Builder
	fmt.Fprintf(&b, "bytealloc: %d slices, %d bytes in all, were not freed", len(e.Leaks), total)
	for i, l := range e.Leaks {
		if i == 8 {
			fmt.Fprintf(&b, "\nand %d more", len(e.Leaks)-i)
			break
		}
		fmt.Fprintf(&b, "\n%d bytes, allocated at:%s", l.Size, l.Calls)
	}
	return b.String()
}

// Err returns a [*LeakError] with all slices that are out, or nil. In a test:
//
//	mem := bytealloc.NewChecker(bytealloc.FromHeap(nil))
//	t.Cleanup(func() {
//		if err := mem.Err(); err != nil {
//			t.Error(err)
//		}
//	})
func (c *Checker) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.out) == 0 {
		return nil
	}
	records := make([]*record, 0, len(c.out))
	for _, r := range c.out {
		records = append(records, r)
	}
	slices.SortFunc(records, func(a, b *record) int { return cmp.Compare(a.serial, b.serial) })
	e := new(LeakError)
	for _, r := range records {
		e.Leaks = append(e.Leaks, Leak{Size: r.len, Align: r.align, Calls: r.from.String()})
	}
	return e
}

// calls is where a goroutine was: cheap to take, formatted only when shown.
type calls struct {
	pcs [24]uintptr
	n   int
}

func (c *calls) take() { c.n = runtime.Callers(2, c.pcs[:]) }

// String lists the calls, a line each, without this package's own.
func (c *calls) String() string {
	if c.n == 0 {
		return ""
	}
	var b strings.Builder
	for frames := runtime.CallersFrames(c.pcs[:c.n]); ; {
		f, more := frames.Next()
		own := strings.HasPrefix(f.Function, "github.com/framealloc/framealloc/bytealloc.") && !strings.HasSuffix(f.File, "_test.go")
		if !own && !strings.HasPrefix(f.Function, "runtime.") {
			dir, file := path.Split(f.File)
			fmt.Fprintf(&b, "\n\t%s:%d in %s", path.Join(path.Base(dir), file), f.Line, path.Base(f.Function))
		}
		if !more {
			return b.String()
		}
	}
}
