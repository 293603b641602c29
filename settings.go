package framealloc

import (
	"maps"
	"sync/atomic"
)

// settings are what may be changed while workers run: immutable as a whole, so
// that a worker sees a change by comparing one pointer when its next frame
// begins.
type settings struct {
	observers *observers
	global    *globalBudget
	tags      map[string]Budget // by path
	tagPeaks  map[string]*atomic.Int64
	modes     Modes
	trace     *garbageTrace
}

// change replaces the settings by a changed copy.
func (a *Allocator) change(fn func(*settings)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := settings{}
	if old := a.settings.Load(); old != nil {
		s = *old
		s.tags = maps.Clone(old.tags)
		s.tagPeaks = maps.Clone(old.tagPeaks)
	}
	fn(&s)
	a.settings.Store(&s)
}

type settingsPointer = atomic.Pointer[settings]

// adopt takes over the allocator's present settings, between frames.
func (w *Worker) adopt(s *settings) {
	w.settings = s
	w.setModes(s.modes)
	if w.observers == nil && s.observers != nil && !w.isFork() { // they have not been told of what was before
		w.toldDeferred = w.deferred.stats()
		w.endedDeferred = w.toldDeferred
	}
	w.observers = s.observers
	w.tags.rebudget(s)
	w.tags.told = w.tags.told && s.observers.wantTags()
	w.adoptSampler()
	w.see(s.observers.see(w.number))
	w.arrange()
	w.checkBudgeted()
}

// see has the observers told of the allocations of some intents, and no others.
func (w *Worker) see(which intents) {
	w.seen = which
	w.pools.watch(which.has(IntentPool) || w.sampler != nil || w.modes&ModeLeaks != 0)
	for _, f := range w.slots {
		f.watch()
	}
	for _, f := range w.scratches {
		f.frame.watch()
	}
}

// arrange works out what the worker's frames need to do besides allocating.
func (w *Worker) arrange() {
	w.limited = w.alloc.config.MaxFrameBytes > 0 || w.budget.set() || w.settings != nil && (w.settings.global != nil || len(w.settings.tags) > 0)
	w.attended = w.limited || w.observers != nil || w.modes&(ModeDebug|ModeGarbage|inspecting) != 0 ||
		w.settings != nil && w.settings.trace != nil
}

// watch has the door see every allocation, or no longer.
func (f *Frame) watch() {
	f.inspect()
	f.mem.Observe(f.w.seen.has(f.intent()) || f.w.modes&ModeDebug != 0 || f.w.trickling && f == f.w.frame)
}
