package guard

import (
	"math/rand/v2"
	"runtime/debug"
	"testing"
	"unsafe"
)

// clock is a witness that counts frames by hand.
type clock struct{ frame uint64 }

func (c *clock) Witness(bool) Place { return Place{Worker: "w", Frame: c.frame} }
func (c *clock) Key() any           { return c }
func (c *clock) Clock() uint64      { return c.frame }

// piece is an allocation as the model knows it.
type piece struct {
	p    unsafe.Pointer
	typ  any
	n    int // bytes
	fill byte
}

func (x piece) bytes() []byte { return unsafe.Slice((*byte)(x.p), x.n) }

// plainly reports whether the piece holds no pointers.
func (x piece) plainly() bool { _, ok := x.typ.(*linked); return !ok }

// accessible reads a byte and reports whether that was possible.
func accessible(p unsafe.Pointer) (ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { ok = recover() == nil }()
	sink += *(*byte)(p)
	return true
}

var sink byte

// TestKeeperAgainstModel allocates, marks, rolls back and ends frames at random,
// and checks that what is alive keeps its bytes, that what was given back is
// where it should be, and that both are told apart.
func TestKeeperAgainstModel(t *testing.T) {
	for _, m := range []Modes{{Poison: true}, {Guard: true}, {Escape: true}, {Poison: true, Escape: true}, {Poison: true, Guard: true, Escape: true}} {
		if m.Guard && !Supported {
			continue
		}
		for seed := range uint64(8) {
			testKeeper(t, m, rand.New(rand.NewPCG(seed, 1)))
		}
	}
}

func testKeeper(t *testing.T, m Modes, rnd *rand.Rand) {
	const frames = 2
	q := NewQuarantine(frames)
	c := &clock{frame: 1}
	k := NewKeeper(m, q, c)
	type point struct {
		serial uint64
		pieces int
	}
	var (
		alive  []piece
		marks  []point
		serial uint64
		gone   []struct {
			piece
			frame uint64
		}
	)
	retire := func(to int) {
		for _, x := range alive[to:] {
			gone = append(gone, struct {
				piece
				frame uint64
			}{x, c.frame})
		}
		alive = alive[:to]
	}
	check := func() {
		t.Helper()
		for _, x := range alive {
			if x.plainly() {
				for _, b := range x.bytes() {
					if b != x.fill {
						t.Fatalf("%+v: a live byte is %#x, want %#x", m, b, x.fill)
					}
				}
			}
			if !k.Owns(uintptr(x.p)) || !k.Owns(uintptr(x.p)+uintptr(x.n)-1) {
				t.Fatalf("%+v: does not own what is alive", m)
			}
		}
		kept := gone[:0]
		for _, x := range gone {
			if c.frame > x.frame+frames {
				continue
			}
			kept = append(kept, x)
			r, beside := q.Find(uintptr(x.p))
			if m.Guard && x.plainly() {
				if r == nil || beside || r.Made.Frame > c.frame || accessible(x.p) {
					t.Fatalf("%+v: given back in frame %d, now %d: found %v, beside %v", m, x.frame, c.frame, r, beside)
				}
			} else if r != nil {
				t.Fatalf("%+v: an object of the heap was found in a page", m)
			}
			if k.Owns(uintptr(x.p)) {
				t.Fatalf("%+v: owns what was given back", m)
			}
		}
		gone = kept
		if d := q.Inspect(c); len(d) > 0 {
			t.Fatalf("%+v: nobody wrote, found %+v", m, d[0])
		}
	}
	for i := range 400 {
		switch op := rnd.IntN(20); {
		case op < 12:
			x := piece{typ: (*byte)(nil), n: 1 + rnd.IntN(300), fill: byte(rnd.IntN(200))}
			count, align := x.n, 1
			switch rnd.IntN(6) {
			case 0:
				x.n, align = 1+rnd.IntN(20_000), 1<<rnd.IntN(13)
				count = x.n
			case 1:
				count = 1 + rnd.IntN(4)
				x.typ, x.n = (*linked)(nil), count*int(unsafe.Sizeof(linked{}))
			}
			x.p = k.Make(x.typ, count, x.n, align)
			if uintptr(x.p)%uintptr(align) != 0 || uintptr(x.p)%8 != 0 {
				t.Fatalf("%p is not aligned to %d", x.p, align)
			}
			for _, b := range x.bytes() {
				if b != 0 {
					t.Fatal("not zero")
				}
			}
			if x.plainly() {
				for i := range x.bytes() {
					x.bytes()[i] = x.fill
				}
			}
			alive = append(alive, x)
		case op < 15:
			serial++
			k.Mark(serial)
			marks = append(marks, point{serial, len(alive)})
		case op < 18 && len(marks) > 0:
			i := rnd.IntN(len(marks))
			k.Rollback(marks[i].serial)
			retire(marks[i].pieces)
			marks = marks[:i+1]
		case op == 18:
			k.Retire(FrameEnd)
			retire(0)
			marks = marks[:0]
			c.frame++
			q.Advance(c, c.frame)
		}
		if i%8 == 0 {
			check()
		}
	}
	k.Retire(Closing)
	q.Forget(c)
	q.Close()
}

// TestStoreKeepsItsSpans takes and puts at random; no byte may be lost, or be in
// two spans.
func TestStoreKeepsItsSpans(t *testing.T) {
	memory := make([]byte, 1<<20)
	other := make([]byte, 1<<16)
	whole := span{unsafe.Pointer(&memory[0]), len(memory), &region{memory}}
	second := span{unsafe.Pointer(&other[0]), len(other), &region{other}}
	total := len(memory) + len(other)
	for seed := range uint64(50) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var s store
		s.put([]span{whole, second})
		var out []span
		for range 300 {
			if rnd.IntN(2) == 0 {
				size := 8 * (1 + rnd.IntN(4000))
				if x, ok := s.take(size); ok {
					if x.size != size {
						t.Fatalf("asked for %d bytes, got %d", size, x.size)
					}
					out = append(out, x)
				}
			} else if len(out) > 0 {
				i := rnd.IntN(len(out))
				back := []span{out[i]}
				out = append(out[:i], out[i+1:]...)
				s.put(back)
			}
			sum := 0
			for _, x := range joined(append(append([]span(nil), s.spans...), out...)) {
				sum += x.size
			}
			if sum != total {
				t.Fatalf("%d bytes of %d", sum, total)
			}
		}
		s.put(out)
		if len(s.spans) != 2 {
			t.Fatalf("all put back: %d spans, want the 2 regions", len(s.spans))
		}
	}
}

func TestQuarantineIsBounded(t *testing.T) {
	q := NewQuarantine(1000)
	q.most = 1 << 20
	c := &clock{frame: 1}
	k := NewKeeper(Modes{Poison: true}, q, c)
	for range 100 {
		k.Make(nil, 100_000, 100_000, 8)
		k.Retire(FrameEnd)
		if q.bytes > q.most {
			t.Fatalf("%d bytes are out of use, at most %d should be", q.bytes, q.most)
		}
	}
	if q.bytes < q.most/2 || len(q.batches) > 11 {
		t.Errorf("%d bytes in %d batches", q.bytes, len(q.batches))
	}
}
