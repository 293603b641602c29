package framealloc

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestBytesClasses(t *testing.T) {
	for _, c := range []Config{{}, {Debug: true}} {
		a := NewAllocator(c)
		for _, tt := range []struct{ n, cap int }{
			{0, 16}, {1, 16}, {15, 16}, {16, 16}, {17, 32}, {32, 32}, {33, 64}, {100, 128}, {256, 256}, {257, 512},
			{513, 1024}, {2000, 2048}, {4095, 4096}, {4097, 8192}, {8191, 8192}, {8192, 8192}, {8193, 8193}, {100000, 100000},
		} {
			for range 3 {
				b := BytesGet(a, tt.n)
				if len(b) != tt.n || cap(b) < tt.cap || tt.n <= MaxPooledBytes && cap(b) != tt.cap {
					t.Errorf("BytesGet(%d): length %d, capacity %d, want capacity %d", tt.n, len(b), cap(b), tt.cap)
				}
				if whole := b[:cap(b)]; bytes.Count(whole, []byte{0}) != len(whole) {
					t.Errorf("BytesGet(%d) is not zeroed", tt.n)
				}
				for i := range b[:cap(b)] {
					b[:cap(b)][i] = 0xFF
				}
				BytesPut(a, b[:tt.n/2])
			}
		}
		a.Main().Publish()
		s := a.Stats()
		if s.Pool.Allocations != 16*3 || s.Pool.Frees != 16*3 || s.Heap != (IntentStats{6, 3 * (8193 + 100000), 0}) {
			t.Errorf("debug %v: pool %+v, heap %+v", c.Debug, s.Pool, s.Heap)
		}
		a.Close()
	}
}

func TestBytesMisuse(t *testing.T) {
	for _, c := range []struct {
		name  string
		debug bool
		code  diag.Code
		do    func(a *Allocator)
	}{
		{"nil", false, diag.FA208, func(a *Allocator) { BytesPut(a, nil) }},
		{"no class", false, diag.FA208, func(a *Allocator) { BytesPut(a, make([]byte, 48)) }},
		{"too small", false, diag.FA208, func(a *Allocator) { BytesPut(a, make([]byte, 8)) }},
		{"cut in front", false, diag.FA208, func(a *Allocator) { BytesPut(a, BytesGet(a, 64)[1:]) }},
		{"second half", true, diag.FA208, func(a *Allocator) { BytesPut(a, BytesGet(a, 64)[32:]) }},
		{"first half", true, diag.FA208, func(a *Allocator) { BytesPut(a, BytesGet(a, 64)[:32:32]) }},
		{"twice", true, diag.FA208, func(a *Allocator) {
			b := BytesGet(a, 64)
			BytesPut(a, b)
			BytesPut(a, b)
		}},
		{"foreign", true, diag.FA208, func(a *Allocator) { BytesPut(a, make([]byte, 64)) }},
		{"written after put", true, diag.FA208, func(a *Allocator) {
			b := BytesGet(a, 64)
			BytesPut(a, b)
			b[63] = 1
			BytesGet(a, 64)
		}},
		{"get after close", false, diag.FA207, func(a *Allocator) {
			BytesPut(a, BytesGet(a, 64))
			a.Close()
			BytesGet(a, 64)
		}},
		{"class first seen after close", false, diag.FA207, func(a *Allocator) {
			a.Close()
			BytesGet(a, 64)
		}},
		{"put after close", false, diag.FA207, func(a *Allocator) {
			b := BytesGet(a, 64)
			a.Close()
			BytesPut(a, b)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := poolMistake(t, func() { c.do(NewAllocator(Config{Debug: c.debug})) }); e.Code != c.code {
				t.Errorf("%v, want %s", e, c.code)
			}
		})
	}
}

func TestBytesGetLength(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for _, n := range []int{-1, math.MinInt, math.MaxInt} {
		mustPanic(t, diag.FA003, func() { BytesGet(a, n) })
	}
}

// FuzzBytes holds buffers of two workers against a model: no two overlap, and
// none changes while it is out.
func FuzzBytes(f *testing.F) {
	f.Add(uint64(1), uint8(1), false)
	f.Add(uint64(2), uint8(7), false)
	f.Add(uint64(3), uint8(0), true)
	f.Fuzz(func(t *testing.T, seed uint64, magazine uint8, debug bool) {
		rng := rand.New(rand.NewPCG(seed, 0))
		a := NewAllocator(Config{PoolMagazine: int(magazine), Debug: debug})
		defer a.Close()
		sources := []Source{a, a.NewWorker("w")}
		type held struct {
			b    []byte
			fill byte
		}
		var live []held
		for step := range 1000 {
			src := sources[rng.IntN(2)]
			if len(live) == 0 || rng.IntN(2) == 0 {
				b := BytesGet(src, rng.IntN(1<<rng.IntN(15)))
				b = b[:cap(b)]
				if bytes.Count(b, []byte{0}) != len(b) {
					t.Fatalf("step %d: not zero", step)
				}
				h := held{b, byte(step)}
				for i := range b {
					b[i] = h.fill
				}
				live = append(live, h)
				continue
			}
			i := rng.IntN(len(live))
			h := live[i]
			if bytes.Count(h.b, []byte{h.fill}) != len(h.b) {
				t.Fatalf("step %d: a buffer of %d bytes changed", step, len(h.b))
			}
			BytesPut(src, h.b[:rng.IntN(len(h.b)+1)])
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
		}
	})
}
