package lsp

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/framealloc/framealloc/fa/internal/source"
)

// The messages of the language server protocol that fa speaks, with the fields
// that it reads or writes.
type (
	position struct {
		Line      int `json:"line"`
		Character int `json:"character"` // UTF-16 code units
	}
	textRange struct {
		Start position `json:"start"`
		End   position `json:"end"`
	}
	location struct {
		URI   string    `json:"uri"`
		Range textRange `json:"range"`
	}
	document struct {
		URI  string `json:"uri"`
		Text string `json:"text,omitempty"`
	}

	initializeResult struct {
		Capabilities capabilities `json:"capabilities"`
		Info         serverInfo   `json:"serverInfo"`
	}
	capabilities struct {
		Sync       syncOptions       `json:"textDocumentSync"`
		CodeAction codeActionOptions `json:"codeActionProvider"`
		Hover      bool              `json:"hoverProvider"`
		Encoding   string            `json:"positionEncoding"`
	}
	syncOptions struct {
		OpenClose bool `json:"openClose"`
		Change    int  `json:"change"`
		Save      bool `json:"save"`
	}
	codeActionOptions struct {
		Kinds []string `json:"codeActionKinds"`
	}
	serverInfo struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}

	didOpen struct {
		Document document `json:"textDocument"`
	}
	didChange struct {
		Document document `json:"textDocument"`
		Changes  []struct {
			Text string `json:"text"`
		} `json:"contentChanges"`
	}
	didSave struct {
		Document document `json:"textDocument"`
	}
	didClose struct {
		Document document `json:"textDocument"`
	}
	codeActionParams struct {
		Document document  `json:"textDocument"`
		Range    textRange `json:"range"`
	}
	hoverParams struct {
		Document document `json:"textDocument"`
		Position position `json:"position"`
	}

	publishDiagnostics struct {
		URI         string       `json:"uri"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}
	diagnostic struct {
		Range    textRange       `json:"range"`
		Severity int             `json:"severity"` // 1 error, 2 warning, 3 information
		Code     string          `json:"code"`
		Page     codeDescription `json:"codeDescription"`
		Source   string          `json:"source"`
		Message  string          `json:"message"`
		Related  []related       `json:"relatedInformation,omitempty"`
	}
	codeDescription struct {
		Href string `json:"href"`
	}
	related struct {
		Location location `json:"location"`
		Message  string   `json:"message"`
	}
	codeAction struct {
		Title       string        `json:"title"`
		Kind        string        `json:"kind"`
		Diagnostics []diagnostic  `json:"diagnostics"`
		Preferred   bool          `json:"isPreferred"`
		Edit        workspaceEdit `json:"edit"`
	}
	workspaceEdit struct {
		Changes map[string][]textEdit `json:"changes"`
	}
	textEdit struct {
		Range   textRange `json:"range"`
		NewText string    `json:"newText"`
	}
	hover struct {
		Contents markup     `json:"contents"`
		Range    *textRange `json:"range,omitempty"`
	}
	markup struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}
	showMessage struct {
		Type    int    `json:"type"` // 2: warning
		Message string `json:"message"`
	}
)

func (p position) before(q position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Character < q.Character
}

// positionAt finds the place of a byte offset in a text.
func positionAt(text string, offset int) position {
	before := text[:offset]
	line := strings.Count(before, "\n")
	return position{line, source.UTF16Len(before[strings.LastIndexByte(before, '\n')+1:])}
}

// pathOf returns the file that a URI names, false if it is not on disk.
func pathOf(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return "", false
	}
	path := u.Path
	if len(path) > 2 && path[0] == '/' && path[2] == ':' {
		path = path[1:] // a drive letter
	}
	return filepath.FromSlash(path), true
}

// uriOf returns the URI of a file.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// moduleOf returns the directory of the module that a directory belongs to, ""
// if there is none.
func moduleOf(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
