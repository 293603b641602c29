package framealloc

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// Poison mode: what frames give back is filled with 0xCD, and each time the
// worker begins or ends a frame the fill is looked at.

// reportWrites reports what was written to memory after it was given back: once
// for all of one place.
func (w *Worker) reportWrites(found []guard.Damage, at moment) {
	more := make(map[kindred]int, len(found))
	for _, d := range found {
		more[kindred{d.Type, d.Made.PC}]++
	}
	for _, d := range found {
		k := kindred{d.Type, d.Made.PC}
		n := more[k]
		if n == 0 {
			continue // reported
		}
		more[k] = 0
		where := fmt.Sprintf("byte %d of %d", d.Offset, d.Size)
		if field := d.Field(d.Offset); field != "" {
			where += fmt.Sprintf(", its %s,", field)
		}
		report := diagnosis(diag.FA606, d.Record, fmt.Sprintf("%s of %s was written to after it was given back: %s is now % x", named(d.Record), in(d.Record), where, d.Bytes))
		report.Note = w.since(at) + "\n" + report.Note
		if n > 1 {
			report.Note = others("was", "were", n-1) + report.Note
		}
		w.report(report)
	}
}

// since says when what was found now must have happened.
func (w *Worker) since(at moment) string {
	switch at {
	case frameEnds:
		return fmt.Sprintf("written to in frame %d", w.number)
	case frameBegins:
		return fmt.Sprintf("written to between frames %d and %d", w.number-1, w.number)
	}
	return fmt.Sprintf("written to after frame %d began", w.number)
}
