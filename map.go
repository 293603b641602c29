package framealloc

import (
	"hash/maphash"
	"iter"
	"math/bits"
	"reflect"
	"unsafe"
)

// A Map is a hash table in frame memory. It takes any comparable key, grows in
// the frame as it needs to, and iterates in the order in which the keys were put,
// so that a frame which is computed twice comes out the same twice. Keys are equal
// as in Go's maps: a NaN is never found again.
//
// Like the memory behind it, it belongs to the frame's goroutine and is gone at
// the frame's end: looking into it then panics with FA001, as for the zero Map,
// unless it has become another map made in a later frame.
type Map[K comparable, V any] struct {
	// The entries in the order of their keys' arrival, deleted ones included,
	// and a table of where each is. Only the entries hold pointers.
	entries []entry[K, V]
	table   []mark
	deleted []uint64 // a bit for each entry

	f         *Frame
	live      int
	iterating int   // iterators under way: entries must keep their place
	shift     uint8 // 32 minus the logarithm of the table's length
	words     uint8 // the size of a key that is hashed as a word; 0: any other
}

// An entry's value comes first: an empty one at the end would be padded.
type entry[K comparable, V any] struct {
	value V
	key   K
}

// A mark is a place in the table: the key's hash, cut to 32 bits, above the
// entry's number, counted from 1; 0 is a free place. A mark stands at the first
// free place from where the top of its hash says, with no free place between.
type mark uint64

func newMark(hash uint32, entry int) mark { return mark(hash)<<32 | mark(entry+1) }

func (m mark) hash() uint32 { return uint32(m >> 32) }
func (m mark) entry() int   { return int(uint32(m)) - 1 }

// maxEntries is how many entries a mark can tell apart, in an int of any size.
const maxEntries = 1 << 30

// NewMap returns an empty map with room for capacity entries. It panics as
// [Slice] does.
func NewMap[K comparable, V any](f *Frame, capacity int) *Map[K, V] {
	m := New[Map[K, V]](f)
	initMap(m, f, capacity)
	return m
}

func initMap[K comparable, V any](m *Map[K, V], f *Frame, capacity int) {
	if capacity < 0 || capacity > maxEntries {
		panic(f.badLength(capacity, capacity, int(unsafe.Sizeof(entry[K, V]{}))))
	}
	m.f = f
	m.words = wordSize(reflect.TypeFor[K]())
	if err := m.resize(capacity); err != nil {
		panic(err)
	}
}

// Len returns the number of entries.
func (m *Map[K, V]) Len() int { return m.live }

// Get returns the value of a key; ok is false, and the value zero, when the
// map does not hold the key.
func (m *Map[K, V]) Get(key K) (value V, ok bool) {
	if i := m.find(key, m.hash(key)); i >= 0 {
		return m.entries[i].value, true
	}
	return value, false
}

// Has reports whether the map holds a key.
func (m *Map[K, V]) Has(key K) bool { return m.find(key, m.hash(key)) >= 0 }

// Put sets the value of a key. Where the map must grow for it, it panics as
// [Slice] does.
func (m *Map[K, V]) Put(key K, value V) {
	e, _, err := m.enter(key)
	if err != nil {
		panic(err)
	}
	e.value = value
}

// TryPut is Put, but returns the error instead of a panic, and then leaves the
// map as it was.
func (m *Map[K, V]) TryPut(key K, value V) error {
	e, _, err := m.enter(key)
	if err != nil {
		return err
	}
	e.value = value
	return nil
}

// GetOrPut returns the value of a key, after putting the one given if the map
// did not hold the key; found reports whether it did. It panics as Put does.
func (m *Map[K, V]) GetOrPut(key K, value V) (actual V, found bool) {
	e, found, err := m.enter(key)
	if err != nil {
		panic(err)
	}
	if !found {
		e.value = value
	}
	return e.value, found
}

// Ref returns a pointer to the value of a key, which is put as zero if the map
// did not hold it: *m.Ref(key) += 1 counts. The pointer is good until another key
// is put or the entry deleted. Ref panics as Put does.
func (m *Map[K, V]) Ref(key K) *V {
	e, _, err := m.enter(key)
	if err != nil {
		panic(err)
	}
	return &e.value
}

// Lookup is [Map.Ref] for a key that the map holds; ok is false, and the pointer
// nil, when it does not.
func (m *Map[K, V]) Lookup(key K) (value *V, ok bool) {
	if i := m.find(key, m.hash(key)); i >= 0 {
		return &m.entries[i].value, true
	}
	return nil, false
}

// Delete removes a key and reports whether the map held it. The memory of the
// entry serves another one when the map is full.
func (m *Map[K, V]) Delete(key K) bool {
	hash := m.hash(key)
	at := m.place(key, hash)
	if at < 0 {
		return false
	}
	i := m.table[at].entry()
	m.free(at)
	m.entries[i] = entry[K, V]{}
	m.deleted[i/64] |= 1 << (i % 64)
	m.live--
	return true
}

// Clear removes all entries and keeps the memory.
func (m *Map[K, V]) Clear() {
	clear(m.entries)
	clear(m.table)
	clear(m.deleted)
	m.entries = m.entries[:0]
	m.live = 0
}

// All returns an iterator over keys and values in the order in which the keys
// were put first. The map may change meanwhile: what is deleted is not met any
// more, what is put is met.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		m.iterating++
		defer m.doneIterating()
		for i := 0; i < len(m.entries); i++ {
			if e := &m.entries[i]; !m.isDeleted(i) && !yield(e.key, e.value) {
				return
			}
		}
	}
}

// Keys returns an iterator over the keys. See [Map.All].
func (m *Map[K, V]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		m.iterating++
		defer m.doneIterating()
		for i := 0; i < len(m.entries); i++ {
			if !m.isDeleted(i) && !yield(m.entries[i].key) {
				return
			}
		}
	}
}

// Values returns an iterator over the values. See [Map.All].
func (m *Map[K, V]) Values() iter.Seq[V] {
	return func(yield func(V) bool) {
		m.iterating++
		defer m.doneIterating()
		for i := 0; i < len(m.entries); i++ {
			if !m.isDeleted(i) && !yield(m.entries[i].value) {
				return
			}
		}
	}
}

func (m *Map[K, V]) doneIterating() { m.iterating-- }

func (m *Map[K, V]) isDeleted(i int) bool { return m.deleted[i/64]>>(i%64)&1 != 0 }

// find returns the number of a key's entry, or -1.
func (m *Map[K, V]) find(key K, hash uint32) int {
	if len(m.table) == 0 {
		panic(frameless[Map[K, V]]())
	}
	mask := uint32(len(m.table) - 1)
	for at := hash >> m.shift; ; at++ {
		switch mk := m.table[at&mask]; {
		case mk == 0:
			return -1
		case mk.hash() == hash && m.entries[mk.entry()].key == key:
			return mk.entry()
		}
	}
}

// place returns where in the table a key's mark is, or -1.
func (m *Map[K, V]) place(key K, hash uint32) int {
	i := m.find(key, hash)
	if i < 0 {
		return -1
	}
	mask := uint32(len(m.table) - 1)
	at := hash >> m.shift
	for m.table[at&mask] != newMark(hash, i) {
		at++
	}
	return int(at & mask)
}

// enter returns a key's entry, made if there was none.
func (m *Map[K, V]) enter(key K) (e *entry[K, V], found bool, err error) {
	if m.f == nil {
		return nil, false, frameless[Map[K, V]]()
	}
	hash := m.hash(key)
	if i := m.find(key, hash); i >= 0 {
		return &m.entries[i], true, nil
	}
	if len(m.entries) == cap(m.entries) {
		if err := m.makeRoom(); err != nil {
			return nil, false, err
		}
	}
	i := len(m.entries)
	m.entries = m.entries[:i+1]
	e = &m.entries[i]
	*e = entry[K, V]{key: key}
	m.link(hash, i)
	m.live++
	return e, false, nil
}

// link puts an entry's mark into the table.
func (m *Map[K, V]) link(hash uint32, i int) {
	mask := uint32(len(m.table) - 1)
	at := hash >> m.shift
	for m.table[at&mask] != 0 {
		at++
	}
	m.table[at&mask] = newMark(hash, i)
}

// free takes the mark at a place out of the table, and moves those behind it up
// that would no longer be reached.
func (m *Map[K, V]) free(at int) {
	mask := uint32(len(m.table) - 1)
	hole := uint32(at)
	for next := (hole + 1) & mask; m.table[next] != 0; next = (next + 1) & mask {
		home := m.table[next].hash() >> m.shift
		if (next-home)&mask >= (next-hole)&mask {
			m.table[hole] = m.table[next]
			hole = next
		}
	}
	m.table[hole] = 0
}

// makeRoom makes room for another entry: by closing the gaps that deleted ones
// have left, or by doubling.
func (m *Map[K, V]) makeRoom() error {
	n := len(m.entries)
	if gaps := n - m.live; gaps > 0 && gaps >= n/4 && m.iterating <= 0 {
		m.compact()
		return nil
	}
	return m.resize(max(2*n, 8))
}

// compact closes the gaps between the entries.
func (m *Map[K, V]) compact() {
	to := 0
	clear(m.table)
	for i := range m.entries {
		if m.isDeleted(i) {
			continue
		}
		if to != i {
			m.entries[to] = m.entries[i]
		}
		m.link(m.hash(m.entries[to].key), to)
		to++
	}
	clear(m.entries[to:])
	m.entries = m.entries[:to]
	clear(m.deleted)
}

// resize moves the map to memory for n entries. The entries keep their places,
// gaps included.
func (m *Map[K, V]) resize(n int) error {
	if n > maxEntries {
		return m.f.badLength(n, n, int(unsafe.Sizeof(entry[K, V]{})))
	}
	// At most three quarters of the table are in use.
	log := max(3, bits.Len(uint(n+n/3)))
	table, err := trySlice[mark](m.f, 1<<log, true)
	if err != nil {
		return err
	}
	deleted, err := trySlice[uint64](m.f, (n+63)/64, true)
	if err != nil {
		return err
	}
	entries, err := trySlice[entry[K, V]](m.f, n, false)
	if err != nil {
		return err
	}
	m.entries = entries[:copy(entries, m.entries)]
	copy(deleted, m.deleted)
	old := m.table
	m.deleted, m.table, m.shift = deleted, table, uint8(32-log)
	for _, mk := range old {
		if mk != 0 {
			m.link(mk.hash(), mk.entry())
		}
	}
	return nil
}

// Hashing. The seed is random and the program's: two maps with one seed are no
// risk, because a map does not show the order of its hashes. Keys that are one
// machine word or less are hashed here, which is what most maps in a game have;
// all others by hash/maphash.

var (
	seed  = maphash.MakeSeed()
	seed0 = maphash.Comparable(seed, 0) | 1
	seed1 = maphash.Comparable(seed, 1)
)

// hash never allocates.
func (m *Map[K, V]) hash(key K) uint32 {
	var word uint64
	switch m.words {
	case 8:
		word = *(*uint64)(unsafe.Pointer(&key))
	case 4:
		word = uint64(*(*uint32)(unsafe.Pointer(&key)))
	case 2:
		word = uint64(*(*uint16)(unsafe.Pointer(&key)))
	case 1:
		word = uint64(*(*uint8)(unsafe.Pointer(&key)))
	default:
		return uint32(maphash.Comparable(seed, key) >> 32)
	}
	hi, lo := bits.Mul64(word^seed1, 0x9e3779b97f4a7c15^seed0)
	return uint32((hi ^ lo) >> 32)
}

// wordSize returns a type's size in bytes if its values are equal exactly when
// their bytes are, and are a word or less; otherwise 0.
func wordSize(t reflect.Type) uint8 {
	switch t.Kind() {
	case reflect.Bool,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		return uint8(t.Size())
	}
	return 0
}
