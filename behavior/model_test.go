package behavior_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/behavior"
	"github.com/framealloc/framealloc/diag"
)

// TestSumsMatchAModel runs frames that do anything at random, books what they do
// in the plainest way, and compares.
func TestSumsMatchAModel(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := &model{rand: rand.New(rand.NewPCG(seed, 1)), tags: map[string]*behavior.TagUse{}, last: map[string]*[3]int{}, origin: map[*thing]string{}}
			alloc := framealloc.NewAllocator(framealloc.Config{Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{}})})
			defer alloc.Close()
			filter := behavior.Watch(alloc, behavior.Options{Thresholds: behavior.Thresholds{MinFrames: 1 << 30}, PoolEvery: 1})
			for range 200 {
				f := alloc.BeginFrame()
				m.fresh = nil
				m.scope(f, 0)
				promote := m.rand.IntN(2) == 0
				m.end(promote)
				if promote {
					alloc.EndFrameWithSummary()
				} else {
					alloc.EndFrame()
				}
			}
			r := filter.Report()
			if got, want := sums(r.Tags), m.sums(); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			for _, u := range r.Tags {
				m.checkFollowed(t, u)
			}
		})
	}
}

// thing is what the model allocates: of a size that rounding leaves alone.
type thing [2]int64

const thingSize = 16

// model books what a program does.
type model struct {
	rand   *rand.Rand
	frame  int
	tags   map[string]*behavior.TagUse
	last   map[string]*[3]int // frame in which the tag last took frame memory, had a promotion, took heap memory
	out    []*thing           // pool objects that are out
	fresh  []*thing           // of them, those of this frame
	keeps  []string           // tags of what is retained in this frame
	origin map[*thing]string  // tag under which the object was taken
}

func (m *model) at(f *framealloc.Frame) *behavior.TagUse {
	path := f.TagPath()
	u := m.tags[path]
	if u == nil {
		u = &behavior.TagUse{Tag: path}
		m.tags[path] = u
	}
	return u
}

// first reports whether it is called for the first time in this frame, for a tag
// and a kind.
func (m *model) first(path string, kind int) bool {
	l := m.last[path]
	if l == nil {
		l = &[3]int{-1, -1, -1}
		m.last[path] = l
	}
	if l[kind] == m.frame {
		return false
	}
	l[kind] = m.frame
	return true
}

// scope does some things and opens scopes inside.
func (m *model) scope(f *framealloc.Frame, depth int) {
	u := m.at(f)
	took := func(n int) {
		u.FrameAllocations++
		u.FrameBytes += uint64(n) * thingSize
		if m.first(u.Tag, 0) {
			u.FrameFrames++
		}
	}
	for range m.rand.IntN(8) {
		switch m.rand.IntN(8) {
		case 0:
			framealloc.New[thing](f)
			took(1)
		case 1:
			n := 1 + m.rand.IntN(50)
			framealloc.Slice[thing](f, n)
			took(n)
		case 2:
			f.Sub(func(f *framealloc.Frame) { framealloc.New[thing](f) })
			took(1)
		case 3:
			framealloc.HeapNew[thing](f)
			u.HeapAllocations++
			u.HeapBytes += thingSize
			if m.first(u.Tag, 2) {
				u.HeapFrames++
			}
		case 4:
			x := framealloc.PoolGet[thing](f)
			u.PoolGets++
			u.PoolBytes += thingSize
			m.out, m.fresh = append(m.out, x), append(m.fresh, x)
			m.origin[x] = u.Tag
		case 5:
			if len(m.out) > 0 {
				i := m.rand.IntN(len(m.out))
				x := m.out[i]
				m.out = slices.Delete(m.out, i, i+1)
				framealloc.PoolPut(f, x)
				u.PoolPuts++
				if k := slices.Index(m.fresh, x); k >= 0 {
					m.fresh = slices.Delete(m.fresh, k, k+1)
					m.tags[m.origin[x]].PoolSameFrame++
				}
			}
		case 6:
			framealloc.Retain[thing](f, framealloc.ToHeap)
			took(1)
			m.keeps = append(m.keeps, u.Tag)
		default:
			if depth < 3 {
				f.WithTag([]string{"a", "b", "c"}[m.rand.IntN(3)], func() { m.scope(f, depth+1) })
			}
		}
	}
}

// end books what the frame's end does.
func (m *model) end(promote bool) {
	for _, path := range m.keeps {
		if promote {
			u := m.tags[path]
			u.Promoted++
			u.PromotedBytes += thingSize
			if m.first(path, 1) {
				u.PromotedFrames++
			}
		}
	}
	m.keeps = m.keeps[:0]
	m.frame++
}

func (m *model) sums() string {
	var list []behavior.TagUse
	for _, u := range m.tags {
		list = append(list, *u)
	}
	return sums(list)
}

// checkFollowed checks the sample of pool objects: some share their place with
// another, and are left out, but no others.
func (m *model) checkFollowed(t *testing.T, u behavior.TagUse) {
	t.Helper()
	want := m.tags[u.Tag]
	missed := u.PoolGets - u.PoolFollowed
	if u.PoolFollowed > u.PoolGets || missed*20 > u.PoolGets+20 || u.PoolSameFrame > want.PoolSameFrame || want.PoolSameFrame-u.PoolSameFrame > missed {
		t.Errorf("tag %q: %d of %d objects were followed, %d of them came back in their frame; in truth %d came back",
			u.Tag, u.PoolFollowed, u.PoolGets, u.PoolSameFrame, want.PoolSameFrame)
	}
}

// sums writes tags, sorted, without the sample of pool objects.
func sums(list []behavior.TagUse) string {
	var lines []string
	for _, u := range list {
		u.Worker, u.Frames = "", 0
		u.PoolFollowed, u.PoolSameFrame = 0, 0
		if u != (behavior.TagUse{Tag: u.Tag}) { // a tag that took nothing need not be known
			lines = append(lines, fmt.Sprintf("%+v", u))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
