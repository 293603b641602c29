package check

import (
	"go/token"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Escapes reports the escapes that are the mistake with this code, each
// allocation once at each place. The words say what is wrong with each.
func Escapes(r *engine.Result, rep *Reporter, code diag.Code, words func(*engine.Escape) engine.Finding) {
	seen := make(map[token.Pos]bool)
	for _, e := range r.Escapes {
		c, likely := r.Verdict(e)
		if c != code {
			continue
		}
		f := words(e)
		if !f.Pos.IsValid() {
			f.Pos = e.Pos
		}
		if seen[f.Pos] {
			continue
		}
		seen[f.Pos] = true
		f.Way = r.Way(e)
		f.Likely = f.Likely || likely
		rep.Report(f)
	}
}
