package diag

import "iter"

// Lookup returns the catalogue's entry for a code.
func Lookup(c Code) (Entry, bool) {
	for e := range All() {
		if e.Code == c {
			return e, true
		}
	}
	return Entry{}, false
}

// All returns the entries of the catalogue in the order of their codes.
func All() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {}
}
