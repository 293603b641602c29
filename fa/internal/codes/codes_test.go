package codes

import (
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// Every code of the catalogue that is found at build time is in exactly one
// category, and is reached by its code, its category and each alias of that.
func TestSelect(t *testing.T) {
	inSome := make(map[diag.Code]int)
	for _, c := range Categories() {
		list, err := Select(c.Flag)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range list {
			inSome[code]++
		}
		for _, alias := range append(c.Aliases, string(c.Category), strings.ToUpper(c.Flag)) {
			if got, err := Select(alias); err != nil || !slices.Equal(got, list) {
				t.Errorf("%s selects %v, %s selects %v (%v)", c.Flag, list, alias, got, err)
			}
		}
	}
	for _, e := range All() {
		if e.Code != Directives && inSome[e.Code] != 1 {
			t.Errorf("%s is in %d categories", e.Code, inSome[e.Code])
		}
		for _, s := range []string{string(e.Code), strings.ToLower(string(e.Code)), strings.TrimPrefix(string(e.Code), "FA")} {
			if e.Code == Directives {
				s = string(e.Category)
			}
			if got, err := Select(s); err != nil || len(got) != 1 || got[0] != e.Code {
				t.Errorf("%s selects %v (%v)", s, got, err)
			}
		}
	}
	if all, err := Select("all"); err != nil || len(all) != len(All()) {
		t.Errorf("all selects %v (%v)", all, err)
	}
	if got, err := Select("FA70"); err != nil || len(got) != 3 {
		t.Errorf("FA70 selects %v (%v)", got, err)
	}
	for _, s := range []string{"", "FA", "F", "FA6011", "FA401", "lifetimes!"} {
		if got, err := Select(s); err == nil {
			t.Errorf("%q selects %v", s, got)
		}
	}
}

func TestClosest(t *testing.T) {
	words := []string{"baseline", "completion", "explain", "warning", "error"}
	for word, want := range map[string]string{
		"explian": "explain", "expalin": "explain", "EXPLAIN": "explain",
		"warn": "warning", "comp": "completion", "eror": "error",
		"xyz": "", "": "", "lifetime": "",
	} {
		if got := Closest(word, words); got != want {
			t.Errorf("%q is close to %q, want %q", word, got, want)
		}
	}
}
