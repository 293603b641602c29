package bytealloc_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/group"
	"github.com/framealloc/framealloc/internal/arena"
)

// A stand is an Allocator under test, in its surroundings.
type stand struct {
	name string
	// open returns the Allocator, and what ends the life of all its memory,
	// nil where nothing does.
	open func(t testing.TB) (a bytealloc.Allocator, end func())
	// limited: it may refuse for want of room.
	limited bool
}

func stands() []stand {
	frames := func(c framealloc.Config) func(t testing.TB) (bytealloc.Allocator, func()) {
		return func(t testing.TB) (bytealloc.Allocator, func()) {
			c := c
			c.Reporter = diag.NewCollector(t).Reporter()
			alloc := framealloc.NewAllocator(c)
			t.Cleanup(func() { alloc.Close() })
			alloc.BeginFrame()
			return bytealloc.FromWorker(alloc.Main()), func() { alloc.EndFrame(); alloc.BeginFrame() }
		}
	}
	newAllocator := func(t testing.TB, c framealloc.Config) *framealloc.Allocator {
		alloc := framealloc.NewAllocator(c)
		t.Cleanup(func() { alloc.Close() })
		return alloc
	}
	return []stand{
		{name: "frame", open: frames(framealloc.Config{})},
		{name: "frame of small chunks", open: frames(framealloc.Config{ChunkSize: 256})},
		{name: "frames in flight", open: frames(framealloc.Config{FramesInFlight: 2})},
		{name: "limited frame", open: frames(framealloc.Config{MaxFrameBytes: 4096}), limited: true},
		{name: "promoting frame", open: frames(framealloc.Config{MaxFrameBytes: 4096, Exhaustion: framealloc.Promote})},
		{name: "poisoned frame", open: frames(framealloc.Config{Modes: framealloc.ModePoison})},
		{name: "debugged frame", open: frames(framealloc.Config{Debug: true})},
		{name: "scratch", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			s := newAllocator(t, framealloc.Config{}).Scratch("s")
			return bytealloc.FromFrame(s.Frame()), s.Reset
		}},
		{name: "group", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			g := group.New(newAllocator(t, framealloc.Config{}), "g")
			return bytealloc.FromFrame(g.Frame()), nil
		}},
		{name: "pool", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			return bytealloc.FromPool(newAllocator(t, framealloc.Config{})), nil
		}},
		{name: "debugged pool", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			return bytealloc.FromPool(newAllocator(t, framealloc.Config{Debug: true})), nil
		}},
		{name: "counted heap", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			return bytealloc.FromHeap(newAllocator(t, framealloc.Config{})), nil
		}},
		{name: "heap", open: func(testing.TB) (bytealloc.Allocator, func()) { return bytealloc.FromHeap(nil), nil }},
		{name: "fixed", limited: true, open: func(testing.TB) (bytealloc.Allocator, func()) {
			f := bytealloc.NewFixed(dirty(5000)[3:]) // at an odd address
			return f, f.Reset
		}},
		{name: "fixed, then fixed, then pool", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			return bytealloc.Fallback(bytealloc.Fallback(bytealloc.NewFixed(dirty(1000)), bytealloc.NewFixed(dirty(1000))),
				bytealloc.FromPool(newAllocator(t, framealloc.Config{}))), nil
		}},
		{name: "limited frame, then heap", open: func(t testing.TB) (bytealloc.Allocator, func()) {
			a, end := frames(framealloc.Config{MaxFrameBytes: 2048})(t)
			return bytealloc.Fallback(a, bytealloc.FromHeap(nil)), end
		}},
		{name: "all layers", limited: true, open: func(t testing.TB) (bytealloc.Allocator, func()) {
			fixed := bytealloc.NewFixed(dirty(8000))
			return bytealloc.Lock(bytealloc.Log(bytealloc.NewCounter(bytealloc.FailAt(bytealloc.Align(fixed, 32), 100)), func(bytealloc.Event) {})), fixed.Reset
		}},
	}
}

// dirty returns n bytes that are not zero.
func dirty(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 0xaa
	}
	return b
}

// A slot is a slice that the model has out, and what must be in it.
type slot struct {
	b    []byte
	want []byte
}

// run drives an Allocator by a script, a few bytes an operation, and compares
// each slice that is out after every operation. A Checker above holds it to the
// contract.
func run(t testing.TB, s stand, script []byte) {
	a, end := s.open(t)
	checked := bytealloc.NewChecker(a)
	var out []slot
	next := func() int {
		if len(script) == 0 {
			return 0
		}
		x := int(script[0])
		script = script[1:]
		return x
	}
	size := func() int {
		n := next()
		return [...]int{n, n * 8, n * 64, n & 7}[next()&3]
	}
	align := func() int { return 1 << (next() % 9) } // to 256
	fill := byte(0)
	write := func(k *slot) {
		fill++
		for i := range k.b {
			k.b[i] = fill
		}
		k.want = append(k.want[:0], k.b...)
	}
	refused := func(what string, err error) {
		if !s.limited || !errors.Is(err, diag.FA003) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for len(script) > 0 {
		switch op := next() % 16; {
		case op < 6:
			n, align := size(), align()
			b, err := checked.Allocate(n, align)
			if err != nil {
				refused("Allocate", err)
				break
			}
			k := slot{b: b}
			write(&k)
			out = append(out, k)
		case op < 10 && len(out) > 0:
			k := &out[next()%len(out)]
			n, align := size(), align()
			b, err := checked.Reallocate(k.b, n, align)
			if err != nil {
				refused("Reallocate", err)
				break
			}
			want := make([]byte, n)
			copy(want, k.want)
			if string(b) != string(want) {
				t.Fatalf("Reallocate of %d to %d bytes changed them", len(k.b), n)
			}
			k.b = b
			write(k)
		case op < 15 && len(out) > 0:
			i := next() % len(out)
			checked.Free(out[i].b)
			out[i] = out[len(out)-1]
			out = out[:len(out)-1]
		case op == 15 && end != nil && next() < 64:
			end()
			checked.Reset()
			out = out[:0]
		}
		for i := range out {
			if string(out[i].b) != string(out[i].want) {
				t.Fatalf("slice %d of %d, of %d bytes, changed while it was out", i, len(out), len(out[i].b))
			}
		}
	}
	for _, k := range out {
		checked.Free(k.b)
	}
	if err := checked.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestModel(t *testing.T) {
	for i, s := range stands() {
		t.Run(s.name, func(t *testing.T) {
			for seed := range uint64(4) {
				script := make([]byte, 4000)
				r := rand.New(rand.NewPCG(seed, uint64(i)))
				for i := range script {
					script[i] = byte(r.Uint32())
				}
				run(t, s, script)
			}
		})
	}
}

func FuzzModel(f *testing.F) {
	all := stands()
	for i := range all {
		f.Add(byte(i), []byte("a few bytes that allocate, free and reallocate"))
	}
	f.Fuzz(func(t *testing.T, i byte, script []byte) {
		run(t, all[int(i)%len(all)], script)
	})
}

// TestEdges holds for every source and layer: what no memory is, and what cannot be.
func TestEdges(t *testing.T) {
	for _, s := range stands() {
		t.Run(s.name, func(t *testing.T) {
			a, _ := s.open(t)
			for _, c := range []struct{ n, align int }{
				{-1, 8}, {-1 << 40 >> 12, 8}, {bytealloc.MaxSize + 1, 8}, {int(^uint(0) >> 1), 8}, {int(^uint(0)>>1) * -1, 8},
				{8, 0}, {8, -8}, {8, 24}, {8, 2 * framealloc.MaxAlign}, {0, 0}, {0, 3},
			} {
				b, err := a.Allocate(c.n, c.align)
				if b != nil || !errors.Is(err, diag.FA003) {
					t.Errorf("Allocate(%d, %d): %d bytes, %v", c.n, c.align, len(b), err)
				}
				have, err := a.Allocate(16, 8)
				if err != nil {
					t.Fatal(err)
				}
				b, err = a.Reallocate(have, c.n, c.align)
				if &b[0] != &have[0] || len(b) != 16 || !errors.Is(err, diag.FA003) {
					t.Errorf("Reallocate(b, %d, %d): %d bytes, %v", c.n, c.align, len(b), err)
				}
				a.Free(have)
			}
			for _, align := range []int{1, 64, framealloc.MaxAlign} {
				none, err := a.Allocate(0, align)
				if none == nil || cap(none) != 0 || err != nil {
					t.Errorf("no bytes: %v, %v", none, err)
				}
				a.Free(none)
				a.Free(none)
			}
			a.Free(nil)
			for _, b := range [][]byte{nil, {}} {
				got, err := a.Reallocate(b, 24, 8)
				if err != nil || len(got) != 24 {
					t.Fatalf("Reallocate from nothing: %d bytes, %v", len(got), err)
				}
				if got, err = a.Reallocate(got, 0, 8); got == nil || cap(got) != 0 || err != nil {
					t.Errorf("Reallocate to nothing: %v, %v", got, err)
				}
			}
			if b, err := a.Reallocate(nil, 0, 8); b == nil || len(b) != 0 || err != nil {
				t.Errorf("Reallocate nothing to nothing: %v, %v", b, err)
			}
		})
	}
}

// TestAlignments asks for every alignment at many sizes.
func TestAlignments(t *testing.T) {
	for _, s := range stands() {
		if s.limited {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			a, end := s.open(t)
			for align := 1; align <= framealloc.MaxAlign; align *= 2 {
				for _, n := range []int{1, 3, 8, 9, 63, 64, 65, 100, 1000, 4096, 8192, 8193, 9000, 20000, 33000} {
					b, err := a.Allocate(n, align)
					if err != nil || len(b) != n || arena.BytesAddress(b)%uintptr(align) != 0 {
						t.Fatalf("%d bytes at a multiple of %d: %d at %#x, %v", n, align, len(b), arena.BytesAddress(b), err)
					}
					a.Free(b)
				}
				if end != nil {
					end()
				}
			}
		})
	}
}

// TestSteadyState: after a few rounds, no source or layer allocates on the heap, but
// the heap.
func TestSteadyState(t *testing.T) {
	for _, s := range stands() {
		switch s.name {
		case "counted heap", "heap", "limited frame, then heap", "limited frame", "promoting frame", "poisoned frame", "debugged frame", "debugged pool", "group":
			continue // they allocate, are limited on purpose, or only grow
		}
		t.Run(s.name, func(t *testing.T) {
			a, end := s.open(t)
			var failed error
			round := func() {
				var all [12][]byte
				for i := range all {
					b, err := a.Allocate(20*i+1, 1<<(i%8))
					if err == nil {
						b, err = a.Reallocate(b, 30*i+1, 1<<(i%8))
					}
					if err != nil {
						failed = fmt.Errorf("%d: %w", i, err)
					}
					all[i] = b
				}
				for i := range all {
					a.Free(all[len(all)-1-i])
				}
				if end != nil {
					end()
				}
			}
			for range 20 {
				round() // a stand that refuses once has done so by now
			}
			failed = nil
			if n := testing.AllocsPerRun(100, round); n != 0 {
				t.Errorf("%v heap allocations a round, want 0", n)
			}
			if failed != nil {
				t.Error(failed)
			}
		})
	}
}
