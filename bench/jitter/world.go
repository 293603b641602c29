package jitter

import (
	"math/rand/v2"
	"unsafe"
)

// An entity is a piece of the live heap that the collector has to walk.
type entity struct {
	next, near *entity
	_          [10]uint64
}

// newWorld makes a live heap of about so many megabytes: a list whose members
// also point at random, so that walking it misses the cache as a real one does.
func newWorld(megabytes int) *entity {
	n := megabytes * 1e6 / int(unsafe.Sizeof(entity{}))
	all := make([]*entity, n)
	var first *entity
	for i := range all {
		first = &entity{next: first}
		all[i] = first
	}
	for _, e := range all {
		e.near = all[rand.IntN(n)]
	}
	return first
}
