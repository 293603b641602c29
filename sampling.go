package framealloc

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// Sampling asks for a random sample of all allocations, of every intent: see
// [Hooks]. Each byte that is allocated has the same chance, one in Rate, of being a
// sample point, and an allocation that holds one is reported. Package profile
// makes profiles of it.
//
// For frame and scratch memory the window ends at the next sample point, so that
// allocations in between cost what they always do. Pools take their slow path
// while there is sampling, since each object that is put may be one that was
// sampled.
type Sampling struct {
	// Rate is the mean number of bytes from one sample point to the next. With 1,
	// every allocation is reported. Of several observers, the lowest rate counts,
	// for all. 0 means 64 KiB.
	Rate int
	// Seed makes the choice the same at each run, as far as the allocations are
	// the same, for tests. 0 means a random one.
	Seed uint64

	// Sample is called on the goroutine of the worker that allocates.
	Sample func(Sample)
	// Freed is called, if it is set, when what was sampled has ended: frame
	// memory when it is given back, objects of a pool when they are put, heap memory
	// some time after the collector has found it unused. It may be called on
	// any goroutine.
	Freed func(id uint64)
}

const defaultSampleRate = 64 * KiB

// A Sample is one allocation of a random sample.
type Sample struct {
	// ID is what Freed will be called with, 0 if it will not. It is a small
	// number, which is used again after that.
	ID uint64

	Worker string
	Frame  uint64
	Intent Intent
	Type   string // of the value, or of the elements; "" for raw bytes
	Count  int    // elements
	Bytes  int    // as booked: rounded up to 8 in frames and scratches
	Tag    string // path of the current tag
	Phase  string // likewise
	// Grown says that the newest allocation of a frame became longer in place,
	// by Bytes: it is no further allocation.
	Grown bool
	Rate  int // that the sample was taken at
	// Stack is the call stack as from [runtime.Callers], the innermost call
	// first, with that of the library's functions. It is only good during the call.
	Stack []uintptr
}

// Weight is how many allocations like this one the sample stands for: the
// inverse of the chance it had.
func (s Sample) Weight() float64 {
	if s.Rate <= 1 {
		return 1
	}
	return -1 / math.Expm1(-float64(s.Bytes)/float64(s.Rate))
}

// A sampleChoice is what several observers want together.
type sampleChoice struct {
	rate int // 0: no sampling
	seed uint64
}

func (c *sampleChoice) add(s *Sampling) {
	if s == nil {
		return
	}
	rate := s.Rate
	if rate <= 0 {
		rate = defaultSampleRate
	}
	if c.rate == 0 || rate < c.rate {
		c.rate, c.seed = rate, s.Seed
	}
}

// A sampler draws a worker's samples.
type sampler struct {
	sampleChoice
	w    *Worker
	rand *rand.Rand
	left int // bytes until the next point in what pools and the heap hand out
	pcs  [64]uintptr
}

// A liveSample is a sample of memory that is still a frame's or scratch's.
type liveSample struct {
	id     uint64
	serial uint64 // of the arena, when it was taken
}

// adoptSampler begins, goes on or ends sampling as the observers want it.
func (w *Worker) adoptSampler() {
	var want sampleChoice
	if w.observers != nil {
		want = w.observers.sampling
	}
	switch {
	case want.rate == 0 && w.sampler == nil, want.rate > 0 && w.sampler != nil && w.sampler.sampleChoice == want:
		return // goes on as it is
	case want.rate == 0:
		w.sampler = nil
	default:
		w.sampler = newSampler(w, want)
	}
	for _, f := range w.slots {
		f.sampleFrom()
	}
	for _, s := range w.scratches {
		s.frame.sampleFrom()
	}
}

func newSampler(w *Worker, c sampleChoice) *sampler {
	s := &sampler{w: w, sampleChoice: c}
	stream := uint64(14695981039346656037) // of its own for each worker
	for i := range len(w.name) {
		stream = (stream ^ uint64(w.name[i])) * 1099511628211
	}
	if c.seed == 0 {
		c.seed = rand.Uint64()
	}
	s.rand = rand.New(rand.NewPCG(c.seed, stream))
	s.left = s.gap()
	return s
}

// gap draws the bytes until the next sample point. Exponential gaps have no
// memory: wherever one begins to count, each byte has the same chance.
func (s *sampler) gap() int {
	if s.rate <= 1 {
		return 0
	}
	return int(min(s.rand.ExpFloat64()*float64(s.rate), math.MaxInt/4))
}

// sampleFrom has the frame's arena ask at the next sample point, or no longer.
func (f *Frame) sampleFrom() {
	if s := f.w.sampler; s != nil {
		f.mem.SampleAfter(s.gap())
	} else if f.mem.Sampling() {
		f.mem.SampleAfter(-1)
	}
}

// sample takes the sample that the arena asks about.
func (f *Frame) sample(r arena.Request) {
	s := f.w.sampler
	if s == nil {
		return
	}
	ids := &f.w.alloc.samples
	e := Sample{Intent: f.intent(), Type: nameOfType(r.Type), Count: r.Count, Bytes: r.Size, Grown: r.Grow}
	next := s.gap()
	if r.Heap != nil {
		e.Intent = IntentHeap
		e.ID = ids.heap(f.w.alloc, r.Heap)
	} else {
		next += r.Size
		e.ID = ids.take()
		f.sampled = append(f.sampled, liveSample{e.ID, f.mem.Serial()})
	}
	f.mem.SampleAfter(next)
	e.Frame = f.number
	s.tell(e)
}

// unsample ends the samples taken at the arena's serial or later.
func (f *Frame) unsample(serial uint64) {
	n := len(f.sampled)
	for n > 0 && f.sampled[n-1].serial >= serial {
		n--
		f.w.unsampled(f.sampled[n].id)
	}
	f.sampled = f.sampled[:n]
}

// take counts down to the next sample point in what pools and the heap hand
// out, and reports whether these bytes hold it.
func (s *sampler) take(size int) bool {
	if size <= s.left {
		s.left -= size
		return false
	}
	s.left = s.gap()
	return true
}

// pooled is told of each object that a pool hands out.
func (s *sampler) pooled(k *poolKind, x unsafe.Pointer) {
	if s.take(k.size) {
		id, old := s.w.alloc.samples.pooled(x)
		if old != 0 { // it was never put
			s.w.unsampled(old)
		}
		s.tell(Sample{ID: id, Frame: s.w.number, Intent: IntentPool, Type: nameOfType(k.typ), Count: 1, Bytes: k.size})
	}
}

// heaped is told of each allocation with heap intent.
func (s *sampler) heaped(x unsafe.Pointer, typ any, count, size int) {
	if s.take(size) {
		id := s.w.alloc.samples.heap(s.w.alloc, x)
		s.tell(Sample{ID: id, Frame: s.w.number, Intent: IntentHeap, Type: nameOfType(typ), Count: count, Bytes: size})
	}
}

// tell passes a sample to the observers.
func (s *sampler) tell(e Sample) {
	w := s.w
	e.Worker, e.Rate = w.name, s.rate
	e.Tag, e.Phase = w.tags.path(), w.phases.path()
	e.Stack = s.pcs[:runtime.Callers(3, s.pcs[:])]
	for _, x := range w.observers.list {
		if x.hooks.Sampling != nil && x.hooks.Sampling.Sample != nil && !x.gone.Load() {
			w.tellSample(x, e)
		}
	}
}

// tellSample is [Worker.tell] without a closure, which would be made anew for
// each sample.
func (w *Worker) tellSample(x *observer, e Sample) {
	if w.telling {
		return
	}
	w.telling = true
	defer w.catch(x)
	x.hooks.Sampling.Sample(e)
}

// unsampled tells the observers of the end of a sample.
func (w *Worker) unsampled(id uint64) {
	defer w.alloc.samples.give(id) // only now: the observers must not mistake it for its next user
	if w.observers == nil {
		return
	}
	for _, x := range w.observers.list {
		if x.hooks.Sampling != nil && x.hooks.Sampling.Freed != nil && !x.gone.Load() {
			w.tellFreed(x, id)
		}
	}
}

func (w *Worker) tellFreed(x *observer, id uint64) {
	if w.telling {
		return
	}
	w.telling = true
	defer w.catch(x)
	x.hooks.Sampling.Freed(id)
}

// unsampled is [Worker.unsampled] where there is no worker.
func (a *Allocator) unsampled(id uint64) {
	defer a.samples.give(id)
	for _, x := range a.settings.Load().observers.all() {
		if x.hooks.Sampling != nil && x.hooks.Sampling.Freed != nil && !x.gone.Load() {
			(&Worker{alloc: a}).tellFreed(x, id)
		}
	}
}

// sampleIDs are the numbers of an allocator's samples that have not ended, and
// which objects of pools are among them.
type sampleIDs struct {
	mu     sync.RWMutex
	free   []uint64
	last   uint64
	pool   map[uintptr]uint64 // by address; an address keeps nothing alive
	inPool atomic.Int64       // len(pool)
}

// take returns a number that no other live sample has.
func (s *sampleIDs) take() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.takeLocked()
}

func (s *sampleIDs) takeLocked() uint64 {
	if n := len(s.free); n > 0 {
		id := s.free[n-1]
		s.free = s.free[:n-1]
		return id
	}
	s.last++
	return s.last
}

// give takes a number back.
func (s *sampleIDs) give(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, id)
}

// heap returns a number for heap memory, which ends with that.
func (s *sampleIDs) heap(a *Allocator, x unsafe.Pointer) uint64 {
	id := s.take()
	runtime.AddCleanup((*byte)(x), a.unsampled, id)
	return id
}

// pooled returns a number for an object that was taken from a pool, and the one
// that it still had, or 0.
func (s *sampleIDs) pooled(x unsafe.Pointer) (id, old uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool == nil {
		s.pool = make(map[uintptr]uint64)
	}
	old = s.pool[uintptr(x)]
	id = s.takeLocked()
	s.pool[uintptr(x)] = id
	s.inPool.Store(int64(len(s.pool)))
	return id, old
}

// put ends the sample of a pool's object, if it has one, and returns its
// number, else 0. It may be called while nobody samples: objects outlive that.
func (s *sampleIDs) put(x unsafe.Pointer) uint64 {
	if s.inPool.Load() == 0 {
		return 0
	}
	s.mu.RLock()
	id := s.pool[uintptr(x)]
	s.mu.RUnlock()
	if id != 0 {
		s.mu.Lock()
		delete(s.pool, uintptr(x))
		s.inPool.Store(int64(len(s.pool)))
		s.mu.Unlock()
	}
	return id
}

// keep undoes put.
func (s *sampleIDs) keep(x unsafe.Pointer, id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pool[uintptr(x)] = id
	s.inPool.Store(int64(len(s.pool)))
}

// addDeferred gives x to the worker's queue of deferred frees, on a goroutine
// that may not be the worker's. A sample ends then, and a leak, not when the worker takes the
// object back.
func (w *Worker) addDeferred(d *depot, x unsafe.Pointer) (alarm *diag.Diagnostic, err *diag.Error) {
	id := w.alloc.samples.put(x)
	leak, known := w.alloc.leaks.put(x)
	alarm, err = w.deferred.add(d, x)
	if err != nil && known {
		w.alloc.leaks.keep(x, leak)
	}
	switch {
	case id == 0:
	case err != nil:
		w.alloc.samples.keep(x, id)
	default:
		w.alloc.unsampled(id)
	}
	return alarm, err
}

// nameOfType returns the name of the type that t is a nil pointer to.
func nameOfType(t any) string {
	if t == nil {
		return ""
	}
	return typeinfo.Reflect(t).String()
}
