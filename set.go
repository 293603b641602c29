package framealloc

import "iter"

// A Set holds distinct keys in frame memory. All that is said of [Map] is true
// of it: any comparable key, grown as needed, iterated in the order of arrival.
type Set[K comparable] struct {
	m Map[K, struct{}]
}

// NewSet returns an empty set with room for capacity keys. It panics as [Slice]
// does.
func NewSet[K comparable](f *Frame, capacity int) *Set[K] {
	s := New[Set[K]](f)
	initMap(&s.m, f, capacity)
	return s
}

// Len returns the number of keys.
func (s *Set[K]) Len() int { return s.m.Len() }

// Has reports whether the set holds a key.
func (s *Set[K]) Has(key K) bool { return s.m.Has(key) }

// Add adds a key and reports whether it is new. It panics as [Map.Put] does.
func (s *Set[K]) Add(key K) bool {
	_, found := s.m.GetOrPut(key, struct{}{})
	return !found
}

// TryAdd adds a key, or returns the error instead of a panic and leaves the set
// as it was.
func (s *Set[K]) TryAdd(key K) error { return s.m.TryPut(key, struct{}{}) }

// AddAll adds the keys of an iterator. It panics as [Map.Put] does.
func (s *Set[K]) AddAll(keys iter.Seq[K]) {
	for key := range keys {
		s.m.Put(key, struct{}{})
	}
}

// Delete removes a key and reports whether the set held it.
func (s *Set[K]) Delete(key K) bool { return s.m.Delete(key) }

// Clear removes all keys and keeps the memory.
func (s *Set[K]) Clear() { s.m.Clear() }

// All returns an iterator over the keys in the order in which they were added.
// The set may change meanwhile, as with [Map.All].
func (s *Set[K]) All() iter.Seq[K] { return s.m.Keys() }
