// Package finding holds what the analyzer found, in the one form that every
// filter, report, fix and editor reads.
package finding

import (
	"cmp"
	"slices"

	"github.com/framealloc/framealloc/diag"
)

// Finding is one mistake at one place.
type Finding struct {
	Code     diag.Code
	Severity diag.Severity // as the catalogue says, until a policy changes it
	Message  string        // one sentence, without the code
	Package  string        // import path of the package that holds the place
	Range    Range
	Flow     []Step // how the value came here, in order; may be empty
	Fixes    []Fix  // alternatives, the best one first; may be empty

	// Fingerprint identifies the finding when lines above it come and go.
	// It is empty until [Identify] sets it.
	Fingerprint string
}

// Step is one place on the way of a value from where it was made to where it
// must not be.
type Step struct {
	Message string
	Range   Range
}

// Fix is a change that removes the finding and leaves the code compiling.
type Fix struct {
	Message string
	Edits   []Edit
}

// Edit replaces the bytes from Start up to End of a file.
type Edit struct {
	File       string // absolute
	Start, End int    // byte offsets
	New        string
}

// Range is a half-open run of source text.
type Range struct {
	File       string // absolute
	Start, End Point
}

// Point is a place in a file.
type Point struct {
	Offset int // in bytes from 0
	Line   int // from 1
	Column int // in bytes, from 1
}

// Sort orders findings as a person reads them: by file, place and code.
func Sort(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Range.File, b.Range.File),
			cmp.Compare(a.Range.Start.Line, b.Range.Start.Line),
			cmp.Compare(a.Range.Start.Column, b.Range.Start.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Compact removes findings that say the same about the same place from a
// sorted list. They come from a package that is analyzed twice, once alone and
// once with its tests.
func Compact(fs []Finding) []Finding {
	return slices.CompactFunc(fs, func(a, b Finding) bool {
		return a.Code == b.Code && a.Message == b.Message &&
			a.Range.File == b.Range.File && a.Range.Start == b.Range.Start
	})
}
