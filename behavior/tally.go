package behavior

import (
	"github.com/framealloc/framealloc"
)

// A tally is what is kept of one tag of one worker. It has the same size however
// much the tag allocates.
type tally struct {
	path   string
	since  uint64 // frames of the worker before the tag was first seen
	frames uint64 // in which it took frame memory

	bytes, allocations uint64 // of frame memory
	same               sameness
	promoted           promotions
	pool               poolUse
	heap               heapUse
}

// promotions are sums of what was promoted.
type promotions struct {
	values, bytes           uint64
	toPool, toHeap, toOther uint64 // values
	frames                  uint64 // in which something was
	last                    uint64 // the last of these
	typ                     string // of the first value
}

// poolUse are sums of pool intent.
type poolUse struct {
	gets, puts, bytes uint64
	frames            uint64 // with a get
	sites             sites
}

// heapUse are sums of heap intent.
type heapUse struct {
	allocations, bytes uint64
	frames             uint64 // in which there was some
	looked, seen       uint64 // allocations in the frames that were looked at closely, and those seen there
	sites              sites
}

// frame adds what a frame took.
func (t *tally) frame(e framealloc.TagFrame, looking bool) {
	if e.Allocations > 0 {
		t.frames++
		t.bytes += uint64(e.Bytes)
		t.allocations += uint64(e.Allocations)
		t.same.frame(e)
	}
	if e.PoolGets > 0 {
		t.pool.frames++
		t.pool.gets += uint64(e.PoolGets)
		t.pool.bytes += uint64(e.PoolBytes)
	}
	t.pool.puts += uint64(e.PoolPuts)
	if e.HeapAllocations > 0 {
		t.heap.frames++
		t.heap.allocations += uint64(e.HeapAllocations)
		t.heap.bytes += uint64(e.HeapBytes)
		if looking {
			t.heap.looked += uint64(e.HeapAllocations)
		}
	}
}

// promotion adds a value that outlived its frame.
func (t *tally) promotion(p framealloc.Promotion) {
	s := &t.promoted
	s.values++
	s.bytes += uint64(p.Bytes+7) &^ 7 // as it was taken from the frame
	switch p.Policy {
	case framealloc.ToPool:
		s.toPool++
	case framealloc.ToHeap:
		s.toHeap++
	default:
		s.toOther++
	}
	if s.typ == "" {
		s.typ = p.Type
	}
	if s.last != p.Frame {
		s.last = p.Frame
		s.frames++
	}
}

// sameness says how often a frame took what the frame before had taken.
type sameness struct {
	last               uint64 // frame that was compared last
	bytes, allocations int    // that it took
	frames             uint64 // compared with the one before, and
	equal              uint64 // of them, those that took the same

	contents uint64 // when they were last known
	known    bool
	looks    uint64 // contents compared, and
	alike    uint64 // of them, those that were equal
}

func (s *sameness) frame(e framealloc.TagFrame) {
	equal := e.Frame == s.last+1 && e.Bytes == s.bytes && e.Allocations == s.allocations
	if s.last != 0 {
		s.frames++
		if equal {
			s.equal++
		}
	}
	s.last, s.bytes, s.allocations = e.Frame, e.Bytes, e.Allocations
	if e.ContentsKnown {
		if s.known {
			s.looks++
			if e.Contents == s.contents {
				s.alike++
			}
		}
		s.contents, s.known = e.Contents, true
	}
}

// A site is a line that takes pool objects or heap memory.
type site struct {
	pc    uintptr
	typ   string
	count uint64 // taken in the frames looked at
	bytes uint64

	followed  uint64 // pool objects
	sameFrame uint64 // of them, those put back in the frame that took them
}

// sites are the first lines seen to take something under a tag.
type sites []site

// maxSites bounds what a tag remembers: beyond it, lines are not told apart.
const maxSites = 8

// at books one allocation and returns its line, nil for one too many. The result
// is good for as long as the tally is: a slice of sites never grows beyond the
// capacity it begins with.
func (s *sites) at(pc uintptr, typ string, bytes int) *site {
	for i := range *s {
		if x := &(*s)[i]; x.pc == pc && x.typ == typ {
			x.count++
			x.bytes += uint64(bytes)
			return x
		}
	}
	if *s == nil {
		*s = make(sites, 0, maxSites)
	}
	if len(*s) == cap(*s) {
		return nil
	}
	*s = append(*s, site{pc: pc, typ: typ, count: 1, bytes: uint64(bytes)})
	return &(*s)[len(*s)-1]
}

// A follower knows which of a worker's pool objects were taken in the frame that
// runs: a sample of them, for it never grows. Objects do not move, so their
// addresses are their names; it keeps none alive.
type follower struct {
	slots [256]struct {
		object uintptr // 0: none
		frame  uint64
		site   *site
	}
}

func slotOf(object uintptr) uint8 { return uint8(uint32(object>>3) * 0x9E3779B1 >> 24) }

// taken follows an object, unless its place is held by one of the same frame: who
// came first stays, so that what is followed is no choice of those that are put
// back quickly.
func (f *follower) taken(object uintptr, frame uint64, s *site) {
	slot := &f.slots[slotOf(object)]
	if slot.object != 0 && slot.frame == frame {
		return
	}
	slot.object, slot.frame, slot.site = object, frame, s
	s.followed++
}

// put notes that an object was put back.
func (f *follower) put(object uintptr, frame uint64) {
	if slot := &f.slots[slotOf(object)]; slot.object == object && slot.frame == frame {
		slot.object = 0
		slot.site.sameFrame++
	}
}
