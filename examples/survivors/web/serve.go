//go:build !js

// Package web builds the game for browsers and serves the page that it runs in.
package web

import (
	_ "embed"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const program = "github.com/framealloc/framealloc/examples/survivors"

//go:embed index.html
var page []byte

// Serve builds the game with the go command, from a checkout, and serves its page
// until that fails. It calls ready with the page's address.
func Serve(address string, ready func(url string)) error {
	dir, err := os.MkdirTemp("", "survivors")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	handler, err := Build(dir)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	ready("http://" + l.Addr().String() + "/")
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(l)
}

// Build builds the game into dir and returns what serves it from there.
func Build(dir string) (http.Handler, error) {
	wasm := filepath.Join(dir, "survivors.wasm")
	build := exec.Command("go", "build", "-o", wasm, program)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the game cannot be built for browsers (run this in a checkout): %w\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	glue := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	if _, err := os.Stat(glue); err != nil {
		return nil, fmt.Errorf("this Go has no support for browsers: %w", err)
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	})
	mux.HandleFunc("GET /survivors.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, wasm)
	})
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, glue) })
	return mux, nil
}
