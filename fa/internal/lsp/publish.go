package lsp

import (
	"context"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/report"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// publish shows the findings of one file in the editor.
func (s *Server) publish(ctx context.Context, file string, found []finding.Finding, files *source.Cache) {
	list := []diagnostic{}
	for _, f := range found {
		list = append(list, toDiagnostic(f, files))
	}
	_ = s.conn.Notify(ctx, "textDocument/publishDiagnostics", publishDiagnostics{URI: uriOf(file), Diagnostics: list})
}

// toDiagnostic converts a finding to the editor's form.
func toDiagnostic(f finding.Finding, files *source.Cache) diagnostic {
	d := diagnostic{
		Range:    toRange(f.Range, files),
		Severity: 2,
		Code:     string(f.Code),
		Page:     codeDescription{report.CodePage(f.Code)},
		Source:   "fa",
		Message:  f.Message,
	}
	switch f.Severity {
	case diag.SeverityError:
		d.Severity = 1
	case diag.SeverityHint:
		d.Severity = 3 // "information": editors show their hints as three dots
	}
	for _, step := range f.Flow {
		d.Related = append(d.Related, related{
			Location: location{URI: uriOf(step.Range.File), Range: toRange(step.Range, files)},
			Message:  step.Message,
		})
	}
	return d
}

func toRange(r finding.Range, files *source.Cache) textRange {
	return textRange{toPosition(r.File, r.Start, files), toPosition(r.File, r.End, files)}
}

func toPosition(file string, p finding.Point, files *source.Cache) position {
	return position{p.Line - 1, files.UTF16Column(file, p.Line, p.Column) - 1}
}
