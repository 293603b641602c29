package lsp

import (
	"strings"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// at returns the findings of a file that touch a range.
func (s *Server) at(uri string, r textRange) ([]finding.Finding, *source.Cache) {
	path, _ := pathOf(uri)
	s.mu.Lock()
	defer s.mu.Unlock()
	var hits []finding.Finding
	for _, f := range s.found[path] {
		g := toRange(f.Range, s.files)
		if !r.End.before(g.Start) && !g.End.before(r.Start) {
			hits = append(hits, f)
		}
	}
	return hits, s.files
}

// actions offers the fixes of the findings at a place. Nothing is offered if
// the text has changed since it was analyzed: the offsets would be wrong.
func (s *Server) actions(p codeActionParams) []codeAction {
	list := []codeAction{}
	hits, files := s.at(p.Document.URI, p.Range)
	for _, f := range hits {
		for i, fix := range f.Fixes {
			if !s.current(fix, files) {
				continue
			}
			changes := make(map[string][]textEdit)
			for _, e := range fix.Edits {
				uri := uriOf(e.File)
				text := files.Text(e.File)
				changes[uri] = append(changes[uri], textEdit{
					Range:   textRange{positionAt(text, e.Start), positionAt(text, e.End)},
					NewText: e.New,
				})
			}
			list = append(list, codeAction{
				Title:       string(f.Code) + ": " + fix.Message,
				Kind:        "quickfix",
				Diagnostics: []diagnostic{toDiagnostic(f, files)},
				Preferred:   i == 0,
				Edit:        workspaceEdit{Changes: changes},
			})
		}
	}
	return list
}

// current reports whether the open files are still what the fix was made for.
func (s *Server) current(fix finding.Fix, files *source.Cache) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range fix.Edits {
		if text, open := s.docs[e.File]; open && text != files.Text(e.File) {
			return false
		}
		if e.End > len(files.Text(e.File)) {
			return false
		}
	}
	return true
}

// hover explains the codes of the findings at a place.
func (s *Server) hover(p hoverParams) any {
	hits, files := s.at(p.Document.URI, textRange{p.Position, p.Position})
	var parts []string
	for _, f := range hits {
		e, ok := codes.Lookup(f.Code)
		if !ok {
			continue
		}
		text := "**" + string(e.Code) + "** " + e.Name + "\n\n" + e.Explanation
		if e.Help != "" {
			text += "\n\n" + e.Help
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return nil
	}
	r := toRange(hits[0].Range, files)
	return hover{Contents: markup{Kind: "markdown", Value: strings.Join(parts, "\n\n---\n\n")}, Range: &r}
}
