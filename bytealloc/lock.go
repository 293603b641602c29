package bytealloc

import "sync"

// Lock returns an Allocator that several goroutines may use: one at a time gets
// through to a. That protects a where everyone goes through the same Lock. A pool or a
// frame whose worker is used elsewhere at the same time wants a worker or a fork of its
// own below the Lock; and in debug modes a frame accepts no other goroutine than its
// own (FA201), locked or not.
func Lock(a Allocator) Allocator { return &locked{a: a} }

type locked struct {
	mu sync.Mutex
	a  Allocator
}

func (l *locked) Allocate(n, align int) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.a.Allocate(n, align)
}

func (l *locked) Reallocate(b []byte, n, align int) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.a.Reallocate(b, n, align)
}

func (l *locked) Free(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.a.Free(b)
}

func (l *locked) Unwrap() Allocator { return l.a }
