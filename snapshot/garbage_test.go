package snapshot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
)

var kept []byte

func TestGarbageIsTaken(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	o := Observe(alloc)
	defer o.Stop()
	var s Snapshot
	if o.Take(&s); s.Garbage != nil {
		t.Errorf("%+v, and nobody has looked", s.Garbage)
	}

	alloc.SetModes(framealloc.ModeGarbage)
	litter := func(*framealloc.Frame) { kept = make([]byte, 40<<10) } // large: counted at once
	for range 30 {
		alloc.Frame(litter)
	}
	o.Take(&s)
	g, sum := s.Garbage, alloc.Garbage()
	if g == nil || g.Frames != 30 || g.Allocations != sum.Allocations || g.Allocations < 30 || g.Bytes != sum.Bytes || g.LastFrame.Bytes < 40<<10 {
		t.Fatalf("%+v, want what is in %v", g, sum)
	}
	if text := string(requireValid(t, &s)); !strings.Contains(text, `"traced_frames":0,"sites":[]`) {
		t.Error(text)
	}

	done := make(chan error)
	go func() {
		_, err := framealloc.FindGarbage(context.Background(), alloc, 10)
		done <- err
	}()
	for searching := true; searching; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			searching = false
		default:
			alloc.Frame(litter)
			time.Sleep(time.Microsecond) // JavaScript's loop reads the sources
		}
	}
	alloc.SetModes(0)
	alloc.Frame(litter)
	o.Take(&s) // sums stay
	g = s.Garbage
	if g == nil || g.TracedFrames != 10 || g.SitesOmitted != 0 {
		t.Fatalf("%+v", g)
	}
	i := slices.IndexFunc(g.Sites, func(x Site) bool { return strings.HasPrefix(x.Caller, "snapshot/garbage_test.go:") })
	if i < 0 || g.Sites[i].Allocations < 10 || g.Sites[i].Allocations > 20 || // threads may add strays
		g.Sites[i].Cause != "make" || g.Sites[i].Type != "[]byte" || g.Sites[i].Instead == "" {
		t.Errorf("sites %+v", g.Sites)
	}
	requireValid(t, &s)
	if n := testing.AllocsPerRun(10, func() { o.Take(&s) }); n != 0 {
		t.Errorf("%v heap allocations a snapshot, want 0", n)
	}
	var back Snapshot
	if text, err := json.Marshal(&s); err != nil || json.Unmarshal(text, &back) != nil || !slices.Equal(back.Garbage.Sites, g.Sites) {
		t.Errorf("read back %+v, want %+v", back.Garbage, g)
	}
}

// TestManySites: of a long report, the lines with most bytes are shown, and the
// report stays as it is.
func TestManySites(t *testing.T) {
	r := &framealloc.GarbageReport{Frames: 5}
	for i := range MaxSites + 7 {
		r.Sites = append(r.Sites, framealloc.GarbageSite{Function: fmt.Sprint("f", i), File: "a/b.go", Line: i, Bytes: uint64(i), Allocations: uint64(100 - i)})
	}
	before := slices.Clone(r.Sites)
	var f foundGarbage
	f.set(r)
	if len(f.sites) != MaxSites || f.sites[0].Bytes != MaxSites+6 || f.sites[0].Caller != "a/b.go:26" || f.sites[MaxSites-1].Bytes != 7 {
		t.Errorf("%+v", f.sites)
	}
	if !slices.EqualFunc(r.Sites, before, func(a, b framealloc.GarbageSite) bool { return a.Function == b.Function }) {
		t.Error("the report was changed")
	}
	f.set(&framealloc.GarbageReport{})
	if len(f.sites) != 0 {
		t.Errorf("after another report without sites: %+v", f.sites)
	}
}
