package bytealloc_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
)

// must returns b, or ends the test.
func must(t testing.TB) func(b []byte, err error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// mustPanic returns the *diag.Error that fn panics with.
func mustPanic(t *testing.T, code diag.Code, fn func()) (e *diag.Error) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		if !errors.As(err, &e) || e.Code != code || e.Help == "" {
			t.Errorf("panicked with %v, want a *diag.Error with %s and a hint", err, code)
			e = new(diag.Error)
		}
	}()
	fn()
	return nil
}

func newAllocator(t testing.TB, c framealloc.Config) *framealloc.Allocator {
	a := framealloc.NewAllocator(c)
	t.Cleanup(func() { a.Close() })
	return a
}

func TestFrameGrowsTheNewestInPlace(t *testing.T) {
	frame := newAllocator(t, framealloc.Config{}).BeginFrame()
	a := bytealloc.FromFrame(frame)
	for _, align := range []int{1, 8, 64, 4096} {
		b := must(t)(a.Allocate(61, align))
		b[60] = 7
		first, count := &b[0], frame.Allocations()
		for n := 62; n < 5000; n += 61 {
			b = must(t)(a.Reallocate(b, n, align))
		}
		if &b[0] != first || frame.Allocations() != count || b[60] != 7 {
			t.Errorf("align %d: the newest moved", align)
		}
		must(t)(a.Allocate(8, 8))
		if moved := must(t)(a.Reallocate(b, 2*cap(b), align)); &moved[0] == first || moved[60] != 7 {
			t.Errorf("align %d: grew over what follows", align)
		}
	}
}

// What was shrunk and grows again is zero there, in place or not.
func TestGrowthIsZero(t *testing.T) {
	for _, s := range stands() {
		t.Run(s.name, func(t *testing.T) {
			a, _ := s.open(t)
			for _, to := range []int{40, 64, 100, 900} {
				b := must(t)(a.Allocate(64, 8))
				copy(b, bytes.Repeat([]byte{1}, 64))
				b = must(t)(a.Reallocate(b, 32, 8))
				b = must(t)(a.Reallocate(b, to, 8))
				if !bytes.Equal(b[:32], bytes.Repeat([]byte{1}, 32)) || !bytes.Equal(b[32:], make([]byte, to-32)) {
					t.Errorf("64 bytes shrunk to 32 and grown to %d: %v", to, b)
				}
				a.Free(b)
			}
		})
	}
}

func TestFrameFreeKnowsNothing(t *testing.T) {
	frame := newAllocator(t, framealloc.Config{}).BeginFrame()
	a := bytealloc.FromFrame(frame)
	b := must(t)(a.Allocate(16, 8))
	b[0] = 1
	used := frame.Used()
	a.Free(b)
	a.Free(b)
	a.Free(make([]byte, 100))
	if frame.Used() != used || b[0] != 1 {
		t.Errorf("Free did something: %d bytes used, then %d", used, frame.Used())
	}
	foreign := bytes.Repeat([]byte{5}, 10)
	if c := must(t)(a.Reallocate(foreign, 20, 8)); !bytes.Equal(c, append(foreign, make([]byte, 10)...)) {
		t.Errorf("Reallocate of foreign bytes: %v", c)
	}
}

func TestFrameLimits(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{MaxFrameBytes: 1024})
	frame := alloc.BeginFrame()
	a := bytealloc.FromFrame(frame)
	b := must(t)(a.Allocate(1000, 64))
	if _, err := a.Allocate(64, 64); !errors.Is(err, diag.FA003) {
		t.Errorf("over the limit: %v", err)
	}
	if same, err := a.Reallocate(b, 2000, 64); !errors.Is(err, diag.FA003) || &same[0] != &b[0] {
		t.Errorf("growing over the limit: %v", err)
	}
	alloc.EndFrame()
	if _, err := a.Allocate(8, 8); !errors.Is(err, diag.FA001) {
		t.Errorf("after the frame: %v", err)
	}
}

func TestFromWorker(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{FramesInFlight: 1})
	a := bytealloc.FromWorker(alloc.Main())
	_, err := a.Allocate(8, 8)
	var e *diag.Error
	if !errors.As(err, &e) || e.Code != diag.FA001 || e.Worker != "main" || !strings.Contains(e.Caller+e.Where(), "sources_test.go") {
		t.Errorf("before the first frame: %v", err)
	}
	f := alloc.BeginFrame()
	b := must(t)(a.Allocate(100, 64))
	if !f.Owns(b) || f.Allocations() != 1 {
		t.Error("not from the active frame")
	}
	alloc.EndFrame()
	if small, err := a.Reallocate(b, 10, 64); err != nil || len(small) != 10 {
		t.Errorf("shrinking between frames: %v", err)
	}
	if _, err := a.Reallocate(b, 1000, 64); !errors.Is(err, diag.FA001) {
		t.Errorf("growing between frames: %v", err)
	}
	g := alloc.BeginFrame()
	if c := must(t)(a.Allocate(100, 64)); !g.Owns(c) {
		t.Error("not from the next frame")
	}
	if owns, known := bytealloc.Owns(a, b); !owns || !known {
		t.Error("does not own the bytes of a frame in flight")
	}
}

func TestPoolBytesComeBack(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{})
	a := bytealloc.FromPool(alloc)
	b := must(t)(a.Allocate(100, 64))
	b[0] = 1
	first := &b[0]
	a.Free(b)
	c := must(t)(a.Allocate(120, 8))
	if &c[0] != first || c[0] != 0 {
		t.Error("a freed buffer was not handed out again, zeroed")
	}
	if d := must(t)(a.Reallocate(c, 128, 8)); &d[0] != first {
		t.Error("moved within the capacity")
	}
	before := alloc.Stats().Heap.Allocations
	large := must(t)(a.Allocate(framealloc.MaxPooledBytes+1, 64))
	if got := alloc.Stats().Heap.Allocations - before; got != 1 {
		t.Errorf("a large buffer counted as %d allocations of heap intent", got)
	}
	a.Free(large)
}

func TestPoolMisuse(t *testing.T) {
	a := bytealloc.FromPool(newAllocator(t, framealloc.Config{}))
	mustPanic(t, diag.FA208, func() { a.Free(make([]byte, 100)) })
	mustPanic(t, diag.FA208, func() { a.Free(must(t)(a.Allocate(64, 8))[8:]) })
	d := bytealloc.FromPool(newAllocator(t, framealloc.Config{Debug: true}))
	b := must(t)(d.Allocate(64, 8))
	d.Free(b)
	mustPanic(t, diag.FA208, func() { d.Free(b) })
	mustPanic(t, diag.FA208, func() { d.Free(make([]byte, 64)) })
	closed := framealloc.NewAllocator(framealloc.Config{})
	c := bytealloc.FromPool(closed)
	closed.Close()
	mustPanic(t, diag.FA207, func() { _, _ = c.Allocate(64, 8) })
}

func TestHeapCounts(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{})
	a := bytealloc.FromHeap(alloc)
	must(t)(a.Allocate(1000, 8))
	must(t)(bytealloc.FromHeap(nil).Allocate(1000, 8))
	if s := alloc.Stats().Heap; s.Allocations != 1 || s.Bytes != 1000 {
		t.Errorf("%d allocations, %d bytes of heap intent", s.Allocations, s.Bytes)
	}
}

func TestFixed(t *testing.T) {
	a := bytealloc.NewFixed(make([]byte, 256))
	b := must(t)(a.Allocate(100, 8))
	if cap(b) != 100 || a.Used() != 100 {
		t.Fatalf("capacity %d, %d used", cap(b), a.Used())
	}
	c := must(t)(a.Allocate(100, 1))
	_, first := a.Allocate(57, 1)
	_, second := a.Allocate(57, 1)
	if !errors.Is(first, diag.FA003) || first != second {
		t.Errorf("full: %v, then %v; want one error", first, second)
	}
	c = must(t)(a.Reallocate(c, 156, 1))
	if a.Used() != 256 {
		t.Errorf("the newest did not grow in place to the end: %d used", a.Used())
	}
	if _, err := a.Reallocate(b, 101, 8); !errors.Is(err, diag.FA003) {
		t.Errorf("growing what is not the newest, with no room: %v", err)
	}
	c = must(t)(a.Reallocate(c, 10, 1))
	if a.Used() != 110 {
		t.Errorf("shrinking the newest: %d used", a.Used())
	}
	a.Free(c)
	a.Free(b)
	if a.Used() != 0 {
		t.Errorf("everything freed, the newest first: %d used", a.Used())
	}
	must(t)(a.Allocate(200, 8))
	a.Reset()
	if whole := must(t)(a.Allocate(256, 1)); len(whole) != 256 {
		t.Error("no room after Reset")
	}
	for _, empty := range [][]byte{nil, {}} {
		if _, err := bytealloc.NewFixed(empty).Allocate(1, 1); !errors.Is(err, diag.FA003) {
			t.Errorf("a byte from no buffer: %v", err)
		}
	}
}

func TestFixedMisuse(t *testing.T) {
	buf := make([]byte, 256)
	a := bytealloc.NewFixed(buf[:128])
	b := must(t)(a.Allocate(64, 8))
	for name, fn := range map[string]func(){
		"foreign":         func() { a.Free(make([]byte, 8)) },
		"behind the end":  func() { a.Free(buf[128:]) },
		"across the end":  func() { a.Free(buf[120:136:136]) },
		"of no buffer":    func() { bytealloc.NewFixed(nil).Free(b) },
		"foreign growing": func() { _, _ = a.Reallocate(make([]byte, 8), 16, 8) },
	} {
		t.Run(name, func(t *testing.T) { mustPanic(t, diag.FA208, fn) })
	}
	a.Free(b)
	mustPanic(t, diag.FA208, func() { a.Free(b) })
	if a.Used() != 0 {
		t.Errorf("%d used", a.Used())
	}
}
