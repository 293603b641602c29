package framealloc

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"sync/atomic"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// A Budget bounds the frame memory in use at once, in bytes, sizes rounded up
// to 8: of all workers together ([Allocator.SetBudget]), of one worker's frame
// ([Worker.SetBudget]), or of one tag in a worker's frame
// ([Allocator.SetTagBudget]). The zero Budget is none.
//
// Budgets cost nothing until they are reached: the window ends where they do.
type Budget struct {
	// Soft is a threshold that is only announced: OnSoft, and the observers'
	// Budget hook. 0 means none.
	Soft int
	// Hard is the limit. Policy says what happens to the allocation that would
	// exceed it. 0 means none.
	Hard   int
	Policy Policy

	// OnSoft and OnHard are called once a frame when an allocation first
	// exceeds the threshold; OnHard every time under Fail. OnPeak is called at the
	// end of a frame that used more than any before. They are called on the
	// worker's goroutine and must not allocate from the frame.
	OnSoft, OnHard, OnPeak func(BudgetEvent)
}

// BudgetScope says whose budget it is.
type BudgetScope uint8

// The scopes.
const (
	GlobalBudget BudgetScope = iota // all workers together
	TagBudget                       // one tag in a worker's frame
	WorkerBudget                    // one worker's frame
	FrameLimit                      // Config.MaxFrameBytes
)

// String returns the scope's name in lower case.
func (s BudgetScope) String() string {
	return [...]string{"global", "tag", "worker", "frame"}[s&3]
}

// BudgetKind says what happened.
type BudgetKind uint8

// The kinds.
const (
	SoftExceeded BudgetKind = iota
	HardExceeded
	NewPeak
)

// String returns the kind's name in lower case.
func (k BudgetKind) String() string {
	return [...]string{"soft", "hard", "peak", "?"}[k&3]
}

// BudgetEvent tells that usage crossed a threshold. Sizes are in bytes.
type BudgetEvent struct {
	Kind    BudgetKind
	Scope   BudgetScope
	Worker  string
	Tag     string // path of the tag whose budget it is
	Frame   uint64
	Used    int // before the request
	Request int // 0 for NewPeak
	Limit   int // the threshold; for NewPeak the peak before
	Policy  Policy
}

func (b Budget) check() {
	switch {
	case b.Soft < 0 || b.Hard < 0:
		panic(fmt.Sprintf("framealloc: a budget of %d (soft) and %d (hard) bytes is negative", b.Soft, b.Hard))
	case b.Hard > 0 && b.Soft > b.Hard:
		panic(fmt.Sprintf("framealloc: a budget's soft threshold of %d bytes is above its hard limit of %d", b.Soft, b.Hard))
	case b.Policy > Promote:
		panic(fmt.Sprintf("framealloc: a budget has policy %d, want Fail, Warn, Allow or Promote", b.Policy))
	}
}

func (b *Budget) set() bool { return b.Soft > 0 || b.Hard > 0 || b.OnPeak != nil }

// SetBudget bounds the frame memory of all workers together, from their next
// frames on. Each worker reserves its share ahead, up to a window of 16 KiB, so
// with several workers the budget may be exhausted by that much for each of the
// others before it is full; for one worker it is exact. It may be called from any
// goroutine. It panics for a budget that means nothing.
func (a *Allocator) SetBudget(b Budget) {
	b.check()
	a.change(func(s *settings) {
		used := new(atomic.Int64)
		if s.global != nil {
			used = s.global.used
		}
		s.global = &globalBudget{Budget: b, scope: GlobalBudget, used: used}
		if !b.set() {
			s.global = nil
		}
	})
}

// SetTagBudget bounds what a worker's frame holds at once that was allocated
// under the tag with the given path, tags inside it included, from each worker's
// next frame on. What forks hold counts too: forks that run at the same time each
// know of the others what had joined when they were forked. It may be called from any
// goroutine. It panics for a budget that means nothing.
func (a *Allocator) SetTagBudget(path string, b Budget) {
	b.check()
	path = strings.Clone(path) // it may be frame memory
	a.change(func(s *settings) {
		if s.tags == nil {
			s.tags, s.tagPeaks = map[string]Budget{}, map[string]*atomic.Int64{}
		}
		if s.tagPeaks[path] == nil {
			s.tagPeaks[path] = new(atomic.Int64)
		}
		if s.tags[path] = b; !b.set() {
			delete(s.tags, path)
			delete(s.tagPeaks, path)
		}
	})
}

// SetBudget bounds what the worker's frame holds at once, at once if a frame is
// active. It belongs to the worker's goroutine. It panics for a budget that means
// nothing.
func (w *Worker) SetBudget(b Budget) {
	b.check()
	w.budget = limiter{Budget: b, scope: WorkerBudget, peak: w.budget.peak}
	w.budgetGiven()
	w.published.budget.Store(nil)
	if b.set() {
		w.published.budget.Store(&BudgetStats{Scope: WorkerBudget, Worker: w.name, Soft: b.Soft, Hard: b.Hard, Policy: b.Policy})
	}
	w.arrange()
	if w.frame != nil {
		w.frame.relimit()
	} else {
		for _, f := range w.slots {
			f.mem.SetLimit(math.MaxInt) // set when it begins
		}
	}
}

// SetFrameBudget is SetBudget with a hard limit of n bytes and the policy Fail.
func (w *Worker) SetFrameBudget(n int) { w.SetBudget(Budget{Hard: n}) }

// Remaining returns the bytes that the frame may still allocate before a hard
// limit is reached, [math.MaxInt] where there is none.
func (f *Frame) Remaining() int {
	used, room := f.mem.Used(), math.MaxInt
	f.limiters(func(l *limiter, base int) bool {
		if l.Hard > 0 && !l.lifted {
			room = min(room, max(0, base+l.Hard-used))
		}
		return true
	})
	for _, l := range f.lessors {
		if g := l.budget; g != nil && g.Hard > 0 {
			room = min(room, max(0, l.leased-used+g.Hard-int(g.used.Load())))
		}
	}
	return room
}

// Budget returns the budget of all workers together, the zero Budget if there is
// none. It may be called from any goroutine.
func (a *Allocator) Budget() Budget {
	if g := a.settings.Load().global; g != nil {
		return g.Budget
	}
	return Budget{}
}

// TagBudgets returns the budgets of tags by their paths. The map is the caller's.
// It may be called from any goroutine.
func (a *Allocator) TagBudgets() map[string]Budget { return maps.Clone(a.settings.Load().tags) }

// Budget returns the worker's budget, the zero Budget if it has none. It belongs
// to the worker's goroutine.
func (w *Worker) Budget() Budget { return w.budget.Budget }

// A limiter is a budget with its state in the frame that runs.
type limiter struct {
	Budget
	scope      BudgetScope
	tag        string
	soft, hard bool // already announced in this frame
	lifted     bool // the hard limit no longer holds in this frame
	peak       int
}

func (l *limiter) begin() { l.soft, l.hard, l.lifted = false, false, false }

// next is the usage at which the limiter wants to be asked.
func (l *limiter) next() int {
	switch {
	case l.Soft > 0 && !l.soft:
		return l.Soft
	case l.Hard > 0 && !l.lifted:
		return l.Hard
	}
	return math.MaxInt
}

// A globalBudget is shared by several frames, which lease bytes from it: those
// of all workers, or a frame and its forks.
type globalBudget struct {
	Budget
	scope      BudgetScope
	owner      string // the worker, for a frame's budget that its forks share
	used       *atomic.Int64
	soft, hard atomic.Bool // announced, and not fallen below since
	peak       atomic.Int64
}

// leaseStep is how much a frame reserves ahead of what it needs.
const leaseStep = 16 << 10

// A lessor is a shared budget with what a frame has leased from it.
type lessor struct {
	budget *globalBudget
	leased int
}

// The places in Frame.lessors.
const (
	globalLessor = iota
	familyLessor
)

// global returns the global budget that applies to f, or nil.
func (f *Frame) global() *globalBudget {
	if f.w.settings == nil {
		return nil
	}
	root := f
	for root.forked != nil {
		root = root.forked.parent
	}
	if root.scratch != nil {
		return nil
	}
	return f.w.settings.global
}

// limiters calls fn for each limiter that applies to f, with the bytes in use
// at which its own count begins, until fn returns false.
func (f *Frame) limiters(fn func(l *limiter, base int) bool) {
	w := f.w
	if f.scratch != nil {
		fn(&f.scratch.limit, 0)
		return
	}
	if f.max.Hard > 0 && !fn(&f.max, 0) {
		return
	}
	if w.budget.set() && !fn(&w.budget, 0) {
		return
	}
	if f.forked != nil {
		for _, u := range f.forked.within {
			if !fn(&u.limiter, f.forked.from-u.held-u.outside) {
				return
			}
		}
	}
	for i := range w.tags.stack {
		s := &w.tags.stack[i]
		if u := s.node.use; u != nil && !fn(&u.limiter, s.used-u.held-u.outside) {
			return
		}
	}
}

// relimit sets the arena's limit to where the first limiter wants to be asked.
func (f *Frame) relimit() {
	limit := math.MaxInt
	f.limiters(func(l *limiter, base int) bool {
		if n := l.next(); n < math.MaxInt-max(0, base) {
			limit = min(limit, base+n)
		}
		return true
	})
	for i := range f.lessors {
		if l := &f.lessors[i]; l.budget != nil {
			limit = min(limit, l.leased)
		}
	}
	f.mem.SetLimit(limit)
}

// exhausted decides about a request that does not fit under the arena's limit.
func (f *Frame) exhausted(r arena.Request) arena.Verdict {
	used := f.mem.Used()
	verdict := arena.Carve
	f.limiters(func(l *limiter, base int) bool {
		verdict = f.exceed(l, used-base, r)
		return verdict == arena.Carve
	})
	for i := range f.lessors {
		if l := &f.lessors[i]; l.budget != nil && verdict == arena.Carve {
			verdict = f.lease(l, used, r)
		}
	}
	if verdict == arena.Carve {
		f.relimit()
	}
	return verdict
}

// exceed lets one limiter decide about a request on top of used bytes.
func (f *Frame) exceed(l *limiter, used int, r arena.Request) arena.Verdict {
	size := r.Size + r.Pad
	if l.Soft > 0 && !l.soft && size > l.Soft-used {
		l.soft = true
		f.announce(l, SoftExceeded, used, size, l.Soft)
	}
	if l.Hard == 0 || l.lifted || size <= l.Hard-used {
		return arena.Carve
	}
	if !l.hard || l.Policy == Fail {
		l.hard = true
		f.announce(l, HardExceeded, used, size, l.Hard)
	}
	l.lifted = l.Policy == Warn || l.Policy == Allow
	return f.apply(l, used, r)
}

// apply does what the limiter's policy says about a request over its limit.
func (f *Frame) apply(l *limiter, used int, r arena.Request) arena.Verdict {
	switch l.Policy {
	case Allow:
		return arena.Carve
	case Warn:
		f.w.report(f.overBudget(l, used, r).Diagnostic)
		return arena.Carve
	case Promote:
		f.w.heapAllocated(r.Size)
		return arena.Spill
	}
	return f.refuse(r, f.overBudget(l, used, r))
}

// overBudget says which limit a request exceeds.
func (f *Frame) overBudget(l *limiter, used int, r arena.Request) *diag.Error {
	code, whose, help := diag.FA003, "the frame's limit", "raise Config.MaxFrameBytes, choose another policy, use a Try function, or take large data from the heap intent"
	switch l.scope {
	case GlobalBudget:
		code, whose, help = diag.FA310, "the global budget", "raise the budget given to Allocator.SetBudget, or find who uses it with Allocator.TagStats"
	case TagBudget:
		code, whose, help = diag.FA311, fmt.Sprintf("the budget of tag %q", l.tag), "raise the budget given to Allocator.SetTagBudget, or allocate less under the tag"
	case WorkerBudget:
		worker := l.tag // of the frame that a fork belongs to
		if worker == "" {
			worker = f.w.name
		}
		code, whose, help = diag.FA312, fmt.Sprintf("the budget of worker %q", worker), "raise the budget given to Worker.SetBudget, or move work to another worker"
	}
	if f.scratch != nil {
		whose = fmt.Sprintf("the limit of scratch %q", f.scratch.name)
		help = "raise the limit given to Scratch.SetLimit, or reset the scratch more often"
	}
	return f.diagnose(code,
		fmt.Sprintf("%s needs %d bytes, and of %s, %d bytes, %d are left", what(r), r.Size+r.Pad, whose, l.Hard, max(0, l.Hard-used)), help)
}

// announce calls who wants to know of a crossed threshold.
func (f *Frame) announce(l *limiter, kind BudgetKind, used, request, limit int) {
	e := BudgetEvent{
		Kind: kind, Scope: l.scope, Worker: f.w.name, Frame: f.number,
		Used: used, Request: request, Limit: limit, Policy: l.Policy,
	}
	if l.scope == TagBudget {
		e.Tag = l.tag
	}
	if fn := [...]func(BudgetEvent){l.OnSoft, l.OnHard, l.OnPeak}[kind]; fn != nil && !f.w.telling {
		f.w.callBack(fn, e)
	}
	f.w.each(func(h *Hooks) {
		if h.Budget != nil {
			h.Budget(e)
		}
	})
}

// callBack calls a budget's callback. It may panic: that is the program's.
func (w *Worker) callBack(fn func(BudgetEvent), e BudgetEvent) {
	w.telling = true
	defer func() { w.telling = false }()
	fn(e)
}

// lease reserves bytes of a shared budget for a request: some more than it
// needs where there are plenty, else just enough.
func (f *Frame) lease(from *lessor, used int, r arena.Request) arena.Verdict {
	need := used + r.Size + r.Pad - from.leased
	if need <= 0 {
		return arena.Carve
	}
	g := from.budget
	l := limiter{Budget: g.Budget, scope: g.scope, tag: g.owner}
	for _, want := range [2]int{need + leaseStep, need} {
		total := g.used.Add(int64(want))
		if (g.Hard == 0 || total <= int64(g.Hard)) && (want == need || g.Soft == 0 || total <= int64(g.Soft)) {
			f.hold(from, want)
			if g.Soft > 0 && total > int64(g.Soft) && !g.soft.Swap(true) {
				f.announce(&l, SoftExceeded, int(total)-need, r.Size, g.Soft)
			}
			return arena.Carve
		}
		g.used.Add(int64(-want))
	}
	total := int(g.used.Load())
	if !g.hard.Swap(true) || g.Policy == Fail {
		f.announce(&l, HardExceeded, total, r.Size, g.Hard)
	}
	verdict := f.apply(&l, total, r)
	if verdict == arena.Carve { // over the limit, by its policy
		g.used.Add(int64(need))
		f.hold(from, need)
	}
	return verdict
}

// hold books bytes that were reserved of a shared budget, or, where n is negative,
// given back.
func (f *Frame) hold(l *lessor, n int) {
	l.leased += n
	if l == &f.lessors[globalLessor] {
		f.w.leased.Add(int64(n))
	}
}

// returnLeases gives back what the frame had reserved of shared budgets.
func (f *Frame) returnLeases() {
	for i := range f.lessors {
		l := &f.lessors[i]
		if g := l.budget; g != nil {
			left := g.used.Add(int64(-l.leased))
			if left <= int64(g.Soft) {
				g.soft.Store(false)
			}
			if left <= int64(g.Hard) {
				g.hard.Store(false)
			}
			f.hold(l, -l.leased)
		}
		*l = lessor{}
	}
}

// beginBudgets prepares the limiters for a frame.
func (w *Worker) beginBudgets(f *Frame) {
	f.lessors[globalLessor].budget = f.global()
	f.max.begin()
	w.budget.begin()
	for _, u := range w.tags.uses {
		u.begin()
	}
	f.relimit()
}

// endBudgets announces peaks.
func (w *Worker) endBudgets(f *Frame) {
	if w.budget.set() {
		w.budget.peakAt(f, f.peak())
		raise(&w.published.budgetPeak, w.budget.peak)
	}
	for _, u := range w.tags.uses {
		u.peakAt(f, u.high)
		raise(u.most, u.high)
	}
	if l := f.lessors[globalLessor]; l.budget != nil {
		g := l.budget
		used := g.used.Load() - int64(l.leased-f.mem.Used())
		if old := g.peak.Load(); used > old && g.peak.CompareAndSwap(old, used) {
			f.announce(&limiter{Budget: g.Budget, scope: GlobalBudget}, NewPeak, int(used), 0, int(old))
		}
	}
}

func (l *limiter) peakAt(f *Frame, used int) {
	if used > l.peak {
		old := l.peak
		l.peak = used
		f.announce(l, NewPeak, used, 0, old)
	}
}
