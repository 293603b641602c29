package profile

import (
	"compress/gzip"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/framealloc/framealloc"
)

// Config says how a [Profile] samples. The zero value works.
type Config struct {
	// Rate is the mean number of bytes allocated from one sample to the next; 0
	// means 64 KiB, and 1 records every allocation. A lower rate is more exact and
	// costs more: a sample takes a few microseconds, nearly all of it for the stack.
	Rate int
	// Seed makes the choice the same at each run of a program that allocates the
	// same, for tests. 0 means a random one.
	Seed uint64
}

// A Profile is an allocation profile in the making: for each stack, tag, phase,
// intent, worker and type, how many objects and bytes were allocated, and how many
// are in use. Its figures are estimates from a sample, unbiased as those of the
// runtime's heap profile are.
//
// In use is what the lifetimes say: memory of a frame until that is given back, by
// its end, the end of a scope inside it or a rollback; memory of a scratch until it
// is reset; an object of a pool until it is put; memory of heap intent until the
// collector finds it unused. What was allocated before the profile was started is
// not in it.
//
// All methods may be called from any goroutine.
type Profile struct {
	rate  int
	begin time.Time
	stop  func()

	mu      sync.Mutex
	end     time.Time // when it was stopped
	buckets map[uint64]*bucket
	all     []*bucket
	live    []liveSample // by the sample's ID
}

// DefaultRate is the mean number of bytes between samples where [Config.Rate] is
// 0.
const DefaultRate = 64 * framealloc.KiB

// Start begins a profile of an allocator's workers. Each joins in with its next
// frame. Several profiles may run at once; the lowest rate then counts for all.
//
// Frame and scratch memory is as fast while a profile runs as without, up to the
// samples themselves; what pools and heap intent hand out is counted one by one,
// some 50 nanoseconds each. In the steady state, a profile allocates nothing for
// frames, scratches and pools.
func Start(a *framealloc.Allocator, c Config) *Profile {
	if c.Rate <= 0 {
		c.Rate = DefaultRate
	}
	p := &Profile{rate: c.Rate, begin: time.Now(), buckets: map[uint64]*bucket{}}
	p.stop = a.Observe(framealloc.Hooks{Sampling: &framealloc.Sampling{
		Rate: c.Rate, Seed: c.Seed, Sample: p.sample, Freed: p.freed,
	}})
	return p
}

// Stop ends the profile. What is in use stays what it was then. Stopping twice
// does nothing.
func (p *Profile) Stop() {
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end.IsZero() {
		p.end = time.Now()
	}
}

// WriteTo writes the profile so far, or as of Stop, in the format of pprof, with
// the sample types alloc_objects, alloc_space, inuse_objects and inuse_space, and
// the labels tag, phase, intent, worker and type. It implements [io.WriterTo].
//
//	go tool pprof -http=: frames.pb.gz
//	go tool pprof -top -sample_index=inuse_space -tagfocus=intent=pool frames.pb.gz
func (p *Profile) WriteTo(w io.Writer) (int64, error) { return p.snapshot().WriteTo(w) }

// WriteText writes the profile so far as text, one paragraph for each stack, the
// one that allocated most first.
func (p *Profile) WriteText(w io.Writer) error { return p.snapshot().writeText(w) }

// A bucket sums what has the same stack and labels.
type bucket struct {
	bucketKey
	stack []uintptr
	next  *bucket // of the same hash
	alloc figures
	inuse figures
}

type bucketKey struct {
	tag, phase, worker, typ string
	intent                  framealloc.Intent
}

// figures are estimates, and so no whole numbers.
type figures struct{ objects, bytes float64 }

func (f *figures) add(g figures) { f.objects += g.objects; f.bytes += g.bytes }
func (f *figures) sub(g figures) { f.objects -= g.objects; f.bytes -= g.bytes }

// A liveSample is what is in use for one sample.
type liveSample struct {
	bucket *bucket
	figures
}

// sample books a sample.
func (p *Profile) sample(s framealloc.Sample) {
	weight := s.Weight()
	f := figures{weight, weight * float64(s.Bytes)}
	if s.Grown {
		f.objects = 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.end.IsZero() {
		return
	}
	b := p.bucket(s)
	b.alloc.add(f)
	if s.ID == 0 {
		return
	}
	for uint64(len(p.live)) <= s.ID {
		p.live = append(p.live, liveSample{})
	}
	p.live[s.ID] = liveSample{b, f}
	b.inuse.add(f)
}

// freed books the end of what was sampled.
func (p *Profile) freed(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.end.IsZero() || id >= uint64(len(p.live)) {
		return
	}
	if l := &p.live[id]; l.bucket != nil {
		l.bucket.inuse.sub(l.figures)
		*l = liveSample{}
	}
}

// bucket finds or makes the bucket that a sample belongs to.
func (p *Profile) bucket(s framealloc.Sample) *bucket {
	key := bucketKey{s.Tag, s.Phase, s.Worker, s.Type, s.Intent}
	hash := hashOf(s.Stack)
	for b := p.buckets[hash]; b != nil; b = b.next {
		if b.bucketKey == key && slices.Equal(b.stack, s.Stack) {
			return b
		}
	}
	b := &bucket{bucketKey: key, stack: slices.Clone(s.Stack), next: p.buckets[hash]}
	p.buckets[hash] = b
	p.all = append(p.all, b)
	return b
}

// hashOf is FNV-1a, a word at a time.
func hashOf(stack []uintptr) uint64 {
	h := uint64(14695981039346656037)
	for _, pc := range stack {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h
}

// A snapshot is a profile's figures at one time.
type snapshot struct {
	rate       int
	begin, end time.Time
	samples    []snapshotSample
}

type snapshotSample struct {
	*bucket      // of which alloc and inuse go on changing
	alloc, inuse figures
}

func (p *Profile) snapshot() *snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &snapshot{rate: p.rate, begin: p.begin, end: p.end, samples: make([]snapshotSample, len(p.all))}
	if s.end.IsZero() {
		s.end = time.Now()
	}
	for i, b := range p.all {
		s.samples[i] = snapshotSample{b, b.alloc, b.inuse}
	}
	return s
}

// since leaves what was allocated since an earlier snapshot of the same profile.
func (s *snapshot) since(old *snapshot) {
	s.begin = old.end
	for i := range old.samples { // buckets are only ever added
		s.samples[i].alloc.sub(old.samples[i].alloc)
	}
}

// WriteTo writes the snapshot as a compressed protobuf.
func (s *snapshot) WriteTo(w io.Writer) (int64, error) {
	counted := &countingWriter{w: w}
	z := gzip.NewWriter(counted)
	if _, err := z.Write(s.encode()); err != nil {
		return counted.n, err
	}
	err := z.Close()
	return counted.n, err
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
