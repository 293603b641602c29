package main

import "math"

// results is the object that -json prints.
type results struct {
	Results []result `json:"results"`
}

// A result is one cell of the table.
type result struct {
	Case    string   `json:"case"`
	Impl    string   `json:"impl"`
	Version string   `json:"version"`
	NS      float64  `json:"ns"`             // median over the passes
	MinNS   float64  `json:"min_ns"`         // least over the passes
	Ratio   *float64 `json:"ratio_to_floor"` // median of the pairs' ratios
	GCSafe  bool     `json:"gc_safe"`        // may hold pointers into the heap
	GC      string   `json:"gc"`             // the same in words
	Zeroed  bool     `json:"zeroed"`
}

func (r *report) json() results {
	out := results{Results: []result{}}
	for _, c := range r.cases {
		for _, p := range r.peers {
			samples := r.samples[key{p.Name, c}]
			if len(samples) == 0 {
				continue
			}
			cell := result{
				Case: string(c), Impl: p.Name, Version: p.Version,
				NS: round(samples.Median()), MinNS: round(samples.Min()),
				GCSafe: r.verdicts[p.Name].Safe, GC: r.verdicts[p.Name].Text,
				Zeroed: c.Zeroed() && !p.Uninit,
			}
			if ratio, ok := r.ratio(key{p.Name, c}); ok {
				ratio = round(ratio)
				cell.Ratio = &ratio
			}
			out.Results = append(out.Results, cell)
		}
	}
	return out
}

// round keeps three decimals: picoseconds.
func round(ns float64) float64 { return math.Round(ns*1000) / 1000 }
