package framealloc

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestBox(t *testing.T) {
	for _, c := range []Config{{}, {PoolMagazine: 1}, {Debug: true}} {
		a := NewAllocator(c)
		var stale []Box[poolNode]
		for round := range 5 {
			var live []Box[poolNode]
			for i := range 50 {
				b := PoolBox[poolNode](a)
				if x := b.Get(); !reflect.ValueOf(x).Elem().IsZero() {
					t.Fatalf("round %d: not zero: %+v", round, *x)
				}
				b.Get().id = i
				b.Get().next = b.Get()
				live = append(live, b)
			}
			for i, b := range live {
				if x, err := b.TryGet(); err != nil || x.id != i || x != b.Get() {
					t.Fatalf("round %d, box %d: %+v, %v", round, i, x, err)
				}
				b.Free()
			}
			stale = append(stale, live...)
		}
		for i, b := range stale {
			if x, err := b.TryGet(); x != nil || !errors.Is(err, diag.FA606) {
				t.Fatalf("stale box %d: %v, %v", i, x, err)
			}
		}
		a.Main().Publish()
		if s := a.Stats().Pool; s.Allocations != 250 || s.Frees != 250 {
			t.Errorf("published %+v", s)
		}
		a.Close()
	}
}

func TestBoxMisuse(t *testing.T) {
	for _, c := range []struct {
		name string
		code diag.Code
		says string
		do   func(a *Allocator, b Box[int])
	}{
		{"get after free", diag.FA606, "Box[int] used after it was freed", func(a *Allocator, b Box[int]) {
			b.Free()
			b.Get()
		}},
		{"copy got after free and reuse", diag.FA606, "Box[int] used after it was freed", func(a *Allocator, b Box[int]) {
			copied := b
			b.Free()
			for range 200 {
				PoolBox[int](a)
			}
			copied.Get()
		}},
		{"freed twice", diag.FA208, "Box[int] freed after it was freed", func(a *Allocator, b Box[int]) {
			b.Free()
			b.Free()
		}},
		{"freed after reuse", diag.FA208, "freed after it was freed", func(a *Allocator, b Box[int]) {
			b.Free()
			for range 200 {
				PoolBox[int](a)
			}
			b.Free()
		}},
		{"zero got", diag.FA606, "a zero", func(*Allocator, Box[int]) { Box[int]{}.Get() }},
		{"zero freed", diag.FA208, "a zero", func(*Allocator, Box[int]) { Box[int]{}.Free() }},
		{"freed after close", diag.FA207, "closed", func(a *Allocator, b Box[int]) {
			a.Close()
			b.Free()
		}},
		{"made after close", diag.FA207, "closed", func(a *Allocator, _ Box[int]) {
			a.Close()
			PoolBox[int](a)
		}},
		{"made of a type first seen after close", diag.FA207, "closed", func(a *Allocator, _ Box[int]) {
			a.Close()
			PoolBox[string](a)
		}},
	} {
		for _, debug := range []bool{false, true} {
			t.Run(c.name, func(t *testing.T) {
				a := NewAllocator(Config{Debug: debug})
				defer a.Close()
				e := poolMistake(t, func() { c.do(a, PoolBox[int](a)) })
				if e.Code != c.code || !strings.Contains(e.Message, c.says) {
					t.Errorf("debug %v: %v, want %s … %s", debug, e, c.code, c.says)
				}
			})
		}
	}
}

// What a Box holds stays readable when its worker is closed: memory in use is
// never taken away.
func TestBoxOutlivesWorker(t *testing.T) {
	a := NewAllocator(Config{})
	b := PoolBox[string](a)
	*b.Get() = "here"
	a.Close()
	if got := *b.Get(); got != "here" {
		t.Errorf("got %q", got)
	}
}

func TestBoxOfNothing(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	b, c := PoolBox[struct{}](a), PoolBox[struct{}](a)
	b.Free()
	if b.Valid() || !c.Valid() {
		t.Errorf("valid: %v, %v; want false, true", b.Valid(), c.Valid())
	}
}

// FuzzBox checks every box ever made, live or stale, against a model.
func FuzzBox(f *testing.F) {
	f.Add(uint64(1), uint8(1), false)
	f.Add(uint64(2), uint8(5), false)
	f.Add(uint64(3), uint8(0), true)
	f.Fuzz(func(t *testing.T, seed uint64, magazine uint8, debug bool) {
		rng := rand.New(rand.NewPCG(seed, 0))
		a := NewAllocator(Config{PoolMagazine: int(magazine), Debug: debug})
		defer a.Close()
		w := a.NewWorker("w")
		type made struct {
			box  Box[int]
			live bool
		}
		var all []made
		for step := range 500 {
			if rng.IntN(2) == 0 {
				b := PoolBox[int]([]Source{a, w}[rng.IntN(2)])
				if *b.Get() != 0 {
					t.Fatalf("step %d: not zero", step)
				}
				*b.Get() = len(all)
				all = append(all, made{b, true})
			} else if len(all) > 0 {
				m := &all[rng.IntN(len(all))]
				if m.live {
					m.box.Free()
					m.live = false
				} else if e := poolMistake(t, m.box.Free); e.Code != diag.FA208 {
					t.Fatalf("step %d: %v", step, e)
				}
			}
			if rng.IntN(50) == 0 {
				w.TrimPools()
			}
			for i, m := range all {
				x, err := m.box.TryGet()
				if m.live != (err == nil) || m.live != m.box.Valid() || m.live && *x != i {
					t.Fatalf("step %d: box %d, live %v: %v, %v", step, i, m.live, x, err)
				}
			}
		}
	})
}
