package tracyframe

import (
	"fmt"
	"runtime"
	"slices"
	"weak"

	"github.com/framealloc/framealloc"
)

// worker is what a session knows of a worker. It belongs to the worker's
// goroutine.
type worker struct {
	caller
	of      weak.Pointer[framealloc.Worker]
	name    string
	label   string // the name that Tracy knows it by, which no other has
	set     *byte  // of frames; nil: Tracy's own
	chunks  *byte  // pools
	frames  *byte
	bytes   *byte // plots
	garbage *byte
	thread  *byte

	on       bool // Tracy was connected when the frame began
	locked   bool // the goroutine stays on its thread
	held     bool // likewise, for this frame
	capacity int  // as Tracy knows it, in so many blocks
	blocks   int
	tagged   int // allocations in the pool of the frame
	zones    []zone
	tags     map[string]*tag // by path
	budgets  []framealloc.BudgetStats
	full     map[budgetKey]*byte // plots of budgets
}

// tag is what is known of a tag under a worker.
type tag struct {
	plot  *byte
	bytes int // in the frame that ends
	frame uint64
}

type budgetKey struct {
	scope       framealloc.BudgetScope
	worker, tag string
}

// Colors of what Tracy shows.
const (
	frameColor   = 0x56b4e9
	tagColor     = 0x009e73
	phaseColor   = 0xcc79a7
	budgetColor  = 0xe69f00
	garbageColor = 0xd55e00
)

// adopt makes a worker known. One whose name an open worker has already gets a
// number; one that follows a closed worker of its name goes on where that one
// ended, for Tracy remembers its memory.
func (s *Session) adopt(of *framealloc.Worker) *worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	main := of == s.alloc.Main()
	open := s.alloc.Workers()
	for i := 1; ; i++ {
		label := of.Name()
		if i == 1 && !main && label == s.alloc.Main().Name() {
			continue // the main worker's
		}
		if i > 1 {
			label = fmt.Sprint(label, " ", i)
		}
		w := s.labels[label]
		switch {
		case w == nil:
			w = s.newWorker(label, main)
			s.labels[label] = w
		case slices.ContainsFunc(open, func(o *framealloc.Worker) bool { return weak.Make(o) == w.of }):
			continue
		default:
			delete(s.workers, w.of)
			w.locked, w.held = false, false
			w.zones = w.zones[:0]
		}
		w.of, w.name = weak.Make(of), of.Name()
		s.workers[w.of] = w
		return w
	}
}

func (s *Session) newWorker(label string, main bool) *worker {
	w := &worker{
		caller: caller{client: s.client}, label: label, chunks: intern(label + " chunks"), frames: intern(label + " frame"), thread: intern(label),
		bytes: intern(label + ": bytes a frame"), garbage: intern(label + ": heap allocations a frame"),
		tags: make(map[string]*tag), full: make(map[budgetKey]*byte),
	}
	if !main {
		w.set = intern(label)
	}
	w.plotConfig(w.bytes, plotMemory, frameColor)
	w.plotConfig(w.garbage, plotNumber, garbageColor)
	return w
}

func (s *Session) frameBegin(e framealloc.FrameBegin) {
	w := s.worker(e.Frame.Worker())
	if w == nil {
		if !s.Connected() {
			return
		}
		w = s.adopt(e.Frame.Worker())
	}
	if w.on = w.connected(); !w.on {
		w.forget()
		return
	}
	if w.client.zones && !s.config.NoZones {
		if !w.locked { // a worker is one thread to Tracy
			w.locked = true
			runtime.LockOSThread()
			w.threadName(w.thread)
		}
		w.held = true
		runtime.LockOSThread() // whichever goroutine it is in this frame
	}
	if w.tagged > 0 {
		if !w.memoryDiscard(w.frames) {
			for i := range w.tagged {
				w.memoryFree(w.frames, block(i))
			}
		}
		w.tagged = 0
	}
}

// forget is of what Tracy does not know after it was gone.
func (w *worker) forget() {
	w.capacity, w.blocks, w.tagged = 0, 0, 0
}

// block is the address under which Tracy knows a block: any that is no other's.
func block(i int) uintptr { return uintptr(i+1) << 20 }

func (s *Session) frameEnd(e framealloc.FrameEnd) {
	w := s.worker(e.Frame.Worker())
	if w == nil || !w.on {
		return
	}
	w.endZones()
	if e.Capacity != w.capacity {
		w.resize(e.Capacity)
	}
	w.plot(w.bytes, int64(e.Bytes))
	if s.alloc.Modes()&framealloc.ModeGarbage != 0 {
		w.plot(w.garbage, int64(e.GarbageAllocations))
	}
	s.plotBudgets(w, e)
	w.frameMark(w.set)
	if w.held {
		w.held = false
		runtime.UnlockOSThread()
	}
}

// resize shows that a worker holds more memory than before, or less.
func (w *worker) resize(capacity int) {
	if capacity < w.capacity {
		for i := range w.blocks {
			w.memoryFree(w.chunks, block(i))
		}
		w.capacity, w.blocks = 0, 0
	}
	if capacity > w.capacity {
		w.memoryAlloc(w.chunks, block(w.blocks), uintptr(capacity-w.capacity))
		w.blocks++
		w.capacity = capacity
	}
}

// tagFrame is called for each tag before frameEnd.
func (s *Session) tagFrame(e framealloc.TagFrame) {
	w := s.worker(e.By)
	if w == nil || !w.on {
		return
	}
	t := w.tags[e.Path]
	if t == nil {
		t = &tag{}
		if e.Path != "" {
			t.plot = intern(w.label + ": " + e.Path)
			w.plotConfig(t.plot, plotMemory, tagColor)
		}
		w.tags[e.Path] = t
	}
	t.bytes, t.frame = e.Bytes, e.Frame
	if t.plot != nil {
		w.plot(t.plot, int64(e.Bytes))
	}
	if e.Bytes > 0 {
		w.memoryAlloc(w.frames, block(w.tagged), uintptr(e.Bytes))
		w.tagged++
	}
}

// plotBudgets shows how full the budgets that concern the worker were.
func (s *Session) plotBudgets(w *worker, e framealloc.FrameEnd) {
	w.budgets = s.alloc.AppendBudgetStats(w.budgets[:0])
	for _, b := range w.budgets {
		used := 0
		switch b.Scope {
		case framealloc.GlobalBudget:
			if w.set != nil {
				continue // the main worker shows it
			}
			used = b.Used
		case framealloc.WorkerBudget:
			if b.Worker != w.name {
				continue
			}
			used = e.HighWater
		case framealloc.FrameLimit:
			used = e.HighWater
		case framealloc.TagBudget:
			t := w.tags[b.Tag]
			if t == nil || t.frame != e.Number {
				continue
			}
			used = t.bytes
		}
		limit := b.Hard
		if limit == 0 {
			limit = b.Soft
		}
		if limit > 0 {
			w.plot(s.budgetPlot(w, b), int64(used)*100/int64(limit))
		}
	}
}

func (s *Session) budgetPlot(w *worker, b framealloc.BudgetStats) *byte {
	k := budgetKey{b.Scope, b.Worker, b.Tag}
	p := w.full[k]
	if p == nil {
		name := "budget of all workers"
		switch b.Scope {
		case framealloc.WorkerBudget:
			name = "budget of " + w.label
		case framealloc.FrameLimit:
			name = "frame limit of " + w.label
		case framealloc.TagBudget:
			name = "budget of tag " + b.Tag + " in " + w.label
		}
		p = intern(name)
		w.full[k] = p
		w.plotConfig(p, plotPercent, budgetColor)
	}
	return p
}
