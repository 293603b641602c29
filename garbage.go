package framealloc

import (
	"context"
	"fmt"
	"runtime/metrics"
	"strings"
	"sync"

	"github.com/framealloc/framealloc/diag"
)

// Garbage counts heap allocations that were made by anyone, on any goroutine,
// while a frame of the allocator was active: the program, the packages it calls,
// and framealloc itself where it grows or is asked for heap intent. Each of them is
// work for the collector later.
//
// The figures come from the runtime's metrics, which see small objects only as
// the memory blocks that they come from fill up: a single frame's may be off by the
// objects that fit into a few blocks, sums over many frames are right. [TraceGarbage]
// and [FindGarbage] name the lines.
type Garbage struct {
	Frames      uint64 // looked at; frames of several workers that overlap are one
	Allocations uint64
	Bytes       uint64

	// LastFrameAllocations and LastFrameBytes are those of the last frame.
	LastFrameAllocations int
	LastFrameBytes       int

	// Found is what was last found out about the lines: by [FindGarbage], or
	// by the mode itself, which looks when there is much garbage. nil: nothing
	// yet. It is shared and must not be changed.
	Found *GarbageReport
}

// String returns the sums in a few words.
func (g Garbage) String() string {
	return fmt.Sprintf("%d allocations of %d bytes in %d frames", g.Allocations, g.Bytes, g.Frames)
}

// Garbage returns the sums since [ModeGarbage] was first switched on; all zero if
// it never was. It may be called from any goroutine.
func (a *Allocator) Garbage() Garbage {
	g := &a.garbage
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sum
}

// The mode averages over garbageWindow frames, so that what the metrics show
// late evens out. It reports windows with an allocation a frame or more, after it has
// looked at garbageTraced frames for the lines; and then is quiet for as many frames
// as garbageQuiet says.
const (
	garbageWindow = 64
	garbageTraced = 8
	garbageQuiet  = 60 * garbageWindow
	garbageLines  = 5 // that a report names
)

// allocating are the modes that allocate on the heap themselves. Beside them, a
// report is of what the lines tell.
const allocating = inspecting | ModeDebug | ModeLeaks

// garbageCount adds up the garbage of an allocator's frames.
type garbageCount struct {
	mu             sync.Mutex
	active         int     // frames
	objects, bytes uint64  // on the heap when the first of them began
	sum, judged    Garbage // judged: as FA531 was last considered

	quiet   uint64             // no report before so many frames
	pending *diag.Diagnostic   // the lines are known, but nobody has been told
	cancel  context.CancelFunc // of the search for them
	search  sync.WaitGroup
}

// heapMeter reads what was ever allocated on the heap. After the first time, reading
// allocates nothing.
type heapMeter struct {
	samples        []metrics.Sample
	objects, bytes uint64
}

// heapFigures are the garbage of one frame.
type heapFigures struct{ objects, bytes int }

func (m *heapMeter) read() {
	if m.samples == nil {
		m.samples = []metrics.Sample{
			{Name: "/gc/heap/allocs:objects"},
			{Name: "/gc/heap/tiny/allocs:objects"}, // those that share a block; the first leaves them out
			{Name: "/gc/heap/allocs:bytes"},
		}
		metrics.Read(m.samples) // reading, too, allocates the first time
	}
	metrics.Read(m.samples)
	m.objects = m.samples[0].Value.Uint64() + m.samples[1].Value.Uint64()
	m.bytes = m.samples[2].Value.Uint64()
}

// beginGarbage begins to count for a frame of the worker.
func (w *Worker) beginGarbage() {
	if w.settings.trace != nil {
		w.traced = w.settings.trace.enter()
	}
	w.counting = w.modes&ModeGarbage != 0
	if w.counting {
		w.published.counting.Store(true)
		w.alloc.garbage.begin(&w.heap)
	}
}

// endGarbage stops to count.
func (w *Worker) endGarbage() {
	if w.counting {
		w.counting = false
		w.published.counting.Store(false)
		if d := w.alloc.garbage.end(w); d != nil {
			w.report(*d)
		}
	}
	if w.traced != nil {
		w.traced.leave()
		w.traced = nil
	}
}

// begin counts from here, where no frame was active.
func (g *garbageCount) begin(m *heapMeter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m.read()
	if g.active++; g.active == 1 {
		g.objects, g.bytes = m.objects, m.bytes
	}
}

// end books the frames that were active, where none is any more. It returns what
// is to be reported, if anything.
func (g *garbageCount) end(w *Worker) *diag.Diagnostic {
	g.mu.Lock()
	defer g.mu.Unlock()
	began := w.heap
	w.heap.read()
	w.frameGarbage = heapFigures{int(w.heap.objects - began.objects), int(w.heap.bytes - began.bytes)}
	g.active--
	d := g.pending
	g.pending = nil
	if g.active > 0 {
		return d
	}
	objects, bytes := w.heap.objects-g.objects, w.heap.bytes-g.bytes
	g.sum.Frames++
	g.sum.Allocations += objects
	g.sum.Bytes += bytes
	g.sum.LastFrameAllocations, g.sum.LastFrameBytes = int(objects), int(bytes)
	frames := g.sum.Frames - g.judged.Frames
	if frames < garbageWindow {
		return d
	}
	objects, bytes = g.sum.Allocations-g.judged.Allocations, g.sum.Bytes-g.judged.Bytes
	g.judged = g.sum
	if objects < frames || g.sum.Frames < g.quiet {
		return d
	}
	g.quiet = g.sum.Frames + garbageQuiet
	ctx, cancel := context.WithCancel(context.Background())
	g.cancel = cancel
	g.search.Add(1)
	go w.alloc.nameGarbage(ctx, cancel, diag.Diagnostic{
		Code: diag.FA531, PC: diag.CallerPC(), Worker: w.name, Frame: w.number,
		Message: garbageMessage(objects, bytes, frames),
		Note:    "whoever made them: the program, the packages it calls, other goroutines",
	})
	return d
}

func garbageMessage(objects, bytes, frames uint64) string {
	if objects/frames == 1 {
		return fmt.Sprintf("1 heap allocation a frame, of %d bytes, in the last %d frames", bytes/frames, frames)
	}
	return fmt.Sprintf("%d heap allocations a frame, of %d bytes together, in the last %d frames", objects/frames, bytes/frames, frames)
}

// nameGarbage looks for the lines and leaves d for the next frame's end to report.
func (a *Allocator) nameGarbage(ctx context.Context, cancel func(), d diag.Diagnostic) {
	g := &a.garbage
	defer g.search.Done()
	found, _ := findGarbage(ctx, a, garbageTraced, cancel)
	if a.Modes()&allocating != 0 { // counted were their allocations, too
		if found.Allocations == 0 || found.Allocations < uint64(found.Frames) {
			return
		}
		d.Message = garbageMessage(found.Allocations, found.Bytes, uint64(found.Frames))
	}
	if found.Frames > 0 {
		d.Note += found.summary(garbageLines)
		if len(found.Sites) > 0 {
			d.Caller = found.Sites[0].Place() // rather than where the frame ended
		}
	} else {
		d.Help = "framealloc.FindGarbage names the lines, and what to use instead"
	}
	g.mu.Lock()
	g.pending = &d
	g.mu.Unlock()
}

// close waits for the search for lines, and reports what was not.
func (g *garbageCount) close(r *diag.Reporter) {
	g.mu.Lock()
	cancel := g.cancel
	g.mu.Unlock()
	if cancel == nil {
		return
	}
	cancel()
	g.search.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pending != nil {
		r.Report(*g.pending)
		g.pending = nil
	}
}

// abandon leaves out a frame that will never end.
func (g *garbageCount) abandon() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active--
}

// keep remembers the lines that were found.
func (g *garbageCount) keep(found *GarbageReport) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sum.Found = found
}

// summary lists the sites with the most allocations, a line each.
func (g *GarbageReport) summary(most int) string {
	var b strings.Builder
	for i, s := range append(g.Sites[:len(g.Sites):len(g.Sites)], g.Own...) {
		if i == most {
			fmt.Fprintf(&b, "\nand %d lines more", len(g.Sites)+len(g.Own)-most)
			break
		}
		fmt.Fprintf(&b, "\n%.1f a frame: %s: %s", float64(s.Allocations)/float64(max(1, g.Frames)), s.Place(), s.what())
		if s.Instead != "" {
			b.WriteString("; use " + s.Instead)
		}
	}
	return b.String()
}
