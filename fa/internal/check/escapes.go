package check

import (
	"go/token"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Escapes reports the escapes that are the mistake with this code, one in
// each statement. The words say what is wrong with each.
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
		at := f.Pos
		if n := r.Statement(at); n != nil {
			at = n.Pos()
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		f.Way = r.Way(e)
		f.Likely = f.Likely || likely
		rep.Report(f)
	}
}
