package behavior

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// Evidence that must be there whatever the thresholds say: a share of two things
// is no share.
const (
	fewFrames  = 3
	fewLooks   = 3
	fewObjects = 10
)

// Report judges what was seen so far. It does not change anything: two reports
// with no frame in between are equal, unless the lines that make garbage were
// found out meanwhile.
func (f *Filter) Report() Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	var r Report
	lines := f.alloc.Garbage().Found
	for _, w := range f.workers {
		judged := w.judged(f.options.Thresholds)
		if judged == 0 {
			continue
		}
		r.Workers++
		r.Frames += judged
		r.longest = max(r.longest, judged)
		if x, found := w.garbageFinding(f.options.Thresholds, lines); found {
			r.Findings = append(r.Findings, x)
		}
		for _, t := range w.tags {
			r.Tags = append(r.Tags, w.use(t))
			j := judge{Thresholds: f.options.Thresholds, w: w, t: t, span: w.frames - t.since}
			r.Findings = append(r.Findings, j.findings()...)
		}
	}
	slices.SortFunc(r.Tags, func(a, b TagUse) int {
		return cmp.Or(cmp.Compare(a.Worker, b.Worker), cmp.Compare(a.Tag, b.Tag))
	})
	slices.SortFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			-cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Worker, b.Worker),
			cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Type, b.Type),
		)
	})
	return r
}

// A judge holds one tag's sums against the thresholds.
type judge struct {
	Thresholds
	w    *watched
	t    *tally
	span uint64 // frames of the worker since the tag was first used
}

// findings returns what is wrong with the tag. Of the three ways in which frame
// data may live too long it names one, the most telling.
func (j *judge) findings() (list []Finding) {
	if j.span < uint64(max(0, j.MinFrames)) {
		return nil
	}
	for _, check := range [...]func() (Finding, bool){j.longLived, j.churn, j.survival} {
		if x, found := check(); found {
			list = append(list, x)
			break
		}
	}
	list = append(list, j.poolAsScratch()...)
	if x, found := j.hotHeap(); found {
		list = append(list, x)
	}
	return list
}

// finding begins one with what the catalogue knows.
func (j *judge) finding(code diag.Code, intent framealloc.Intent, value, limit float64) Finding {
	e, _ := diag.Lookup(code)
	return Finding{
		Code: code, Severity: e.Severity, Name: e.Name, Suggestion: e.Help,
		Worker: j.w.name, Tag: j.t.path, Intent: intent, Value: value, Limit: limit,
	}
}

// exceeds reports whether a share reaches a threshold that is set.
func exceeds(share, limit float64) bool { return limit > 0 && share >= limit }

func ratio(n, of uint64) float64 {
	if of == 0 {
		return 0
	}
	return min(1, float64(n)/float64(of)) // a report may come in the middle of a frame
}

func (j *judge) longLived() (x Finding, found bool) {
	t, s := j.t, &j.t.same
	if t.frames < fewFrames || t.bytes/t.frames < uint64(max(1, j.LongLivedBytes)) {
		return x, false
	}
	same := ratio(s.equal, j.span-1)
	each := fmt.Sprintf("%s in %s", size(t.bytes/t.frames), count(t.allocations/t.frames, "allocation"))
	if s.looks > 0 {
		alike := ratio(s.alike, s.looks)
		if s.looks < fewLooks || !exceeds(same, j.LongLived) || !exceeds(alike, j.LongLived) {
			return x, false
		}
		x = j.finding(diag.FA501, framealloc.IntentFrame, min(same, alike), j.LongLived)
		x.Observed = fmt.Sprintf("%s, as in the frame before in %s of frames, and with the same contents in %s of %s",
			each, percent(same), percent(alike), count(s.looks, "comparison"))
		x.Expected = fmt.Sprintf("below %s of either", percent(j.LongLived))
		if ratio(t.promoted.frames, j.span) >= j.LongLived {
			x.Observed += "; and promoted"
		}
		return x, true
	}
	if !exceeds(same, j.SameSize) {
		return x, false
	}
	x = j.finding(diag.FA501, framealloc.IntentFrame, same, j.SameSize)
	x.Severity = diag.SeverityHint
	x.Observed = fmt.Sprintf("%s, as in the frame before in %s of frames; the contents are not known", each, percent(same))
	x.Expected = fmt.Sprintf("below %s of frames", percent(j.SameSize))
	return x, true
}

func (j *judge) churn() (x Finding, found bool) {
	p := &j.t.promoted
	share := ratio(p.frames, j.span)
	if p.frames < fewFrames || !exceeds(share, j.Churn) {
		return x, false
	}
	// What goes to a pool churns only if it comes back.
	if p.toPool == p.values && j.w.poolPuts*5 < j.w.promotedToPool*4 {
		return x, false
	}
	x = j.finding(diag.FA520, framealloc.IntentFrame, share, j.Churn)
	x.Type = shortType(p.typ)
	x.Observed = fmt.Sprintf("promoted in %s of frames, %s: %s", percent(share), p.where(), count(p.values, "value"))
	x.Expected = fmt.Sprintf("below %s of frames", percent(j.Churn))
	return x, true
}

func (j *judge) survival() (x Finding, found bool) {
	t, p := j.t, &j.t.promoted
	share := ratio(p.bytes, t.bytes)
	if p.frames < fewFrames || p.values < fewObjects || !exceeds(share, j.Survival) {
		return x, false
	}
	x = j.finding(diag.FA502, framealloc.IntentFrame, share, j.Survival)
	x.Type = shortType(p.typ)
	x.Observed = fmt.Sprintf("%s of the frame memory promoted, %s: %s of %s", percent(share), p.where(), size(p.bytes), size(t.bytes))
	x.Expected = fmt.Sprintf("below %s", percent(j.Survival))
	return x, true
}

// where says what became of the values.
func (p *promotions) where() string {
	var parts []string
	for _, x := range []struct {
		n  uint64
		to string
	}{{p.toHeap, "to the heap"}, {p.toPool, "to a pool"}, {p.toOther, "to a scratch"}} {
		switch {
		case x.n == p.values:
			return x.to
		case x.n > 0:
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.to))
		}
	}
	return strings.Join(parts, ", ")
}

func (j *judge) poolAsScratch() (list []Finding) {
	if j.t.pool.frames < fewFrames {
		return nil
	}
	for i := range j.t.pool.sites {
		s := &j.t.pool.sites[i]
		share := ratio(s.sameFrame, s.followed)
		if s.followed < fewObjects || !exceeds(share, j.SameFrame) {
			continue
		}
		x := j.finding(diag.FA510, framealloc.IntentPool, share, j.SameFrame)
		x.at(s)
		x.Observed = fmt.Sprintf("%s of %s put back in the frame that took them", percent(share), count(s.followed, "object"))
		x.Expected = fmt.Sprintf("below %s", percent(j.SameFrame))
		if x.Type == "" {
			x.Suggestion = "use framealloc.Bytes from the frame in place of BytesGet and BytesPut"
		}
		list = append(list, x)
	}
	return list
}

func (j *judge) hotHeap() (x Finding, found bool) {
	h := &j.t.heap
	share := ratio(h.frames, j.span)
	if h.frames < fewFrames || !exceeds(share, j.HotHeap) {
		return x, false
	}
	x = j.finding(diag.FA530, framealloc.IntentHeap, share, j.HotHeap)
	x.Observed = fmt.Sprintf("%s in %s, in %s of frames", size(h.bytes/h.frames), count(max(1, h.allocations/h.frames), "allocation"), percent(share))
	x.Expected = fmt.Sprintf("below %s of frames", percent(j.HotHeap))
	if s := h.sites.largest(); s != nil {
		x.at(s)
	}
	if h.looked > 0 && h.seen*2 < h.looked && !j.w.forks { // most was asked of the frame
		x.Type, x.Caller, x.pc = "", "", 0
		x.Observed += ", spilled over a budget with the policy Promote"
		x.Suggestion = "raise the budget, or Config.MaxFrameBytes, to what a frame needs; or let the tag take less"
	}
	return x, true
}

// largest returns the line that took most bytes, the first of several.
func (s sites) largest() (most *site) {
	for i := range s {
		if most == nil || s[i].bytes > most.bytes {
			most = &s[i]
		}
	}
	return most
}
