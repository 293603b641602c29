package framealloc

import (
	"strings"
	"sync/atomic"

	"github.com/framealloc/framealloc/internal/arena"
)

// A tagUse is a tag's budget in one worker, with what the tag's scopes that were
// left in this frame still hold: stretches of the memory in use, which rollbacks cut.
type tagUse struct {
	limiter
	held    int       // bytes in use: the stretches', and those of joined forks
	spans   []useSpan // ascending, with gaps in between
	high    int       // the most that was held at once in this frame
	outside int       // in a fork: what the family held when it was forked
	merged  int       // in a fork: what of held its parent has added
	most    *atomic.Int64
}

// A useSpan is a stretch of a frame's memory, in bytes in use.
type useSpan struct{ from, to int }

// begin prepares for a frame.
func (u *tagUse) begin() {
	u.limiter.begin()
	u.held, u.high, u.outside, u.merged, u.spans = 0, 0, 0, 0, u.spans[:0]
}

// add books what a scope holds that is being left.
func (u *tagUse) add(from, to int) {
	if to <= from {
		return
	}
	if n := len(u.spans); n > 0 && u.spans[n-1].to == from {
		u.spans[n-1].to = to
	} else {
		u.spans = append(u.spans, useSpan{from, to})
	}
	u.grow(to - from)
}

func (u *tagUse) grow(n int) {
	u.held += n
	u.high = max(u.high, u.held)
}

// cut takes off what lies beyond the bytes that are still in use.
func (u *tagUse) cut(used int) {
	for n := len(u.spans); n > 0; n-- {
		last := &u.spans[n-1]
		u.held -= max(0, last.to-max(used, last.from))
		if last.from < used {
			last.to = min(last.to, used)
			return
		}
		u.spans = u.spans[:n-1]
	}
}

// rewind gives back the memory since m, also in the books of the tags that have
// budgets.
func (f *Frame) rewind(m arena.Mark) {
	t := &f.w.tags
	if len(t.uses) == 0 || f != f.w.frame {
		f.mem.Rollback(m)
		return
	}
	used := f.mem.Used()
	for i := range t.stack {
		if s := &t.stack[i]; s.node.use != nil {
			s.node.use.high = max(s.node.use.high, s.node.use.held+used-s.used)
		}
	}
	f.mem.Rollback(m)
	used = f.mem.Used()
	for i := range t.stack {
		t.stack[i].used = min(t.stack[i].used, used)
	}
	if f.forked != nil {
		f.forked.from = min(f.forked.from, used)
	}
	for _, u := range t.uses {
		u.cut(used)
	}
	f.relimit()
}

// rebudget gives the tags the budgets of the settings.
func (t *scopes) rebudget(s *settings) {
	budgets := s.tags
	old := t.uses
	t.uses = nil
	if len(budgets) > 0 {
		t.uses = make(map[string]*tagUse, len(budgets))
	}
	for path, b := range budgets {
		u := old[path]
		if u == nil {
			u = &tagUse{}
		}
		u.limiter = limiter{Budget: b, scope: TagBudget, tag: path, peak: u.peak}
		u.most = s.tagPeaks[path]
		t.uses[path] = u
	}
	for _, n := range t.nodes {
		n.use = t.uses[n.path]
	}
}

// shareTags tells a fork's tags what their budgets have lost to others of the
// family, and which of them it is inside of.
func (c *Frame) shareTags(parent *scopes) {
	t, base := &c.w.tags, c.forked.base.path
	frame := c.forked.parent
	if frame.scratch != nil {
		frame = frame.w.frame // whose scopes they are
	}
	c.forked.within, c.forked.from = c.forked.within[:0], c.mem.Used()
	for path, u := range t.uses {
		if p := parent.uses[path]; p != nil {
			u.outside = p.held + p.outside - u.merged
			for i := range parent.stack {
				if s := &parent.stack[i]; s.node.use == p {
					u.outside += frame.mem.Used() - s.used
				}
			}
		}
		if rest, ok := strings.CutPrefix(base, path); ok && (rest == "" || rest[0] == '/') {
			c.forked.within = append(c.forked.within, u)
		}
	}
	if len(t.uses) > 0 {
		c.relimit()
	}
}

// leaveTags books what a fork holds to the tags that it was inside of.
func (c *Frame) leaveTags() {
	for _, u := range c.forked.within {
		u.grow(c.mem.Used() - c.forked.from)
	}
	c.forked.within = c.forked.within[:0]
}

// adopt adds what a fork's tags hold to their parent's.
func (t *scopes) adopt(fork *scopes) {
	for path, u := range fork.uses {
		if p := t.uses[path]; p != nil && u.held != u.merged {
			p.grow(u.held - u.merged)
			u.merged = u.held
		}
	}
}
