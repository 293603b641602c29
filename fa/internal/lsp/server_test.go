package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/finding"
)

// editor is the other end of a session.
type editor struct {
	t         *testing.T
	conn      *jsonrpc2.Conn
	published chan publishDiagnostics
	messages  chan showMessage
}

// start serves an editor with an analysis that finds the word "bad" in the
// open files, with a fix for it. The module "broken" cannot be analyzed.
func start(t *testing.T) *editor {
	server := &Server{Version: "test", Quiet: time.Millisecond, Analyze: func(_ context.Context, module string, _ []string, overlay map[string][]byte) (*driver.Result, error) {
		if filepath.Base(module) == "broken" {
			return nil, errors.New("cannot be analyzed")
		}
		res := new(driver.Result)
		for name, text := range overlay {
			for n, line := range strings.Split(string(text), "\n") {
				i := strings.Index(line, "bad")
				if i < 0 {
					continue
				}
				offset := strings.Index(string(text), line) + i
				r := finding.Range{File: name,
					Start: finding.Point{Offset: offset, Line: n + 1, Column: i + 1},
					End:   finding.Point{Offset: offset + 3, Line: n + 1, Column: i + 4}}
				res.Findings = append(res.Findings, finding.Finding{
					Code: diag.FA601, Severity: diag.SeverityError, Message: "bad", Range: r,
					Flow:  []finding.Step{{Message: "from here", Range: r}},
					Fixes: []finding.Fix{{Message: "make it good", Edits: []finding.Edit{{File: name, Start: offset, End: offset + 3, New: "good"}}}},
				})
			}
		}
		return res, nil
	}}
	ours, theirs := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(ctx, theirs, theirs); err != nil {
			t.Error(err)
		}
	}()
	e := &editor{t: t, published: make(chan publishDiagnostics, 16), messages: make(chan showMessage, 16)}
	e.conn = jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(ours, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
			switch r.Method {
			case "textDocument/publishDiagnostics":
				var p publishDiagnostics
				if err := json.Unmarshal(*r.Params, &p); err != nil {
					t.Error(err)
				}
				e.published <- p
			case "window/showMessage":
				var p showMessage
				if err := json.Unmarshal(*r.Params, &p); err != nil {
					t.Error(err)
				}
				e.messages <- p
			}
			return nil, nil
		}))
	t.Cleanup(func() {
		e.notify("exit", nil)
		ours.Close()
		cancel()
		<-done
	})
	var res initializeResult
	e.call("initialize", map[string]any{}, &res)
	if res.Info.Name != "fa" || !res.Capabilities.Hover || res.Capabilities.Sync.Change != 1 {
		t.Errorf("%+v", res)
	}
	e.notify("initialized", map[string]any{})
	return e
}

func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	if err := e.conn.Call(context.Background(), method, params, result); err != nil {
		e.t.Errorf("%s: %v", method, err)
	}
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	if err := e.conn.Notify(context.Background(), method, params); err != nil && !errors.Is(err, jsonrpc2.ErrClosed) {
		e.t.Errorf("%s: %v", method, err)
	}
}

func moduleFile(t *testing.T, module string) (path, uri string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), module)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "a b.go")
	return path, uriOf(path)
}

// A session: findings come with opening and go with the change that mends
// them; fixes and explanations are at their place.
func TestSession(t *testing.T) {
	e := start(t)
	_, uri := moduleFile(t, "game")
	text := "package a\n\nvar ö, bad = 1, 2\n"
	e.notify("textDocument/didOpen", didOpen{Document: document{URI: uri, Text: text}})
	p := <-e.published
	want := textRange{position{2, 7}, position{2, 10}} // in UTF-16: ö is one unit, two bytes
	if p.URI != uri || len(p.Diagnostics) != 1 {
		t.Fatalf("%+v", p)
	}
	if d := p.Diagnostics[0]; d.Range != want || d.Code != "FA601" || d.Severity != 1 || len(d.Related) != 1 || d.Related[0].Location.URI != uri {
		t.Errorf("%+v", d)
	}

	var actions []codeAction
	e.call("textDocument/codeAction", codeActionParams{Document: document{URI: uri}, Range: textRange{position{2, 8}, position{2, 8}}}, &actions)
	if len(actions) != 1 || actions[0].Kind != "quickfix" {
		t.Fatalf("%+v", actions)
	}
	if edits := actions[0].Edit.Changes[uri]; len(edits) != 1 || edits[0] != (textEdit{want, "good"}) {
		t.Errorf("%+v", edits)
	}
	e.call("textDocument/codeAction", codeActionParams{Document: document{URI: uri}, Range: textRange{position{0, 0}, position{1, 0}}}, &actions)
	if len(actions) != 0 {
		t.Errorf("elsewhere: %+v", actions)
	}

	var h *hover
	e.call("textDocument/hover", hoverParams{document{URI: uri}, position{2, 9}}, &h)
	if h == nil || !strings.Contains(h.Contents.Value, "**FA601**") || *h.Range != want {
		t.Errorf("%+v", h)
	}
	h = nil
	e.call("textDocument/hover", hoverParams{document{URI: uri}, position{0, 0}}, &h)
	if h != nil {
		t.Errorf("elsewhere: %+v", h)
	}

	change := map[string]any{"textDocument": document{URI: uri}, "contentChanges": []map[string]string{{"text": "package a\n"}}}
	e.notify("textDocument/didChange", change)
	if p := <-e.published; p.URI != uri || len(p.Diagnostics) != 0 {
		t.Errorf("mended: %+v", p)
	}
}

// Findings go with the file, and no fix is offered for text that changed since.
func TestClose(t *testing.T) {
	e := start(t)
	_, uri := moduleFile(t, "game")
	e.notify("textDocument/didOpen", didOpen{Document: document{URI: uri, Text: "package a // bad\n"}})
	if p := <-e.published; len(p.Diagnostics) != 1 {
		t.Fatalf("%+v", p)
	}
	e.notify("textDocument/didClose", didClose{Document: document{URI: uri}})
	if p := <-e.published; len(p.Diagnostics) != 0 {
		t.Errorf("closed: %+v", p)
	}
}

func TestStaleFix(t *testing.T) {
	s := &Server{docs: map[string]string{}, found: map[string][]finding.Finding{}}
	path, _ := moduleFile(t, "game")
	s.files = newCache(path, "package bad\n")
	fix := finding.Fix{Edits: []finding.Edit{{File: path, Start: 8, End: 11, New: "good"}}}
	s.docs[path] = "package bad\n"
	if !s.current(fix, s.files) {
		t.Error("a fix for the text at hand is stale")
	}
	s.docs[path] = "package  bad\n"
	if s.current(fix, s.files) {
		t.Error("a fix for another text is offered")
	}
}

// What keeps fa from working is said once.
func TestComplaint(t *testing.T) {
	e := start(t)
	_, uri := moduleFile(t, "broken")
	_, good := moduleFile(t, "game")
	e.notify("textDocument/didOpen", didOpen{Document: document{URI: uri, Text: "package a\n"}})
	if m := <-e.messages; !strings.Contains(m.Message, "cannot be analyzed") {
		t.Errorf("%+v", m)
	}
	e.notify("textDocument/didOpen", didOpen{Document: document{URI: good, Text: "package a // bad\n"}})
	<-e.published // a whole round, with the broken module in it
	select {
	case m := <-e.messages:
		t.Errorf("again: %+v", m)
	default:
	}
}

func TestUnknownMethod(t *testing.T) {
	e := start(t)
	var rpc *jsonrpc2.Error
	err := e.conn.Call(context.Background(), "textDocument/rename", map[string]any{}, nil)
	if !errors.As(err, &rpc) || rpc.Code != jsonrpc2.CodeMethodNotFound {
		t.Errorf("%v", err)
	}
	if err := e.conn.Call(context.Background(), "textDocument/hover", []int{1}, nil); !errors.As(err, &rpc) || rpc.Code != jsonrpc2.CodeInvalidParams {
		t.Errorf("%v", err)
	}
	e.call("shutdown", nil, nil)
}

func TestURIs(t *testing.T) {
	for _, path := range []string{"/a/b.go", "/a b/ö#1.go"} {
		if got, ok := pathOf(uriOf(path)); !ok || got != path {
			t.Errorf("%s became %s", path, got)
		}
	}
	if _, ok := pathOf("untitled:Untitled-1"); ok {
		t.Error("an unsaved file is on disk")
	}
}
