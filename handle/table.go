// Package handle is memory whose values may be moved: a [Table] hands out handles
// instead of pointers, so that it can close the gaps that freed values leave.
//
//	meshes := handle.NewTable[Vertex](alloc, handle.Config{Name: "meshes"})
//	rock := meshes.NewSlice(1200)         // a handle, good until it is freed
//	copy(meshes.Slice(rock), vertices)    // a slice, good until the next Compact
//	…
//	meshes.Compact(64 * framealloc.KiB)   // between frames: moves 64 KiB at most
//
// It is for what outlives frames, comes in many sizes and goes in any order: meshes,
// animation tracks, inventories, the rows of a level. What is all of one size and
// never iterated is better off in a pool ([framealloc.PoolGet]); what is freed
// together, in a group.
//
// A handle that is used after its value was freed, or with another table, is found at
// each access (FA401), so that "the target is gone" is a question with an answer: see
// [Table.Lookup].
//
// # Pointers from a table
//
// What [Table.Get], [Table.Slice] and iterations return leads into the table. It is
// good until its value is freed or resized and until the next [Table.Compact]; a
// value that has to stay where it is gets a [Table.Pin]. A pointer that is kept for
// longer sees another value of the same type, or a copy that nobody else sees, and
// never corrupts memory: a table's memory is slices of T.
package handle

import (
	"fmt"
	"iter"
	"math"
	"reflect"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/extent"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Table holds values of type T, pointers in them or not, and slices of them, named
// by handles. It takes its memory from the heap in blocks that double, booked as heap
// intent; values that come and go within what it holds make no garbage.
//
// A Table belongs to the goroutine that owns its worker. In
// [framealloc.ModeDebug], whatever changes it panics with FA201 on another one.
type Table[T any] struct {
	id     uint32
	space  extent.Space
	blocks [][]T // by the numbers that space gives them

	worker   *framealloc.Worker
	config   Config
	pointers bool // in a T
	leaks    map[extent.Ref]framealloc.Tracked

	live                int // handles
	high                int // bytes, the most in use at once
	news, frees         uint64
	moves, moved, grown uint64
}

// Config says how a table is to be. The zero Config works.
type Config struct {
	// Name is what reports call the table; the type's name if it is empty.
	Name string
	// Limit is the most bytes that the table may take; 0 means no limit. Room for
	// one value is the least.
	Limit int
	// Reserve is the number of values to have room for from the start.
	Reserve int
}

var tables atomic.Uint32

// NewTable returns an empty table that belongs to src's worker. It panics with
// FA003 when the limit or what is to be reserved is negative, or more is to be
// reserved than the limit allows.
func NewTable[T any](src framealloc.Source, c Config) *Table[T] {
	t := &Table[T]{id: tables.Add(1), worker: framealloc.WorkerOf(src), config: c, pointers: typeinfo.HasPointers((*T)(nil))}
	if t.config.Name = strings.Clone(c.Name); c.Name == "" {
		t.config.Name = reflect.TypeFor[T]().String()
	}
	switch {
	case c.Limit < 0 || c.Reserve < 0:
		panic(t.error(diag.FA003, fmt.Sprintf("%v has a limit of %d bytes and %d values reserved", t, c.Limit, c.Reserve),
			"neither may be negative; 0 means no limit, and nothing reserved"))
	case c.Reserve > 0:
		if err := t.grow(c.Reserve, true); err != nil {
			panic(err)
		}
	}
	return t
}

// size is that of a T, in bytes.
func (t *Table[T]) size() int { return int(unsafe.Sizeof(*new(T))) }

// Name returns the table's name.
func (t *Table[T]) Name() string { return t.config.Name }

// String returns what reports call the table.
func (t *Table[T]) String() string { return fmt.Sprintf("handle table %q", t.config.Name) }

// New returns the handle of a new zeroed value. It panics with FA003 when the table
// is full.
func (t *Table[T]) New() Handle[T] { return must(t.take(1)) }

// TryNew is [Table.New] that returns the error.
func (t *Table[T]) TryNew() (Handle[T], error) { return try(t.take(1)) }

// NewValue returns the handle of a new value that is v. It panics with FA003 when
// the table is full.
func (t *Table[T]) NewValue(v T) Handle[T] {
	h := must(t.take(1))
	*t.Get(h) = v
	return h
}

// TryNewValue is [Table.NewValue] that returns the error.
func (t *Table[T]) TryNewValue(v T) (Handle[T], error) {
	h, err := t.take(1)
	if err != nil {
		return h, err
	}
	*t.Get(h) = v
	return h, nil
}

// NewSlice returns the handle of a new slice of n zeroed values. It panics with FA003
// when the table has no room, or n is negative.
func (t *Table[T]) NewSlice(n int) Handle[T] { return must(t.take(n)) }

// TryNewSlice is [Table.NewSlice] that returns the error.
func (t *Table[T]) TryNewSlice(n int) (Handle[T], error) { return try(t.take(n)) }

func must[T any](h Handle[T], err *diag.Error) Handle[T] {
	if err != nil {
		panic(err)
	}
	return h
}

func try[T any](h Handle[T], err *diag.Error) (Handle[T], error) {
	if err != nil {
		return h, err
	}
	return h, nil
}

// take takes room for a slice of a length; one of no values has a place of its own, too.
func (t *Table[T]) take(length int) (Handle[T], *diag.Error) {
	t.worker.CheckOwner()
	if length < 0 {
		return Handle[T]{}, t.error(diag.FA003, fmt.Sprintf("a slice of %d values asked of %v", length, t),
			"check lengths that come from data before allocating by them")
	}
	n := max(length, 1)
	ref, ok := t.space.Take(n, length)
	if !ok {
		if err := t.grow(n, false); err != nil {
			return Handle[T]{}, err
		}
		ref, _ = t.space.Take(n, length)
	}
	p, _ := t.space.Find(ref)
	clear(t.blocks[p.Block][p.At : p.At+n])
	t.live++
	t.news++
	t.high = max(t.high, t.space.Taken()*t.size())
	if k := framealloc.Track(t.worker, "handle", t.config.Name, length*t.size()); k != (framealloc.Tracked{}) {
		if t.leaks == nil {
			t.leaks = make(map[extent.Ref]framealloc.Tracked)
		}
		t.leaks[ref] = k
	}
	return Handle[T]{t.id, ref}, nil
}

// firstBlock is the least size of a table's first block, in bytes.
const firstBlock = 4 << 10

// grow adds a block that has room for n elements: as large as all others together,
// where the limit allows that and it need not be exact.
func (t *Table[T]) grow(n int, exact bool) *diag.Error {
	size, total := t.size(), t.space.Size()
	most := extent.MaxBlock
	if size > 0 {
		most = min(most, math.MaxInt/size-total)
		if t.config.Limit > 0 {
			most = min(most, t.config.Limit/size-total)
		}
	}
	want := n
	if !exact {
		want = max(n, total, firstBlock/max(size, 1))
	}
	want = min(want, most)
	if want < n || t.space.FullOfBlocks() {
		return t.full(n)
	}
	block := framealloc.HeapSlice[T](t.worker, want)
	at := t.space.AddBlock(want)
	for at >= len(t.blocks) {
		t.blocks = append(t.blocks, nil)
	}
	t.blocks[at] = block
	t.grown++
	return nil
}

// full says why there is no room for n elements.
func (t *Table[T]) full(n int) *diag.Error {
	st := t.Stats()
	what := fmt.Sprintf("%d values of %d bytes", n, t.size())
	if n == 1 {
		what = fmt.Sprintf("a value of %d bytes", t.size())
	}
	message := fmt.Sprintf("%v has no room for %s: %d bytes of %d are in use", t, what, st.Used, st.Capacity)
	help := "free what is no longer needed, or raise the table's limit"
	if (st.Capacity-st.Used)/max(1, t.size()) >= n {
		message += fmt.Sprintf(", the longest free piece has %d", st.LargestFree)
		help = "call Compact, which joins the free pieces, and try again"
	}
	return t.error(diag.FA003, message, help)
}

// Lookup returns the value that h names, or the first of its slice, and reports
// false where there is none: it was freed, h is zero or another table's, or the
// slice is empty. The pointer is good until the next Compact.
func (t *Table[T]) Lookup(h Handle[T]) (*T, bool) {
	if h.table != t.id {
		return nil, false
	}
	x := extent.Value(&t.space, h.ref, t.blocks)
	return x, x != nil
}

// Get is [Table.Lookup] that panics with FA401 where there is no value.
func (t *Table[T]) Get(h Handle[T]) *T {
	if h.table == t.id {
		if x := extent.Value(&t.space, h.ref, t.blocks); x != nil {
			return x
		}
	}
	return t.unused(h)
}

// LookupSlice returns the values that h names, and reports false where it names
// none. A single value is a slice of one. Appending to it copies it out of the table;
// see [Table.Resize]. The slice is good until the next Compact.
func (t *Table[T]) LookupSlice(h Handle[T]) ([]T, bool) {
	if h.table != t.id {
		return nil, false
	}
	return extent.Values(&t.space, h.ref, t.blocks)
}

// Slice is [Table.LookupSlice] that panics with FA401 where h names nothing.
func (t *Table[T]) Slice(h Handle[T]) []T {
	s, ok := t.LookupSlice(h)
	if !ok {
		panic(t.stale(h, "used"))
	}
	return s
}

// Has reports whether h names something in the table.
func (t *Table[T]) Has(h Handle[T]) bool { return h.table == t.id && t.space.Live(h.ref) }

// Resize makes the slice that h names n values long and returns it; the handle stays
// the same. The values are kept as far as they fit, new ones are zero. It is done in
// place where there is room, and otherwise by moving this slice only. It panics with
// FA401 when h names nothing, and with FA003 when n is negative, there is no
// room, or the slice would have to move and is pinned: then it stays as it was.
func (t *Table[T]) Resize(h Handle[T], n int) []T {
	s, err := t.resize(h, n)
	if err != nil {
		panic(err)
	}
	return s
}

// TryResize is [Table.Resize] that returns the error.
func (t *Table[T]) TryResize(h Handle[T], n int) ([]T, error) {
	s, err := t.resize(h, n)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (t *Table[T]) resize(h Handle[T], n int) ([]T, *diag.Error) {
	t.worker.CheckOwner()
	old, ok := t.LookupSlice(h)
	switch {
	case !ok:
		return nil, t.stale(h, "resized")
	case n < 0:
		return nil, t.error(diag.FA003, fmt.Sprintf("a slice of %v resized to %d values", t, n),
			"check lengths that come from data before allocating by them")
	case n < len(old) && t.pointers:
		clear(old[n:]) // the collector may take what they led to
	}
	if !t.space.Resize(h.ref, max(n, 1), n, t.move) {
		if t.space.Pinned(h.ref) {
			return nil, t.error(diag.FA003, fmt.Sprintf("a slice of %v would have to move to grow to %d values, and is pinned", t, n),
				"unpin it first, or make it as long as it can get before pinning it")
		}
		if err := t.grow(n, false); err != nil {
			return nil, err
		}
		t.space.Resize(h.ref, max(n, 1), n, t.move)
	}
	t.high = max(t.high, t.space.Taken()*t.size())
	s := t.Slice(h)
	if n > len(old) {
		clear(s[len(old):])
	}
	return s, nil
}

// move does what the books say, and leaves nothing behind that the collector would
// follow.
func (t *Table[T]) move(m extent.Move) {
	extent.MoveValues(t.blocks, m, t.pointers)
	t.moves++
	t.moved += uint64(m.From.Len * t.size())
}

// Free frees what h names, and reports whether it named something: otherwise the
// handle is reported as FA401, and nothing is freed. What has pins can be found no
// more, and its memory is free when the last pin is gone.
func (t *Table[T]) Free(h Handle[T]) bool {
	t.worker.CheckOwner()
	if h.table != t.id || !t.space.Live(h.ref) {
		t.report(t.stale(h, "freed"))
		return false
	}
	p, now, _ := t.space.Free(h.ref)
	t.live--
	t.frees++
	if now {
		t.wipe(p)
	}
	if k, ok := t.leaks[h.ref]; ok {
		k.Release()
		delete(t.leaks, h.ref)
	}
	return true
}

// wipe lets the collector take what freed values led to.
func (t *Table[T]) wipe(p extent.Place) {
	if t.pointers {
		clear(t.blocks[p.Block][p.At:][:p.Len])
	}
}

// Pin keeps what h names where it is until as many calls of [Table.Unpin], so that
// pointers to it stay good: for data that another goroutine or the system works on.
// It panics with FA401 when h names nothing.
func (t *Table[T]) Pin(h Handle[T]) []T {
	t.worker.CheckOwner()
	if h.table == t.id {
		if p, ok := t.space.Pin(h.ref); ok {
			return t.blocks[p.Block][p.At : p.At+p.Len : p.At+p.Len]
		}
	}
	panic(t.stale(h, "pinned"))
}

// Unpin undoes one Pin, also of what was freed meanwhile. Where there is no pin, it
// reports FA401 and returns false.
func (t *Table[T]) Unpin(h Handle[T]) bool {
	t.worker.CheckOwner()
	if h.table == t.id {
		if p, released, ok := t.space.Unpin(h.ref); ok {
			if released {
				t.wipe(p)
			}
			return true
		}
	}
	t.report(t.stale(h, "unpinned"))
	return false
}

// Compact moves values together so that the gaps between them become free memory in
// one piece, and gives blocks back to the collector that have become empty. It moves
// maxBytes at most, but one value or slice at least; 0 moves everything that is to be
// moved. It returns the bytes that it moved: 0 when there was nothing to do. Pinned
// values stay. Pointers and slices from the table are not good any more; handles are.
//
// Once a frame, between frames, with some tens of KiB is a good habit: it costs what
// copying so much costs and some 0.2 µs for each value or slice moved, and about
// nothing when there are no gaps.
func (t *Table[T]) Compact(maxBytes int) int {
	t.worker.CheckOwner()
	most := 0
	if size := t.size(); maxBytes > 0 && size > 0 {
		most = max(1, maxBytes/size)
	}
	moved := t.space.Compact(most, t.move) * t.size()
	for i := t.space.Blocks() - 1; i > 0; i-- { // the first, which is the smallest, stays
		if t.space.BlockSize(i) > 0 && t.space.BlockTaken(i) == 0 {
			t.space.DropBlock(i)
			t.blocks[i] = nil
		}
	}
	return moved
}

// Clear frees everything, pinned or not, and keeps the memory. No handle names
// anything any more.
func (t *Table[T]) Clear() {
	t.worker.CheckOwner()
	if t.pointers {
		for _, b := range t.blocks {
			clear(b)
		}
	}
	t.space.Clear()
	t.frees += uint64(t.live)
	t.live = 0
	for ref, k := range t.leaks {
		k.Release()
		delete(t.leaks, ref)
	}
}

// Len returns the number of handles that name something.
func (t *Table[T]) Len() int { return t.live }

// All iterates over the handles and their values, in an order that has no meaning,
// and is the same for the same program. Of slices it yields the first value; empty ones it
// leaves out. Values may be made, freed and moved meanwhile: what stays is seen
// once, and whether the others are is not said.
func (t *Table[T]) All() iter.Seq2[Handle[T], *T] {
	return func(yield func(Handle[T], *T) bool) {
		for ref, p, ok := t.space.Next(0); ok; ref, p, ok = t.space.Next(ref.Index) {
			if p.Len > 0 && !yield(Handle[T]{t.id, ref}, &t.blocks[p.Block][p.At]) {
				return
			}
		}
	}
}

// Slices is [Table.All] that yields whole slices, empty ones too.
func (t *Table[T]) Slices() iter.Seq2[Handle[T], []T] {
	return func(yield func(Handle[T], []T) bool) {
		for ref, p, ok := t.space.Next(0); ok; ref, p, ok = t.space.Next(ref.Index) {
			if !yield(Handle[T]{t.id, ref}, t.blocks[p.Block][p.At:p.At+p.Len:p.At+p.Len]) {
				return
			}
		}
	}
}
