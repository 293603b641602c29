// Package lsp serves editors: it shows findings while a program is written,
// offers their fixes and explains their codes. It is meant to run beside gopls.
package lsp

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// Analyze analyzes the packages in some directories of a module, with the
// editor's unsaved files in overlay.
type Analyze func(ctx context.Context, module string, dirs []string, overlay map[string][]byte) (*driver.Result, error)

// Server is one editor's session. Analyses run one at a time: a change during
// an analysis starts another one after it.
type Server struct {
	Analyze Analyze
	Version string

	// Quiet is how long to wait after a change for the next one before the
	// program is analyzed.
	Quiet time.Duration

	conn *jsonrpc2.Conn
	kick chan struct{} // holds one token while there is something to analyze

	mu        sync.Mutex
	docs      map[string]string            // content of the open files, by path
	found     map[string][]finding.Finding // shown now, by file
	files     *source.Cache                // what the findings were found in
	complaint string                       // the last message about what failed, not to repeat it
}

// Serve talks to an editor until it hangs up or ctx ends.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.docs = make(map[string]string)
	s.found = make(map[string][]finding.Finding)
	s.files = new(source.Cache)
	s.kick = make(chan struct{}, 1)

	ready := make(chan struct{}) // conn is set only after NewConn has begun to read
	handler := jsonrpc2.HandlerWithError(func(ctx context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
		<-ready
		return s.handle(r)
	})
	stream := jsonrpc2.NewBufferedStream(pipe{in, out}, jsonrpc2.VSCodeObjectCodec{})
	s.conn = jsonrpc2.NewConn(ctx, stream, handler)
	close(ready)

	done := make(chan struct{})
	go func() {
		defer close(done)
		s.work(ctx)
	}()
	select {
	case <-s.conn.DisconnectNotify():
	case <-ctx.Done():
		s.conn.Close()
	}
	cancel()
	<-done
	return nil
}

// pipe makes one stream of two. Nothing is closed: the editor does that.
type pipe struct {
	io.Reader
	io.Writer
}

func (pipe) Close() error { return nil }

// handle answers one message of the editor.
func (s *Server) handle(r *jsonrpc2.Request) (any, error) {
	switch r.Method {
	case "initialize":
		return s.initialize(), nil
	case "shutdown":
		return nil, nil // there is nothing to save
	case "exit":
		return nil, s.conn.Close()
	case "textDocument/didOpen":
		return with(r, func(p didOpen) any { s.set(p.Document.URI, &p.Document.Text); return nil })
	case "textDocument/didChange":
		return with(r, func(p didChange) any {
			if n := len(p.Changes); n > 0 {
				s.set(p.Document.URI, &p.Changes[n-1].Text) // whole files: see initialize
			}
			return nil
		})
	case "textDocument/didSave":
		return with(r, func(didSave) any { s.again(); return nil })
	case "textDocument/didClose":
		return with(r, func(p didClose) any { s.set(p.Document.URI, nil); return nil })
	case "workspace/didChangeWatchedFiles":
		s.again()
		return nil, nil
	case "textDocument/codeAction":
		return with(r, func(p codeActionParams) any { return s.actions(p) })
	case "textDocument/hover":
		return with(r, func(p hoverParams) any { return s.hover(p) })
	}
	if r.Notif {
		return nil, nil // "initialized", "$/setTrace" and what is yet to come
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "fa does not serve " + r.Method}
}

// with decodes the parameters of a message and answers it.
func with[P any](r *jsonrpc2.Request, answer func(P) any) (any, error) {
	var p P
	if r.Params == nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: r.Method + " without parameters"}
	}
	if err := json.Unmarshal(*r.Params, &p); err != nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return answer(p), nil
}

func (s *Server) initialize() any {
	return initializeResult{
		Capabilities: capabilities{
			Sync:       syncOptions{OpenClose: true, Change: 1, Save: true}, // 1: whole files
			CodeAction: codeActionOptions{Kinds: []string{"quickfix"}},
			Hover:      true,
			Encoding:   "utf-16",
		},
		Info: serverInfo{Name: "fa", Version: s.Version},
	}
}

// set notes the content of an open file; nil: it was closed.
func (s *Server) set(uri string, text *string) {
	path, ok := pathOf(uri)
	if !ok || !strings.HasSuffix(path, ".go") {
		return
	}
	s.mu.Lock()
	if text != nil {
		s.docs[path] = *text
	} else {
		delete(s.docs, path)
	}
	s.mu.Unlock()
	s.again()
}

// again asks for another analysis.
func (s *Server) again() {
	select {
	case s.kick <- struct{}{}:
	default: // one is due already
	}
}

// work analyzes whenever it is asked to.
func (s *Server) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.kick:
		}
		if !s.waitForQuiet(ctx) {
			return
		}
		s.round(ctx)
	}
}

// waitForQuiet returns when nothing has changed for a while.
func (s *Server) waitForQuiet(ctx context.Context) bool {
	timer := time.NewTimer(s.Quiet)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-s.kick:
			timer.Reset(s.Quiet)
		case <-timer.C:
			return true
		}
	}
}

// round analyzes the packages of all open files and shows what is found.
func (s *Server) round(ctx context.Context) {
	s.mu.Lock()
	docs := maps.Clone(s.docs)
	s.mu.Unlock()

	modules := make(map[string][]string) // directories by module
	for path := range docs {
		dir := filepath.Dir(path)
		if module := moduleOf(dir); module != "" {
			modules[module] = append(modules[module], dir)
		}
	}
	overlay := make(map[string][]byte, len(docs))
	files := new(source.Cache)
	for path, text := range docs {
		overlay[path] = []byte(text)
		files.Put(path, text)
	}

	found := make(map[string][]finding.Finding)
	for _, module := range slices.Sorted(maps.Keys(modules)) {
		dirs := modules[module]
		slices.Sort(dirs)
		res, err := s.Analyze(ctx, module, slices.Compact(dirs), overlay)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.complain(ctx, err.Error())
			continue
		}
		for _, f := range res.Findings {
			found[f.Range.File] = append(found[f.Range.File], f)
		}
	}
	s.show(ctx, found, files)
}

// show publishes the findings, and empty lists for the files that had some.
func (s *Server) show(ctx context.Context, found map[string][]finding.Finding, files *source.Cache) {
	s.mu.Lock()
	before := s.found
	s.found, s.files = found, files
	s.mu.Unlock()
	for file := range before {
		if _, ok := found[file]; !ok {
			s.publish(ctx, file, nil, files)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(found)) {
		s.publish(ctx, file, found[file], files)
	}
}

// complain tells the user what keeps fa from working, once. The editor may be
// gone already, so an error of sending is nothing to act on.
func (s *Server) complain(ctx context.Context, message string) {
	if message == s.complaint {
		return
	}
	s.complaint = message
	_ = s.conn.Notify(ctx, "window/showMessage", showMessage{Type: 2, Message: "fa: " + message})
}
