package diag

import (
	"cmp"
	"slices"
)

// Counts says how many diagnostics a reporter has taken.
type Counts struct {
	Hints, Warnings, Errors uint64 // taken, by severity
	Passed                  uint64 // passed on to the sinks
	Suppressed              uint64 // kept back: repeats, floods, ignored codes
}

// Total returns how many diagnostics were taken.
func (c Counts) Total() uint64 { return c.Hints + c.Warnings + c.Errors }

func (c *Counts) add(s Severity) {
	switch {
	case s >= SeverityError:
		c.Errors++
	case s == SeverityWarning:
		c.Warnings++
	default:
		c.Hints++
	}
}

// Occurrence is what a reporter remembers of equal diagnostics.
type Occurrence struct {
	Diagnostic        // the latest that was passed on, or the first; Suppressed is what it is now
	Count      uint64 `json:"count"` // how many were taken
}

// Counts returns how many diagnostics the reporter has taken since it was made.
func (r *Reporter) Counts() Counts {
	r = r.self()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}

// Occurrences returns what was reported so far, equal diagnostics as one, by
// code, place and tag: for a report at the end, a snapshot or a live page.
func (r *Reporter) Occurrences() []Occurrence { return r.AppendOccurrences([]Occurrence{}) }

// AppendOccurrences appends what Occurrences returns to list and returns the
// result. For those who ask often: it allocates only where list is too short.
func (r *Reporter) AppendOccurrences(list []Occurrence) []Occurrence {
	r = r.self()
	old := len(list)
	r.mu.Lock()
	for _, o := range r.seen {
		d := o.latest
		d.Suppressed = o.suppressed
		list = append(list, Occurrence{d, o.count})
	}
	r.mu.Unlock()
	added := list[old:]
	for i := range added {
		added[i].Diagnostic = added[i].Complete()
	}
	slices.SortFunc(added, func(a, b Occurrence) int { return byPlace(a.Diagnostic, b.Diagnostic) })
	return list
}

// byPlace orders diagnostics that are not equal.
func byPlace(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Caller, b.Caller),
		cmp.Compare(a.Tag, b.Tag),
		cmp.Compare(a.Worker, b.Worker),
	)
}

// Flush passes on one diagnostic for each place whose diagnostics were kept
// back since the last one passed on, with their count in Suppressed: call it at
// the end of a program, so that nothing that was kept back is lost. Strict mode
// does not look at these again, and the limit per second does not hold.
func (r *Reporter) Flush() {
	r = r.self()
	var held []Diagnostic
	r.mu.Lock()
	for _, o := range r.seen {
		if o.suppressed > 0 {
			d := o.latest
			d.Suppressed, o.suppressed = o.suppressed, 0
			held = append(held, d)
			r.counts.Passed++
		}
	}
	r.mu.Unlock()
	slices.SortFunc(held, byPlace)
	for _, d := range held {
		r.pass(d)
	}
}
