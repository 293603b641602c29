// Package codes knows which codes the analyzer can report, the categories that
// they are selected by, and what a misspelt one was meant to be.
package codes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/framealloc/framealloc/diag"
)

// Category is a group of codes with the flag that selects it.
type Category struct {
	diag.Category
	Flag    string   // "budgets" for --budgets
	Aliases []string // other names of the flag
	Summary string   // what the flag's help says
}

// Categories lists the categories that the analyzer has codes in.
func Categories() []Category {
	return []Category{
		{diag.CategoryThreading, "threading", nil, "frames, workers and goroutines (FA2xx)"},
		{diag.CategoryBudget, "budgets", nil, "unbounded allocation and missing budgets (FA3xx)"},
		{diag.CategoryLifetime, "lifetime", []string{"dirtymem"}, "escapes, use after the frame, allocation patterns (FA6xx)"},
		{diag.CategoryAsync, "async", []string{"async-safety"}, "frames across waits and callbacks (FA7xx)"},
		{diag.CategoryArchitecture, "architecture", nil, "the program's own rules about tags and intents (FA8xx)"},
	}
}

// All returns what fa can report: the catalogue's entries that can be found at
// build time, in the order of their codes, and the directives'.
func All() []diag.Entry {
	var all []diag.Entry
	for e := range diag.All() {
		if e.Found&diag.BuildTime != 0 {
			all = append(all, e)
		}
	}
	return append(all, directives)
}

// Lookup returns the entry of a code of the catalogue or of the directives'.
func Lookup(c diag.Code) (diag.Entry, bool) {
	if c == Directives {
		return directives, true
	}
	return diag.Lookup(c)
}

// Normalize brings a code that a person typed into the catalogue's form:
// "fa601" and "601" mean FA601.
func Normalize(s string) diag.Code {
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) == 3 && strings.Trim(s, "0123456789") == "" {
		s = "FA" + s
	}
	return diag.Code(s)
}

// Find returns the entry of a code that a person typed, or an error that names
// the codes that come closest.
func Find(s string) (diag.Entry, error) {
	e, ok := Lookup(Normalize(s))
	if ok {
		return e, nil
	}
	var names []string
	for e := range diag.All() {
		names = append(names, string(e.Code))
	}
	return diag.Entry{}, fmt.Errorf("unknown code %q%s", s, DidYouMean(string(Normalize(s)), names))
}

// Select returns the build-time codes that a selector stands for: a code
// ("FA601"), a prefix ("FA6"), a category ("lifetime", "dirtymem") or "all".
func Select(selector string) ([]diag.Code, error) {
	name := strings.ToLower(strings.TrimSpace(selector))
	var out []diag.Code
	code := Normalize(selector)
	for _, e := range All() {
		if name == "all" || e.Code == code || isPrefix(string(code), e.Code) || inCategory(name, e.Category) {
			out = append(out, e.Code)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	if e, ok := diag.Lookup(code); ok {
		return nil, fmt.Errorf("%s is found at %s only: fa does not report it", e.Code, e.Found)
	}
	candidates := []string{"all", string(directives.Category)}
	for _, e := range All() {
		candidates = append(candidates, string(e.Code))
	}
	for _, c := range Categories() {
		candidates = append(candidates, c.Flag)
		candidates = append(candidates, c.Aliases...)
	}
	meant := selector
	if strings.HasPrefix(string(code), "FA") {
		meant = string(code)
	}
	return nil, fmt.Errorf("unknown code or category %q%s", selector, DidYouMean(meant, candidates))
}

// isPrefix reports whether s is "FA" and one or two digits that code begins with.
func isPrefix(s string, code diag.Code) bool {
	return len(s) > 2 && len(s) < 5 && strings.HasPrefix(s, "FA") && strings.HasPrefix(string(code), s)
}

func inCategory(name string, c diag.Category) bool {
	if name == string(c) {
		return true
	}
	for _, k := range Categories() {
		if k.Category == c {
			return name == k.Flag || slices.Contains(k.Aliases, name)
		}
	}
	return false
}
