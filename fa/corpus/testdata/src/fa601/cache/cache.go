// Package cache keeps things, behind an interface and behind generics.
package cache

import (
	"sync"

	"github.com/framealloc/framealloc"
)

type Store interface {
	// Put keeps the bytes.
	//fa:retains b
	Put(key string, b []byte)
	Len() int
}

// LRU is a generic cache.
type LRU[K comparable, V any] struct {
	mu    sync.Mutex
	items map[K]V
	order []K
}

func (c *LRU[K, V]) Put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items[k] = v
	c.order = append(c.order, k)
}

func (c *LRU[K, V]) Get(k K) V { return c.items[k] }

// Copied keeps a copy of what it is given.
type Copied struct{ data map[string][]byte }

func (c *Copied) Put(k string, b []byte) { c.data[k] = append([]byte(nil), b...) }

// Keys lists the keys, in frame memory.
func (c *LRU[K, V]) Keys(f *framealloc.Frame) []K { return framealloc.Clone(f, c.order) }
