package metrics

import (
	"iter"
	"strings"

	"github.com/framealloc/framealloc/snapshot"
)

// A Figure is something that is counted or measured, with its name.
type Figure struct {
	Name   string   // dotted: "framealloc.frame.allocated"
	Kind   Kind     // how it behaves
	Unit   string   // in UCUM: "By", "s", or what is counted: "{frame}"
	Help   string   // one sentence
	Labels []string // names of the labels; at most MaxLabels

	read func(s *snapshot.Snapshot, yield func(Point) bool)
}

// Kind says how a figure behaves.
type Kind uint8

// The kinds.
const (
	Counter   Kind = iota // a sum that only grows
	UpDown                // a sum that also shrinks: adding those of several workers means something
	Gauge                 // a value of its own: adding means nothing
	Histogram             // how often which range of values occurred
)

// String returns the kind's name in lower case.
func (k Kind) String() string {
	return [...]string{"counter", "updown", "gauge", "histogram"}[k&3]
}

// MaxLabels is the most labels that a figure has.
const MaxLabels = 4

// Point is one value of a figure.
type Point struct {
	// Labels are the values of the figure's labels, in their order.
	Labels [MaxLabels]string
	// Value is in the figure's unit; for seconds, in nanoseconds. For a
	// histogram it is the sum of what was measured.
	Value uint64
	// Buckets are those of a histogram, the last without an upper bound: how many
	// values were up to each of Figure.Bounds and above the one before.
	Buckets []uint64
}

// Points iterates over the values that the figure has in a snapshot, one for each
// combination of labels. What a Point refers to is the snapshot's.
func (f Figure) Points(s *snapshot.Snapshot) iter.Seq[Point] {
	return func(yield func(Point) bool) { f.read(s, yield) }
}

// Seconds reports whether the figure is a duration.
func (f Figure) Seconds() bool { return f.Unit == "s" }

// Float returns a point's value in the figure's unit.
func (f Figure) Float(value uint64) float64 {
	if f.Seconds() {
		return float64(value) / 1e9
	}
	return float64(value)
}

// Bounds returns the upper bounds of a histogram's buckets in seconds, nil for
// other figures.
func (f Figure) Bounds() []float64 {
	if f.Kind != Histogram {
		return nil
	}
	var bounds []float64
	for _, d := range snapshot.DurationBounds() {
		bounds = append(bounds, d.Seconds())
	}
	return bounds
}

// PrometheusName returns the name of the figure's series for Prometheus:
// underscores for dots, the unit at the end, and _total for a counter.
func (f Figure) PrometheusName() string {
	if f.Kind == Counter {
		return f.family() + "_total"
	}
	return f.family()
}

// family is the name without _total.
func (f Figure) family() string {
	name := strings.ReplaceAll(f.Name, ".", "_")
	if u := f.unitWord(); u != "" {
		name += "_" + u
	}
	return name
}

// unitWord returns the unit as Prometheus spells it, "" for counts of things.
func (f Figure) unitWord() string {
	switch f.Unit {
	case "By":
		return "bytes"
	case "s":
		return "seconds"
	}
	return ""
}

// prometheusType returns the type as Prometheus knows it.
func (f Figure) prometheusType() string {
	if f.Kind == UpDown {
		return "gauge"
	}
	return f.Kind.String()
}
