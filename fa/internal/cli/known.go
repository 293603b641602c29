package cli

import (
	"context"
	"slices"

	"github.com/framealloc/framealloc/fa/internal/baseline"
	"github.com/framealloc/framealloc/fa/internal/changed"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/report"
)

// known tells the findings that a run is not about: those that the baseline
// accepts, and those in lines that did not change since a revision.
type known struct {
	accepted *baseline.Baseline // nil: none
	lines    *changed.Lines     // nil: all
}

func (s *session) known(ctx context.Context, o *options) (k known, err error) {
	if k, err = readKnown(s.baseline); err != nil {
		return k, err
	}
	if o.newFrom != "" {
		k.lines, err = changed.Since(ctx, s.dir, o.newFrom)
	}
	return k, err
}

// readKnown reads a baseline file; "" is none.
func readKnown(file string) (k known, err error) {
	if file != "" {
		k.accepted, err = baseline.Read(file)
	}
	return k, err
}

// has reports whether a finding is known.
func (k known) has(f finding.Finding) bool {
	return k.accepts(f) || k.lines != nil && !k.lines.Touch(f.Range)
}

func (k known) accepts(f finding.Finding) bool { return k.accepted != nil && k.accepted.Has(f) }

// narrow leaves only findings that are not known, and counts the others.
func (k known) narrow(rep *report.Report) {
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f finding.Finding) bool {
		switch {
		case k.accepts(f):
			rep.Suppressed++
		case k.has(f):
			rep.Unchanged++
		default:
			return false
		}
		return true
	})
}

// gone returns the number of accepted findings that a narrowed report of the
// whole program did not meet: they can go from the baseline.
func (k known) gone(rep *report.Report) int {
	if k.accepted == nil {
		return 0
	}
	return k.accepted.Len() - rep.Suppressed
}
