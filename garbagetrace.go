package framealloc

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// ErrTracing says that a trace for garbage is under way: there is one memory
// profile in a process.
var ErrTracing = errors.New("framealloc: garbage is being traced already")

// FindGarbage finds out where the program allocates on the heap while frames of a
// are active: it looks at the next frames that end, of all workers together, and
// returns their garbage by line. Frames that run at the same time are told from
// what runs outside of frames, but not from each other, nor from other goroutines that
// allocate meanwhile.
//
// It waits for the frames, so call it on a goroutine that does not run them; it
// runs the collector before and after. It returns what it has with ctx's error when
// ctx ends first, and [ErrTracing] while another trace is under way; one that
// [ModeGarbage] has begun by itself gives way.
//
// For as long as it takes, the runtime's memory profile records every allocation in
// frames and none outside of them: frames are slower, and a profile that the
// program writes itself is wrong. The first frame is not looked at: it fills what the
// collector has just emptied, such as a [sync.Pool]. Objects of less than 16 bytes
// without pointers share blocks; the one that needs a new block counts. Once after
// each frame, other threads may add one allocation that was made outside.
func FindGarbage(ctx context.Context, a *Allocator, frames int) (*GarbageReport, error) {
	if frames <= 0 {
		return &GarbageReport{}, nil
	}
	return findGarbage(ctx, a, frames, nil)
}

func findGarbage(ctx context.Context, a *Allocator, frames int, yield func()) (*GarbageReport, error) {
	p, err := startHeapProfile(yield)
	if err != nil {
		return &GarbageReport{}, err
	}
	defer releaseProfile()
	t := &garbageTrace{left: frames, done: make(chan struct{})}
	a.change(func(s *settings) { s.trace = t })
	select {
	case <-t.done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	a.change(func(s *settings) { s.trace = nil })
	g := p.finish(t.stop())
	if err == nil {
		a.garbage.keep(g)
	}
	return g, err
}

// TraceGarbage runs frame so many times and returns where it allocates on the heap,
// by line: everything that is allocated while frame runs, in a frame or not, by
// anyone. It otherwise works as [FindGarbage], on the calling goroutine; so it calls
// frame once more, before the rest.
func TraceGarbage(frames int, frame func()) (*GarbageReport, error) {
	p, err := startHeapProfile(nil)
	if err != nil {
		return &GarbageReport{}, err
	}
	defer releaseProfile()
	ran := -1
	defer func() {
		if ran < frames { // frame panicked
			recordAllocations(false)
			p.finish(ran)
		}
	}()
	if frames > 0 {
		frame()
	}
	for ran = 0; ran < frames; ran++ {
		recordAllocations(true)
		shiftBlocks(ran)
		frame()
		recordAllocations(false)
	}
	return p.finish(max(0, frames)), nil
}

// A garbageTrace switches recording on while frames are active, until enough of
// them have ended.
type garbageTrace struct {
	mu     sync.Mutex
	active int
	warm   bool // the first frame has gone by
	left   int  // frames to look at
	seen   int  // frames looked at
	over   bool
	done   chan struct{}
}

// enter is called as a frame begins. It returns nil when no frame is wanted any
// more.
func (t *garbageTrace) enter() *garbageTrace {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || t.left == 0 {
		return nil
	}
	if !t.warm {
		t.warm = true
		recordAllocations(false) // for this thread
		return nil
	}
	t.left--
	if t.active++; t.active == 1 {
		recordAllocations(true)
	}
	shiftBlocks(t.left)
	return t
}

// leave is called as a frame ends that entered.
func (t *garbageTrace) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.active--
	if t.over {
		return
	}
	t.seen++
	if t.active == 0 {
		recordAllocations(false)
		if t.left == 0 {
			t.over = true
			close(t.done)
		}
	}
}

// stop ends the recording, frames active or not, and returns how many ended.
func (t *garbageTrace) stop() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over && t.active > 0 {
		recordAllocations(false)
	}
	t.over = true
	return t.seen
}

// recorded is where recordAllocations puts what it allocates.
var recorded atomic.Pointer[[2]*int]

// recordAllocations switches the memory profile between every allocation and
// none. The next allocation of a thread notices the change, and is itself recorded
// whatever the rate is now: so make one.
func recordAllocations(on bool) {
	if on {
		runtime.MemProfileRate = 1
		return
	}
	runtime.MemProfileRate = 0
	recorded.Store(new([2]*int))
}

// shiftBlocks takes some bytes of the block that small objects share, others for
// each frame: without, frames that allocate the same would have the same object
// begin a block each time, and the line of its neighbours would never be seen.
func shiftBlocks(frame int) {
	for range uint32(frame) * 0x9e3779b9 >> 30 {
		shifted.Store(new(int32))
	}
}

var shifted atomic.Pointer[int32]

// profiling is who uses the memory profile.
var profiling struct {
	sync.Mutex
	done  chan struct{} // closed when it is free again; nil: it is free
	yield func()        // has the user stop at once; nil: that one does not
}

// acquireProfile waits for nobody but those who yield. A user who yields does not
// have another do so.
func acquireProfile(yield func()) error {
	p := &profiling
	p.Lock()
	defer p.Unlock()
	for p.done != nil {
		if p.yield == nil || yield != nil {
			return ErrTracing
		}
		stop, done := p.yield, p.done
		p.Unlock()
		stop()
		<-done
		p.Lock()
	}
	p.done, p.yield = make(chan struct{}), yield
	return nil
}

func releaseProfile() {
	p := &profiling
	p.Lock()
	defer p.Unlock()
	close(p.done)
	p.done, p.yield = nil, nil
}

// A heapProfile is what the runtime's memory profile gains.
type heapProfile struct {
	rate int // as it was
	base map[profileKey]profileCount
}

type profileKey = [32]uintptr

type profileCount struct{ objects, bytes int64 }

func startHeapProfile(yield func()) (*heapProfile, error) {
	if err := acquireProfile(yield); err != nil {
		return nil, err
	}
	p := &heapProfile{rate: runtime.MemProfileRate}
	recordAllocations(false)
	p.base = readHeapProfile()
	return p, nil
}

// readHeapProfile returns all allocations recorded so far. A collection publishes
// those that are recorded and not yet in the profile.
func readHeapProfile() map[profileKey]profileCount {
	runtime.GC()
	var records []runtime.MemProfileRecord
	for n, ok := runtime.MemProfile(nil, true); !ok; {
		records = make([]runtime.MemProfileRecord, n+n/8+64)
		if n, ok = runtime.MemProfile(records, true); ok {
			records = records[:n]
		}
	}
	counts := make(map[profileKey]profileCount, len(records))
	for i := range records {
		r := &records[i]
		c := counts[r.Stack0] // one stack has a record for each size
		c.objects += r.AllocObjects
		c.bytes += r.AllocBytes
		counts[r.Stack0] = c
	}
	return counts
}

// finish ends the trace of so many frames.
func (p *heapProfile) finish(frames int) *GarbageReport {
	now := readHeapProfile()
	runtime.MemProfileRate = p.rate
	g := newGarbageReport(frames)
	for stack, c := range now {
		base := p.base[stack]
		if c.objects > base.objects {
			g.add(stack, uint64(c.objects-base.objects), uint64(c.bytes-base.bytes))
		}
	}
	g.sort()
	return &g.GarbageReport
}
