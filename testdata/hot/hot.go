// Package hot is a user's program. TestHotFunctionsInline reads what the compiler
// says of it: the functions that a comment names must become part of the line
// before it. On 32-bit processors a 64-bit atomic load is a call, so some are wanted
// on 64 bits only.
package hot

import "github.com/framealloc/framealloc"

type plain struct{ a [4]int }

type linked struct {
	next *linked
	name string
}

func newPlain(f *framealloc.Frame) *plain {
	return framealloc.New[plain](f) // inlines framealloc.New arena.Bump
}

func newLinked(f *framealloc.Frame) *linked {
	return framealloc.New[linked](f) // inlines framealloc.New arena.Bump
}

func arenaPlain(a framealloc.Arena[plain]) *plain {
	return a.New() // inlines framealloc.Arena.New arena.(*Typed).New arena.next
}

func arenaLinked(a framealloc.Arena[linked]) *linked {
	return a.New() // inlines framealloc.Arena.New arena.(*Typed).New arena.next
}

func poolGet(p *framealloc.Pool[linked]) *linked {
	return p.Get() // inlines framealloc.(*Pool).Get framealloc.(*pool).pop
}

func poolPut(p *framealloc.Pool[linked], x *linked) {
	p.Put(x) // inlines framealloc.(*Pool).Put framealloc.push
}

func boxGet(b framealloc.Box[linked]) *linked {
	return b.Get() // inlines framealloc.Box.Get on 64 bits framealloc.Box.get
}

func boxValid(b framealloc.Box[linked]) bool {
	return b.Valid() // inlines framealloc.Box.Valid
}
