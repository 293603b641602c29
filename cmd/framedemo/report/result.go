// Package report turns frame times into what a person looks at: figures, a table,
// a plot as PNG and as a page.
package report

import (
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/framealloc/framealloc"
)

// A Mode is what one mode took. Its JSON names are the command's interface.
type Mode struct {
	Mode               string  `json:"mode"`
	Frames             int     `json:"frames"`
	P50                float64 `json:"p50_ms"`
	P99                float64 `json:"p99_ms"`
	P999               float64 `json:"p999_ms"`
	Max                float64 `json:"max_ms"`
	OverBudget         int     `json:"over_budget"`
	HeapAllocsPerFrame float64 `json:"heap_allocs_per_frame"`
	HeapBytesPerFrame  float64 `json:"heap_bytes_per_frame"`
	Collections        int     `json:"collections"`
	CollectorCPU       float64 `json:"gc_cpu_s"`
	ImageSHA256        string  `json:"image_sha256"`

	// Garbage names the lines that allocated on the heap, for the mixed mode.
	Garbage *framealloc.GarbageReport `json:"garbage,omitempty"`
}

// A Tag says what one tag took in the last frame of a mode.
type Tag struct {
	Path        string
	Bytes       int
	Allocations int
}

// A Run is a mode with all its frame times, in the order of the frames.
type Run struct {
	Mode
	Times []time.Duration
	Tags  []Tag
	Image []byte // the last frame, as PNG
}

// Summarize fills in the figures that follow from the frame times.
func (r *Run) Summarize(budget time.Duration) {
	sorted := slices.Clone(r.Times)
	slices.Sort(sorted)
	r.Frames = len(sorted)
	r.P50, r.P99, r.P999 = ms(Percentile(sorted, 0.5)), ms(Percentile(sorted, 0.99)), ms(Percentile(sorted, 0.999))
	r.Max = ms(Percentile(sorted, 1))
	r.OverBudget = 0
	for _, t := range sorted {
		if t > budget {
			r.OverBudget++
		}
	}
}

// Percentile returns the smallest of the sorted times that at least the share q
// of them do not exceed (the nearest rank), 0 where there are none.
func Percentile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(q*float64(len(sorted)) + 0.999999)
	return sorted[min(max(rank, 1), len(sorted))-1]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// JSON writes the runs as one object.
func JSON(w io.Writer, runs []Run) error {
	out := struct {
		Modes []Mode `json:"modes"`
	}{Modes: []Mode{}}
	for _, r := range runs {
		out.Modes = append(out.Modes, r.Mode)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
