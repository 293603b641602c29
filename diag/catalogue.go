package diag

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
)

//go:generate go run ./internal/codespage -o ../docs/codes.md

// The library's own codes, by the digit after "FA", each in the order of codes.
var catalogue = [10][]Entry{
	frameEntries, engineEntries, threadingEntries, budgetEntries, handleEntries,
	behaviorEntries, lifetimeEntries, asyncEntries, architectureEntries, internalEntries,
}

// registered holds the codes of engines, sorted by code. The slice is never
// changed, only replaced, so that readers need no lock.
var (
	registerMu sync.Mutex
	registered atomic.Pointer[[]Entry]
)

// Lookup returns the catalogue's entry for a code, one of the library's own or
// one that was given to [Register].
func Lookup(c Code) (Entry, bool) {
	if e := find(c); e != nil {
		return *e, true
	}
	return Entry{}, false
}

// find returns the entry for a code, or nil. The entry must not be changed.
func find(c Code) *Entry {
	if len(c) == 5 && c[:2] == "FA" && '0' <= c[2] && c[2] <= '9' {
		entries := catalogue[c[2]-'0']
		for i := range entries {
			if entries[i].Code == c {
				return &entries[i]
			}
		}
		return nil
	}
	if own := registered.Load(); own != nil {
		if i, ok := slices.BinarySearchFunc(*own, c, byCode); ok {
			return &(*own)[i]
		}
	}
	return nil
}

func byCode(e Entry, c Code) int { return cmp.Compare(e.Code, c) }

// All returns the entries of the catalogue: the library's in the order of
// their codes, then the registered ones in the order of theirs.
func All() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, entries := range catalogue {
			for _, e := range entries {
				if !yield(e) {
					return
				}
			}
		}
		if own := registered.Load(); own != nil {
			for _, e := range *own {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Register adds an engine's own code to the catalogue, for all reporters of the
// program. The code is two to eight capital letters, not FA, and three digits:
// "ENG001". Name and Severity are needed; an empty Found becomes RunTime, an
// empty Category the letters of the code. Register returns an error, and
// changes nothing, if the entry is not so or the code is taken.
func Register(e Entry) error {
	prefix, err := ownPrefix(e.Code)
	if err != nil {
		return err
	}
	if e.Name == "" {
		return fmt.Errorf("diag: code %s has no name", e.Code)
	}
	if e.Severity < SeverityHint || e.Severity > SeverityError {
		return fmt.Errorf("diag: code %s has no severity", e.Code)
	}
	if e.Found == 0 {
		e.Found = RunTime
	}
	if e.Category == "" {
		e.Category = Category(prefix)
	}

	registerMu.Lock()
	defer registerMu.Unlock()
	var old []Entry
	if p := registered.Load(); p != nil {
		old = *p
	}
	i, taken := slices.BinarySearchFunc(old, e.Code, byCode)
	if taken {
		return fmt.Errorf("diag: code %s is already registered as %q", e.Code, old[i].Name)
	}
	grown := slices.Insert(slices.Clone(old), i, e)
	registered.Store(&grown)
	return nil
}

// MustRegister is [Register] for package variables: it returns the code, and
// panics where Register returns an error.
//
//	var ErrTooManySprites = diag.MustRegister(diag.Entry{Code: "ENG001", …})
func MustRegister(e Entry) Code {
	if err := Register(e); err != nil {
		panic(err)
	}
	return e.Code
}

// ownPrefix returns the letters of an engine's own code.
func ownPrefix(c Code) (string, error) {
	n := 0
	for n < len(c) && 'A' <= c[n] && c[n] <= 'Z' {
		n++
	}
	digits := c[n:]
	ok := 2 <= n && n <= 8 && len(digits) == 3
	for i := 0; ok && i < len(digits); i++ {
		ok = '0' <= digits[i] && digits[i] <= '9'
	}
	if !ok {
		return "", fmt.Errorf("diag: code %q is not two to eight capital letters and three digits", string(c))
	}
	if c[:n] == "FA" {
		return "", fmt.Errorf("diag: code %s: the letters FA are the library's own", c)
	}
	return string(c[:n]), nil
}
