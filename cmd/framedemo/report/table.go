package report

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Table writes the runs side by side.
func Table(w io.Writer, runs []Run, budget time.Duration) {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "mode\tp50 ms\tp99 ms\tp99.9 ms\tmax ms\tover %.1f ms\theap allocs/frame\theap bytes/frame\tcollections\tcollector CPU s\t\n", ms(budget))
	for _, r := range runs {
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%d of %d\t%.2f\t%s\t%d\t%.2f\t\n",
			r.Mode.Mode, r.P50, r.P99, r.P999, r.Max, r.OverBudget, r.Frames, r.HeapAllocsPerFrame, size(r.HeapBytesPerFrame), r.Collections, r.CollectorCPU)
	}
	t.Flush()
}

// TagTable writes what each tag of a run took in its last frame.
func TagTable(w io.Writer, r Run) {
	if len(r.Tags) == 0 {
		return
	}
	fmt.Fprintf(w, "\nframe memory by tag, last frame of %s:\n", r.Mode.Mode)
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "tag\tmemory\tallocations\t\n")
	for _, tag := range r.Tags {
		path := tag.Path
		if path == "" {
			path = "(none)"
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t\n", path, size(float64(tag.Bytes)), tag.Allocations)
	}
	t.Flush()
}

// GarbageTable writes which lines of a run allocated on the heap, if anybody
// looked.
func GarbageTable(w io.Writer, r Run) {
	if r.Garbage != nil {
		fmt.Fprintf(w, "\nwhat %s leaves on the heap, %v", r.Mode.Mode, r.Garbage)
	}
}

func size(b float64) string {
	switch {
	case b >= 1<<20:
		return fmt.Sprintf("%.1f MiB", b/(1<<20))
	case b >= 1<<10:
		return fmt.Sprintf("%.1f KiB", b/(1<<10))
	}
	return fmt.Sprintf("%.0f B", b)
}
