package corpus_test

import (
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/corpus"
)

// Every mistake in the corpus is found, and nothing else.
func TestCorpus(t *testing.T) {
	rep, err := corpus.Measure()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Missed {
		t.Error(s)
	}
	for _, s := range rep.Wrong {
		t.Error(s)
	}
	var table strings.Builder
	if err := rep.Print(&table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())

	rows := make(map[diag.Code]corpus.Row)
	for _, r := range rep.Rows {
		rows[r.Code] = r
	}
	for _, a := range checks.Analyzers() {
		code := diag.Code(strings.ToUpper(a.Name))
		if _, ok := diag.Lookup(code); !ok {
			continue // of the directives
		}
		if r := rows[code]; r.Bad < 6 || r.Good < 6 {
			t.Errorf("%s has %d bad and %d good cases, want 6 of each", code, r.Bad, r.Good)
		}
	}
}
