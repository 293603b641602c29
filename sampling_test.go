package framealloc

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"
	"unsafe"
)

// sampled keeps what a Sampling reports.
type sampled struct {
	mu   sync.Mutex
	all  []Sample
	live map[uint64]Sample
	gone chan struct{} // one for each Freed, if set
}

func (r *sampled) hooks(rate int) Hooks {
	r.live = map[uint64]Sample{}
	return Hooks{Sampling: &Sampling{Rate: rate, Seed: 7, Sample: r.sample, Freed: r.freed}}
}

func (r *sampled) sample(s Sample) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Stack = slices.Clone(s.Stack)
	r.all = append(r.all, s)
	if s.ID != 0 {
		r.live[s.ID] = s
	}
}

func (r *sampled) freed(id uint64) {
	r.mu.Lock()
	delete(r.live, id)
	r.mu.Unlock()
	if r.gone != nil {
		r.gone <- struct{}{}
	}
}

// use returns what is live, in bytes by intent.
func (r *sampled) use() (bytes [4]int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range maps.Values(r.live) {
		bytes[s.Intent] += s.Bytes
	}
	return bytes
}

type sampledNode struct {
	_ *sampledNode
	_ [6]uint64
}

const sampledNodeSize = int(unsafe.Sizeof(sampledNode{}))

func TestSamplingAtRateOneReportsEveryAllocation(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var r sampled
	defer a.Observe(r.hooks(1))()
	s := a.Scratch("level")
	f := a.BeginFrame()
	f.WithTag("ai", func() {
		f.WithPhase("plan", func() {
			New[[3]float32](f)
			New[sampledNode](f)
			Slice[uint32](f, 5)
			SliceUninit[byte](f, 9)
			ArenaOf[sampledNode](f).New()
		})
	})
	Bytes(f, 3)
	v := Grow(f, Slice[uint64](f, 4), 4) // in place
	_ = v
	New[int64](s.Frame())
	PoolGet[sampledNode](f)
	HeapNew[[100]byte](f)
	HeapSlice[uint16](f, 7)
	BytesGet(f, 20)
	want := []string{
		"frame [3]float32 1 16 ai plan", fmt.Sprintf("frame framealloc.sampledNode 1 %d ai plan", sampledNodeSize),
		"frame uint32 5 24 ai plan", "frame uint8 9 16 ai plan",
		fmt.Sprintf("frame framealloc.sampledNode 1 %d ai plan", sampledNodeSize),
		"frame uint8 3 8  ", "frame uint64 4 32  ", "frame  32 32  grown",
		"scratch int64 1 8  ", fmt.Sprintf("pool framealloc.sampledNode 1 %d  ", sampledNodeSize),
		"heap [100]uint8 1 100  ", "heap uint16 7 14  ", "pool uint8 1 32  ",
	}
	var got []string
	for _, s := range r.all {
		line := fmt.Sprintf("%v %s %d %d %s %s", s.Intent, s.Type, s.Count, s.Bytes, s.Tag, s.Phase)
		if s.Grown {
			line += "grown"
		}
		got = append(got, line)
		if s.Weight() != 1 || s.Worker != "main" {
			t.Errorf("%s: weight %g, worker %q", line, s.Weight(), s.Worker)
		}
		if stack := stackText(s.Stack); !slices.Contains(stack, "github.com/framealloc/framealloc.TestSamplingAtRateOneReportsEveryAllocation") {
			t.Errorf("%s: the test is not in its stack: %q", line, stack)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("sampled\n%q, want\n%q", got, want)
	}
	a.EndFrame()
}

func stackText(pcs []uintptr) (names []string) {
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		names = append(names, f.Function)
		if !more {
			return names
		}
	}
}

func TestSamplesEndWithWhatTheyAreOf(t *testing.T) {
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	w := a.NewWorker("other")
	var r sampled
	defer a.Observe(r.hooks(1))()
	expect := func(when string, frame, scratch, pool int) {
		t.Helper()
		if got, want := r.use(), [4]int{frame, scratch, pool}; got != want {
			t.Errorf("%s: in use by intent %v, want %v", when, got, want)
		}
	}
	w.BeginFrame()
	f := a.BeginFrame()
	New[[2]uint64](f)
	expect("allocated", 16, 0, 0)
	f.Sub(func(f *Frame) {
		New[[4]uint64](f)
		c := f.Checkpoint()
		New[[8]uint64](f)
		expect("in a scope", 16+32+64, 0, 0)
		f.Rollback(c)
		expect("rolled back", 16+32, 0, 0)
		New[[8]uint64](f)
		f.Rollback(c)
		expect("rolled back again", 16+32, 0, 0)
	})
	expect("scope left", 16, 0, 0)
	g := f.Guard()
	New[[1]uint64](f)
	g.Commit()
	expect("committed", 24, 0, 0)
	child := f.Fork()
	New[[4]uint64](child)
	child.Join()
	expect("fork joined", 24+32, 0, 0)
	a.EndFrame()
	expect("in flight", 24+32, 0, 0)
	f = a.BeginFrame()
	New[[128]uint64](f)
	a.EndFrame()
	expect("the older frame has landed", 1024, 0, 0)
	a.Frame(func(*Frame) {})
	expect("so has the younger", 0, 0, 0)

	s := a.Scratch("level")
	New[[2]uint64](s.Frame())
	expect("scratch", 0, 16, 0)
	s.Reset()
	expect("scratch reset", 0, 0, 0)
	New[[2]uint64](s.Frame())
	s.Free()
	expect("scratch freed", 0, 0, 0)

	x, y := PoolGet[sampledNode](a), PoolGet[sampledNode](a)
	b := PoolBox[uint64](a)
	boxes := r.use()[IntentPool] - 2*sampledNodeSize
	expect("pooled", 0, 0, 2*sampledNodeSize+boxes)
	PoolPut(w, x) // migrates
	expect("put elsewhere", 0, 0, sampledNodeSize+boxes)
	PoolPutTo(a, w, y)
	expect("put into the queue", 0, 0, boxes)
	b.Free()
	expect("freed", 0, 0, 0)
	a.Frame(func(*Frame) {})
	expect("queue taken in", 0, 0, 0)
	w.EndFrame()

	w.BeginFrame()
	New[[2]uint64](w.ActiveFrame())
	w.EndFrame()
	expect("in flight on the other worker", 16, 0, 0)
	w.Close()
	expect("worker closed", 0, 0, 0)

	r.gone = make(chan struct{}, 1)
	HeapNew[[64]uint64](a)
	if got := r.use(); got[IntentHeap] != 512 {
		t.Errorf("heap: in use by intent %v", got)
	}
	runtime.GC()
	<-r.gone
	expect("collected", 0, 0, 0)
}

// TestSamplingIsUnbiased compares the estimates from samples with exact counts.
// The seed is fixed, so this cannot fail by chance; the bound is what chance
// explains, four standard deviations.
func TestSamplingIsUnbiased(t *testing.T) {
	const rate = 4096
	a := NewAllocator(Config{})
	defer a.Close()
	type sum struct {
		objects, bytes, variance float64
		estObjects, estBytes     float64
	}
	sums := map[string]*sum{}
	of := func(intent Intent, typ string) *sum {
		key := fmt.Sprint(intent, " ", typ)
		if sums[key] == nil {
			sums[key] = new(sum)
		}
		return sums[key]
	}
	exact := func(intent Intent, typ string, bytes int) {
		s := of(intent, typ)
		p := -math.Expm1(-float64(bytes) / rate)
		s.objects++
		s.bytes += float64(bytes)
		s.variance += (1 - p) / p
	}
	stop := a.Observe(Hooks{Sampling: &Sampling{
		Rate: rate, Seed: 42,
		Sample: func(e Sample) {
			s := of(e.Intent, e.Type)
			s.estObjects += e.Weight()
			s.estBytes += e.Weight() * float64(e.Bytes)
		},
	}})
	scratch := a.Scratch("level")
	for range 300 {
		f := a.BeginFrame()
		for i := range 40 {
			New[[3]float32](f)
			exact(IntentFrame, "[3]float32", 16)
			New[sampledNode](f)
			exact(IntentFrame, "framealloc.sampledNode", sampledNodeSize)
			f.Sub(func(f *Frame) {
				Slice[uint32](f, 100)
				exact(IntentFrame, "uint32", 400)
			})
			if i%10 == 0 {
				New[[6000]byte](f)
				exact(IntentFrame, "[6000]uint8", 6000)
				AlignedBytes(f, 1000, 256)
				exact(IntentFrame, "", 1000)
				New[[20]uint64](scratch.Frame())
				exact(IntentScratch, "[20]uint64", 160)
			}
			loop := ArenaOf[[5]uint64](f)
			for range 3 {
				loop.New()
				exact(IntentFrame, "[5]uint64", 40)
			}
			p := PoolGet[sampledNode](f)
			exact(IntentPool, "framealloc.sampledNode", sampledNodeSize)
			PoolPut(f, p)
			HeapSlice[uint64](f, 16)
			exact(IntentHeap, "uint64", 128)
		}
		a.EndFrame()
		scratch.Reset()
	}
	stop()
	for what, s := range sums {
		off := math.Abs(s.estObjects-s.objects) / math.Sqrt(s.variance)
		t.Logf("%-32s %6.0f objects, estimated %8.1f (%.1f standard deviations off), %8.0f bytes, estimated %8.0f",
			what, s.objects, s.estObjects, off, s.bytes, s.estBytes)
		if off > 4 {
			t.Errorf("%s: %.0f objects, estimated %.0f", what, s.objects, s.estObjects)
		}
		if s.estBytes == 0 || math.Abs(s.estBytes-s.bytes)/s.bytes > 4*math.Sqrt(s.variance)/s.objects {
			t.Errorf("%s: %.0f bytes, estimated %.0f", what, s.bytes, s.estBytes)
		}
	}
}

func TestSamplingAllocatesNothing(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	samples := 0
	stop := a.Observe(Hooks{Sampling: &Sampling{
		Rate: 1024, Seed: 1, Sample: func(Sample) { samples++ }, Freed: func(uint64) {},
	}})
	frame := func() {
		f := a.BeginFrame()
		for range 200 {
			New[[4]uint64](f)
			New[sampledNode](f)
			PoolPut(f, PoolGet[sampledNode](f))
		}
		a.EndFrame()
	}
	for range 200 { // until nothing grows any more
		frame()
	}
	if n := testing.AllocsPerRun(200, frame); n != 0 {
		t.Errorf("%g heap allocations a frame", n)
	}
	if samples < 1000 {
		t.Errorf("only %d samples", samples)
	}
	stop()
	a.Frame(func(*Frame) {})
	before := samples
	frame()
	if samples != before || a.Main().sampler != nil || a.Main().ActiveFrame() != nil {
		t.Error("samples are taken after stop")
	}
}

// TestSamplingFromManyGoroutines is for the race detector.
func TestSamplingFromManyGoroutines(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var r sampled
	stop := a.Observe(r.hooks(256))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			w := a.NewWorker(fmt.Sprint("worker ", i))
			defer w.Close()
			for range 50 {
				w.Frame(func(f *Frame) {
					Parallel(f, 4, func(f *Frame, _ int) { New[[30]uint64](f) })
					x := PoolGet[sampledNode](f)
					if i%2 == 0 {
						PoolPut(f, x)
					} else {
						PoolPutTo(a, f, x)
					}
					HeapNew[[10]uint64](f)
				})
			}
		})
	}
	wg.Wait()
	stop()
	a.Frame(func(*Frame) {})
	if got := r.use(); got[IntentFrame] != 0 || got[IntentPool] != 0 {
		t.Errorf("in use by intent at the end: %v", got)
	}
	if len(r.all) == 0 {
		t.Error("no samples")
	}
}
