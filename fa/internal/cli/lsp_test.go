package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/framealloc/framealloc/fa/internal/cli"
)

// fa lsp analyzes what the editor holds, not what the disk does, under the
// project's configuration.
func TestLSPCommand(t *testing.T) {
	dir := module(t, library, game)
	write(t, ".fa.toml", "[levels]\nFA607 = 'allow'\n")
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	exited := make(chan int)
	go func() {
		tool := cli.Tool{Analyzers: tinyAnalyzers, Stdin: in, Stdout: out, Stderr: io.Discard}
		exited <- tool.Main([]string{"lsp", "--min-severity=warning", "--stdio"})
		out.Close()
	}()
	type diagnostics struct {
		URI         string
		Diagnostics []struct {
			Code  string
			Range struct{ Start struct{ Line, Character int } }
		}
	}
	published := make(chan diagnostics, 8)
	conn := jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(stdio{fromServer, toServer}, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
			if r.Method == "textDocument/publishDiagnostics" {
				var d diagnostics
				if err := json.Unmarshal(*r.Params, &d); err != nil {
					t.Error(err)
				}
				published <- d
			}
			return nil, nil
		}))
	ctx := context.Background()
	var caps any
	if err := conn.Call(ctx, "initialize", map[string]any{}, &caps); err != nil {
		t.Fatal(err)
	}
	uri := "file://" + filepath.ToSlash(filepath.Join(dir, "game.go"))
	text := strings.Replace(game["game.go"], "\tsink = enemy\n", "\t// Not saved.\n\n\tsink = enemy\n", 1)
	open := map[string]any{"textDocument": map[string]any{"uri": uri, "text": text}}
	if err := conn.Notify(ctx, "textDocument/didOpen", open); err != nil {
		t.Fatal(err)
	}
	got := map[string]diagnostics{}
	for range 2 { // the file and its test
		d := <-published
		got[filepath.Base(d.URI)] = d
	}
	d := got["game.go"].Diagnostics
	if len(d) != 1 || d[0].Code != "FA601" || d[0].Range.Start.Line != 10 || d[0].Range.Start.Character != 1 {
		t.Errorf("%+v", got)
	}
	if err := conn.Notify(ctx, "exit", nil); err != nil {
		t.Error(err)
	}
	if code := <-exited; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// stdio is the editor's end of the two pipes.
type stdio struct {
	io.Reader
	io.WriteCloser
}
