package bytealloc

import (
	"fmt"
	"sync"

	"github.com/framealloc/framealloc/diag"
)

// A Checker is a layer for tests that knows each slice that is out, and where it was
// allocated. It panics with FA208, and the calls of both sides in the Note, when a slice
// is freed or reallocated that
//
//   - was freed or reallocated before,
//   - was never allocated through it, or
//   - has not the length and capacity with which it was returned.
//
// What is freed it fills with junk, so that who still reads it notices. [Checker.Err]
// finds leaks. It also holds the Allocator below to its contract (lengths, alignments,
// zeros, bytes that a reallocation keeps, memory handed out twice), and panics with a
// message that begins "bytealloc:" when that breaks it; so run your own Allocators
// under one.
//
// A Checker costs a microsecond and a heap record for each call, and holds on to what
// was freed until its address is handed out again. It may be used by several goroutines where
// the Allocator below may be. It is an [Owner] of what is out.
type Checker struct {
	a Allocator

	mu   sync.Mutex
	made int // slices ever handed out
	out  map[*byte]*record
	back map[*byte]*record // freed, and not handed out again
}

// A record is what a Checker knows of a slice.
type record struct {
	serial    int
	len, cap  int
	align     int
	from, end calls // where it was allocated, and freed
}

// junk fills freed memory: large as an integer, absurd as a float, no text.
const junk = 0xdb

// NewChecker returns a Checker over a.
func NewChecker(a Allocator) *Checker {
	return &Checker{a: a, out: make(map[*byte]*record), back: make(map[*byte]*record)}
}

// Allocate implements [Allocator].
func (c *Checker) Allocate(n, align int) ([]byte, error) {
	b, err := c.a.Allocate(n, align)
	if err != nil {
		if b != nil {
			c.broken("Allocate", n, align, "returned bytes and an error")
		}
		return nil, err
	}
	c.inspect("Allocate", b, 0, n, align)
	c.enter("Allocate", b, n, align)
	return b, nil
}

// Reallocate implements [Allocator].
func (c *Checker) Reallocate(b []byte, n, align int) ([]byte, error) {
	var old *record
	if cap(b) > 0 {
		old = c.leave(b, "reallocated")
	}
	kept := append([]byte(nil), b[:min(len(b), max(n, 0))]...)
	grown, err := c.a.Reallocate(b, n, align)
	if err != nil {
		if place(grown) != place(b) || len(grown) != len(b) || cap(grown) != cap(b) {
			c.broken("Reallocate", n, align, "returned an error, and not the old bytes")
		}
		if old != nil {
			c.restore(b, old)
		}
		return b, err
	}
	c.inspect("Reallocate", grown, len(kept), n, align)
	if string(grown[:len(kept)]) != string(kept) {
		c.broken("Reallocate", n, align, "did not keep the old bytes")
	}
	c.enter("Reallocate", grown, n, align)
	return grown, nil
}

// Free implements [Allocator].
func (c *Checker) Free(b []byte) {
	if cap(b) > 0 {
		c.leave(b, "freed")
		b := b[:cap(b)]
		for i := range b {
			b[i] = junk
		}
	}
	c.a.Free(b)
}

// Owns reports whether b begins where a slice that is out does.
func (c *Checker) Owns(b []byte) bool {
	if cap(b) == 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out[&b[:1][0]] != nil
}

// Unwrap returns the Allocator below.
func (c *Checker) Unwrap() Allocator { return c.a }

// Reset forgets all slices that are out, without giving them back: for a source
// that ended, as a frame does.
func (c *Checker) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.out)
	clear(c.back)
}

// enter books a slice that was handed out.
func (c *Checker) enter(op string, b []byte, n, align int) {
	if n == 0 {
		return
	}
	r := &record{len: len(b), cap: cap(b), align: align}
	r.from.take()
	first := &b[0]
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out[first] != nil {
		c.broken(op, n, align, "returned memory that is out already")
	}
	delete(c.back, first)
	c.made++
	r.serial = c.made
	c.out[first] = r
}

// leave books a slice that comes back.
func (c *Checker) leave(b []byte, op string) *record {
	first := &b[:1][0]
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.out[first]
	if r == nil {
		panic(c.foreign(b, op, c.back[first]))
	}
	if len(b) != r.len || cap(b) != r.cap {
		panic(misuse(fmt.Sprintf("a slice of length %d and capacity %d %s that was allocated with %d and %d", len(b), cap(b), op, r.len, r.cap),
			"free and reallocate slices as they were returned", r))
	}
	delete(c.out, first)
	r.end.take()
	c.back[first] = r
	return r
}

// restore takes back that a slice left.
func (c *Checker) restore(b []byte, r *record) {
	first := &b[:1][0]
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.back, first)
	c.out[first] = r
}

func (c *Checker) foreign(b []byte, op string, before *record) error {
	if before == nil {
		return misuse(fmt.Sprintf("%d bytes %s that were not allocated here", len(b), op),
			"give bytes back to the Allocator they came from, beginning where they began", nil)
	}
	return misuse(fmt.Sprintf("%d bytes %s that were freed or reallocated before", len(b), op),
		"let one owner free bytes, and use what Reallocate returned from there on", before)
}

// misuse makes an error that shows the slice's history.
func misuse(message, help string, r *record) error {
	e := refusal(diag.FA208, message, help)
	var here calls
	here.take()
	if r != nil {
		e.Note = "allocated at:" + r.from.String()
		if r.end.n > 0 {
			e.Note += "\nfreed at:" + r.end.String()
		}
		e.Note += "\n"
	}
	e.Note += "now at:" + here.String()
	return e
}

// inspect holds what the Allocator below returned to the contract. The first kept
// bytes may be anything.
func (c *Checker) inspect(op string, b []byte, kept, n, align int) {
	switch {
	case check(n, align) != nil:
		c.broken(op, n, align, "was granted")
	case b == nil:
		c.broken(op, n, align, "returned nil and no error")
	case len(b) != n:
		c.broken(op, n, align, fmt.Sprintf("returned %d bytes", len(b)))
	case n > 0 && address(b)%uintptr(align) != 0:
		c.broken(op, n, align, fmt.Sprintf("returned bytes at %#x", address(b)))
	}
	for _, x := range b[kept:] {
		if x != 0 {
			c.broken(op, n, align, "returned bytes that are not zero")
		}
	}
}

func (c *Checker) broken(op string, n, align int, what string) {
	panic(fmt.Sprintf("bytealloc: %T breaks the contract: %s of %d bytes at a multiple of %d %s", c.a, op, n, align, what))
}
