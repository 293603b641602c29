package framealloc

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// A route is deep: it points to more of itself.
type route struct {
	name  string
	steps []step
	next  *route
}

type step struct {
	label string
	x, y  int
}

type movable route

func (r *movable) Promote(to *Destination) {
	r.name = to.String(r.name)
	r.steps = PromoteSlice(to, r.steps)
	for i := range r.steps {
		r.steps[i].label = to.String(r.steps[i].label)
	}
	r.next = (*route)(PromoteValue(to, (*movable)(r.next)))
}

type explosive struct{ _ *int }

func (*explosive) Promote(*Destination) { panic("no") }

func TestRetention(t *testing.T) {
	c, _ := quiet(t)
	a := NewAllocator(c)
	defer a.Close()
	a.Scratch("level")
	var events []Promotion
	a.Observe(Hooks{Promotion: func(p Promotion) { events = append(events, p) }})

	f := a.BeginFrame()
	end := f.Tag("ai")
	kinds := []RetentionPolicy{Discard, ToPool, ToHeap, ToScratch("level")}
	var handles []Retained[plain]
	for i, k := range kinds {
		h := Retain[plain](f, k)
		h.Value().a[0] = int64(i) + 10
		handles = append(handles, h)
	}
	end()
	if _, err := Promoted(nil, handles[1]); reasonOf(err) != FrameActive {
		t.Errorf("while the frame is active: %v", err)
	}
	p := a.EndFrameWithPromotions()
	for i, h := range handles {
		if h.Value() != nil {
			t.Errorf("%v: the value is still there after its frame", kinds[i])
		}
		v, err := Promoted(p, h)
		if kinds[i] == Discard {
			if v != nil || reasonOf(err) != Discarded {
				t.Errorf("discarded: %v, %v", v, err)
			}
			continue
		}
		if err != nil || v.a[0] != int64(i)+10 {
			t.Errorf("%v: %v, %v", kinds[i], v, err)
		}
	}
	s := p.Summary()
	if s.Promoted != 3 || s.ToPool != 1 || s.ToHeap != 1 || s.ToScratch != 1 || s.Discarded != 1 || s.PromotedBytes != 96 || len(s.Failed) != 0 || s.Frame != 1 {
		t.Errorf("Summary() = %+v", s)
	}
	if len(events) != 4 || events[1].Tag != "ai" || events[1].Type != "framealloc.plain" || events[1].Bytes != 32 {
		t.Errorf("observed: %+v", events)
	}
	if n := len(slices.Collect(PromotedAll[plain](p))); n != 3 {
		t.Errorf("PromotedAll yields %d", n)
	}

	// They really live where they were promised.
	pooled, _ := Promoted(p, handles[1])
	if live := PoolOf[plain](a).Stats().Live; live != 1 {
		t.Errorf("%d objects live in the pool, want 1", live)
	}
	scratched, _ := Promoted(p, handles[3])
	if used := a.Scratch("level").Stats().Used; used != 32 {
		t.Errorf("%d bytes in the scratch, want 32", used)
	}
	heaped, _ := Promoted(p, handles[2])
	for range 20 {
		a.Frame(func(f *Frame) { *New[plain](f) = plain{[4]int64{1, 1, 1, 1}} })
	}
	if pooled.a[0] != 11 || heaped.a[0] != 12 || scratched.a[0] != 13 {
		t.Errorf("promoted values changed: %v %v %v", pooled, heaped, scratched)
	}
	PoolPut(a, pooled)
	if _, err := Promoted(p, handles[1]); reasonOf(err) != StaleHandle {
		t.Errorf("a handle many frames old: %v", err)
	}
}

func reasonOf(err error) Reason {
	var e *PromotionError
	if !errors.As(err, &e) {
		return 255
	}
	return e.Reason
}

func TestPlainEndDiscards(t *testing.T) {
	c, reports := quiet(t)
	a := NewAllocator(c)
	defer a.Close()
	f := a.BeginFrame()
	h := Retain[plain](f, ToHeap)
	a.EndFrame()
	if _, err := Promoted(&a.main.retained.result, h); reasonOf(err) != NotAsked {
		t.Errorf("after plain EndFrame: %v", err)
	}
	if n := a.Stats().Heap.Allocations; n != 0 {
		t.Errorf("%d heap allocations", n)
	}
	if d := reports.Of(diag.FA604); len(d) != 1 || d[0].Frame != 1 {
		t.Errorf("reported %+v, want FA604 once", reports.Diagnostics())
	}
}

func TestRetentionAgainstUse(t *testing.T) {
	c, reports := quiet(t)
	a := NewAllocator(c)
	defer a.Close()
	for range 2 * manyUntaken {
		f := a.BeginFrame()
		x := Retain[plain](f, ToHeap)
		y := Retain[linked](f, ToHeap)
		p := a.EndFrameWithPromotions()
		if v, err := Promoted(p, x); v == nil || err != nil {
			t.Fatal(v, err)
		}
		_ = y
	}
	if d := reports.Of(diag.FA604); len(d) != 0 {
		t.Errorf("every other value is taken, and yet: %+v", d)
	}
	for range 2 * manyUntaken {
		f := a.BeginFrame()
		defer f.Tag("lost")()
		Retain[plain](f, ToHeap)
		a.EndFrameWithSummary()
	}
	if d := reports.Of(diag.FA604); len(d) == 0 || d[0].Tag != "lost" {
		t.Errorf("nobody takes anything: %+v", reports.Diagnostics())
	}
	f := a.BeginFrame()
	h := Retain[plain](f, Discard)
	if _, err := Promoted(a.EndFrameWithPromotions(), h); reasonOf(err) != Discarded {
		t.Errorf("discarded: %v", err)
	}
	if len(reports.Of(diag.FA605)) != 1 {
		t.Errorf("discarded, yet asked for: %+v", reports.Diagnostics())
	}
}

func TestShallowPromotionIsRefused(t *testing.T) {
	for name, fill := range map[string]func(f *Frame, r *route){
		"name":  func(f *Frame, r *route) { r.name = String(f, "in the frame") },
		"steps": func(f *Frame, r *route) { r.steps = Slice[step](f, 3) },
		"next":  func(f *Frame, r *route) { r.next = New[route](f) },
		"steps[1].label": func(f *Frame, r *route) {
			r.steps = make([]step, 2)
			r.steps[1].label = String(f, "deep")
		},
		"next.next.name": func(f *Frame, r *route) {
			r.next = &route{next: &route{name: String(f, "deeper")}}
		},
	} {
		for _, policy := range []RetentionPolicy{ToHeap, ToPool, ToScratch("s")} {
			t.Run(fmt.Sprint(name, policy), func(t *testing.T) {
				c, reports := quiet(t)
				a := NewAllocator(c)
				defer a.Close()
				f := a.BeginFrame()
				h := Retain[route](f, policy)
				fill(f, h.Value())
				p := a.EndFrameWithPromotions()
				v, err := Promoted(p, h)
				var e *PromotionError
				if v != nil || !errors.As(err, &e) || e.Reason != Dangling || e.Path != name || !errors.Is(err, diag.FA608) {
					t.Errorf("got %v, %v", v, err)
				}
				if len(reports.Of(diag.FA608)) != 1 || len(p.Summary().Failed) != 1 {
					t.Errorf("reported %v, failed %v", reports.Diagnostics(), p.Summary().Failed)
				}
				if live := PoolOf[route](a).Stats().Live; live != 0 {
					t.Errorf("%d objects of the pool are lost", live)
				}
			})
		}
	}
}

func TestPromoterMovesDeepData(t *testing.T) {
	for _, policy := range []RetentionPolicy{ToHeap, ToPool, ToScratch("s")} {
		t.Run(policy.String(), func(t *testing.T) {
			a := NewAllocator(Config{})
			defer a.Close()
			f := a.BeginFrame()
			h := Retain[movable](f, policy)
			*h.Value() = movable{name: String(f, "first"), steps: Clone(f, []step{{String(f, "a"), 1, 2}, {String(f, "b"), 3, 4}})}
			h.Value().next = NewValue(f, route{name: String(f, "second")})
			v, err := Promoted(a.EndFrameWithPromotions(), h)
			if err != nil {
				t.Fatal(err)
			}
			for range 10 {
				a.Frame(func(f *Frame) { Slice[route](f, 50); Slice[step](f, 50); copy(Bytes(f, 1000), "xxxxxxxxxxxxxxxxxxxx") })
				runtime.GC()
			}
			if v.name != "first" || len(v.steps) != 2 || v.steps[1] != (step{"b", 3, 4}) || v.next.name != "second" {
				t.Errorf("promoted value is %+v, next %+v", v, v.next)
			}
		})
	}
}

func TestPromotionFailures(t *testing.T) {
	c, _ := quiet(t)
	a := NewAllocator(c)
	defer a.Close()
	a.Scratch("full").SetLimit(40, Fail)
	f := a.BeginFrame()
	fits := Retain[plain](f, ToScratch("full"))
	full := Retain[plain](f, ToScratch("full"))
	bad := Retain[explosive](f, ToHeap)
	p := a.EndFrameWithPromotions()
	if _, err := Promoted(p, fits); err != nil {
		t.Errorf("what fits: %v", err)
	}
	if _, err := Promoted(p, full); reasonOf(err) != Exhausted || !errors.Is(err, diag.FA003) {
		t.Errorf("a full scratch: %v", err)
	}
	if _, err := Promoted(p, bad); reasonOf(err) != Panicked {
		t.Errorf("a panicking Promote: %v", err)
	}
	if s := p.Summary(); s.Promoted != 1 || len(s.Failed) != 2 || s.Failed[0].Policy != ToScratch("full") {
		t.Errorf("Summary() = %+v", s)
	}
}

func TestRetentionSteadyState(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	frame := func() {
		f := a.BeginFrame()
		x := Retain[plain](f, ToPool)
		Retain[linked](f, Persistent.imp())
		Retain[plain](f, Discard)
		p := a.EndFrameWithPromotions()
		v, _ := Promoted(p, x)
		PoolPut(a, v)
	}
	for range 5 {
		frame()
	}
	if n := testing.AllocsPerRun(50, frame); n != 0 {
		t.Errorf("%v heap allocations a frame, want 0", n)
	}
}

// imp is Discard: a heap promotion would be an allocation by intent.
func (Importance) imp() RetentionPolicy { return Ephemeral.Policy() }

// TestPromotedIsGoneWithItsScratch resets, or frees, the scratch before anybody
// asks.
func TestPromotedIsGoneWithItsScratch(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for name, end := range map[string]func(){
		"reset": func() { a.Scratch("level").Reset() },
		"freed": func() { a.Scratch("level").Free() },
	} {
		f := a.BeginFrame()
		gone := Retain[record](f, ToScratch("level"))
		kept := Retain[record](f, ToScratch("other"))
		kept.Value().a = 7
		p := a.EndFrameWithPromotions()
		same := NewScratch(a, "level") // of the name only
		same.Reset()
		if _, err := Promoted(p, gone); err != nil {
			t.Errorf("%s: before: %v", name, err)
		}
		end()
		var e *PromotionError
		if r, err := Promoted(p, gone); r != nil || !errors.As(err, &e) || e.Reason != StaleHandle {
			t.Errorf("%s: %v, %v; want a stale handle", name, r, err)
		}
		n := 0
		for r := range PromotedAll[record](p) {
			n += int(r.a)
		}
		if n != 7 {
			t.Errorf("%s: those left add up to %d, want that of the other scratch", name, n)
		}
	}
}

// TestRetainInAScratch retains a value in a scratch: it is promoted at the end of
// its worker's frame, whichever that is.
func TestRetainInAScratch(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	s := a.Scratch("nav").Frame()
	for range 3 {
		a.BeginFrame()
		r := Retain[int](s, ToHeap)
		*r.Value() = 7
		if p, err := Promoted(a.EndFrameWithPromotions(), r); err != nil || *p != 7 {
			t.Errorf("%v, %v", p, err)
		}
	}
}

type inner struct{ N int }
type outer struct {
	in   inner
	name string
}

// TestFramePointersBehindOneAddress hides a pointer into the frame in a struct
// whose first field, and in a slice whose beginning, is met first.
func TestFramePointersBehindOneAddress(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	name := NewText(f).Str("in the frame").String()
	o := &outer{in: inner{N: 1}, name: name}
	fields := struct {
		A *inner
		B *outer
	}{&o.in, o}
	names := []string{"a", name}
	slices := struct{ A, B, C []string }{names[:0], names[:1], names}
	if path, ok := FindFramePointer(f, &fields); !ok || path != "B.name" {
		t.Errorf("found %q, %t", path, ok)
	}
	if path, ok := FindFramePointer(f, &slices); !ok || path != "C[1]" {
		t.Errorf("found %q, %t", path, ok)
	}
	a.EndFrame()
}
