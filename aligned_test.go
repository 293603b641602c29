package framealloc

import (
	"errors"
	"testing"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// What a policy sends to the heap is as aligned as what the frame carves.
func TestAlignedBytesPromoted(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 256, Exhaustion: Promote})
	defer a.Close()
	f := a.BeginFrame()
	for align := 1; align <= MaxAlign; align *= 2 {
		for n := range 40 { // of many sizes: one may be aligned by chance
			b := AlignedBytes(f, 257+n, align)
			if at := arena.BytesAddress(b); at%uintptr(align) != 0 {
				t.Fatalf("%d bytes at a multiple of %d: %#x", 257+n, align, at)
			}
			if f.Owns(b) {
				t.Fatalf("the frame owns what was promoted to the heap")
			}
			for i := range b {
				if b[i] != 0 {
					t.Fatalf("byte %d is %d", i, b[i])
				}
				b[i] = 0xff
			}
		}
	}
}

func TestTryAlignedBytes(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 256})
	defer a.Close()
	f := a.BeginFrame()
	for _, c := range []struct{ n, align int }{{-1, 8}, {8, 0}, {8, 3}, {8, 2 * MaxAlign}, {257, 64}} {
		if b, err := TryAlignedBytes(f, c.n, c.align); b != nil || !errors.Is(err, diag.FA003) {
			t.Errorf("%+v: %d bytes, %v", c, len(b), err)
		}
	}
	if b, err := TryAlignedBytes(f, 128, 128); err != nil || len(b) != 128 || arena.BytesAddress(b)%128 != 0 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	a.EndFrame()
	if _, err := TryAlignedBytes(f, 8, 64); !errors.Is(err, diag.FA001) {
		t.Errorf("after the frame: %v", err)
	}
}

func TestExtend(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 1024})
	defer a.Close()
	f := a.BeginFrame()
	s := Slice[byte](f, 64)
	used := f.Allocations()
	grown, ok := Extend(f, s, 128)
	if !ok || len(grown) != 64 || cap(grown) < 128 || &grown[0] != &s[0] || f.Allocations() != used {
		t.Fatalf("the newest: %v, %d of %d", ok, len(grown), cap(grown))
	}
	if same, ok := Extend(f, grown, 100); !ok || cap(same) != cap(grown) {
		t.Errorf("to less than it has: %v", ok)
	}
	for name, c := range map[string]int{"over the limit": 2048, "to what no memory holds": arena.MaxBytes + 1} {
		if same, ok := Extend(f, grown, c); ok || cap(same) != cap(grown) {
			t.Errorf("%s: %v", name, ok)
		}
	}
	New[int64](f)
	if same, ok := Extend(f, grown, 256); ok || cap(same) != cap(grown) {
		t.Errorf("not the newest: %v", ok)
	}
	foreign := make([]byte, 8)
	if _, ok := Extend(f, foreign, 16); ok {
		t.Error("what is not the frame's grew in it")
	}
	last := Slice[byte](f, 8)
	a.EndFrame()
	if _, ok := Extend(f, last, 16); ok {
		t.Error("grew after the frame")
	}
}

func TestOwns(t *testing.T) {
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	f := a.BeginFrame()
	b := Bytes(f, 100)
	heap := make([]byte, 100)
	if !f.Owns(b) || !f.Owns(b[50:60]) || !a.Main().Owns(b) {
		t.Error("a frame does not own its bytes")
	}
	if f.Owns(heap) || a.Main().Owns(heap) || f.Owns(nil) || f.Owns(b[100:]) || a.Main().Owns(nil) {
		t.Error("a frame owns what is not its")
	}
	a.EndFrame()
	next := a.BeginFrame()
	if next.Owns(b) || !a.Main().Owns(b) {
		t.Error("bytes of the frame in flight: theirs is the frame before")
	}
	for _, m := range []Modes{ModePoison, ModeGuard} {
		d := NewAllocator(Config{Modes: m})
		defer d.Close()
		if f := d.BeginFrame(); !f.Owns(Bytes(f, 100)) || f.Owns(heap) {
			t.Errorf("in mode %v", m)
		}
	}
}
