package metrics

import (
	"bytes"
	"encoding/json"
	"math"

	"github.com/framealloc/framealloc/snapshot"
)

// String returns the figures as a JSON object, by their dotted names: numbers, or
// for figures with labels objects of numbers by the labels' values, one inside the
// other. Durations are in seconds; a histogram is an object with "count", "sum" and
// "buckets". With several allocators, or one with a name, all of it stands in an
// object by the allocators' names. That makes an Exporter an expvar variable:
//
//	expvar.Publish("framealloc", exporter)
func (e *Exporter) String() string {
	var text bytes.Buffer
	_ = e.render(&text, writeJSON) // a buffer takes all
	return text.String()
}

func writeJSON(b *bytes.Buffer, taken []snapshot.Snapshot) {
	var all any
	byName := map[string]any{}
	for i := range taken {
		figures := figuresOf(&taken[i])
		if byName[taken[i].Allocator] = figures; taken[i].Allocator == "" && len(taken) == 1 {
			all = figures
		}
	}
	if all == nil {
		all = byName
	}
	text, err := json.Marshal(all)
	if err != nil { // maps of numbers
		panic("metrics: " + err.Error())
	}
	b.Write(text)
}

// figuresOf returns the figures of one allocator as what encoding/json knows.
func figuresOf(s *snapshot.Snapshot) map[string]any {
	figures := map[string]any{}
	for _, f := range table {
		for p := range f.Points(s) {
			in, key := figures, f.Name
			for i := range f.Labels {
				inner, ok := in[key].(map[string]any)
				if !ok {
					inner = map[string]any{}
					in[key] = inner
				}
				in, key = inner, p.Labels[i]
			}
			in[key] = valueOf(f, p)
		}
	}
	return figures
}

func valueOf(f Figure, p Point) any {
	if f.Kind == Histogram {
		count := uint64(0)
		buckets := map[string]uint64{}
		bounds := append(f.Bounds(), math.Inf(1))
		for i, n := range p.Buckets {
			count += n
			buckets[formatFloat(bounds[i])] = n
		}
		return map[string]any{"count": count, "sum": f.Float(p.Value), "buckets": buckets}
	}
	if f.Seconds() {
		return f.Float(p.Value)
	}
	return p.Value
}
