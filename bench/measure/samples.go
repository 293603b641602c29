package measure

import (
	"slices"
)

// Samples are the nanoseconds measured for one peer and case, one a pass.
type Samples []float64

// Median returns the middle value, the lower one of two. It panics for none.
func (s Samples) Median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[(len(sorted)-1)/2]
}

// Min returns the smallest value: what the peer costs when nothing disturbs it.
// It panics for none.
func (s Samples) Min() float64 { return slices.Min(s) }
