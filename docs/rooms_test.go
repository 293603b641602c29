package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the library's rooms and, for each, the rooms of ours that it may
// import, as docs/architecture.md draws them. "" is the root.
var floors = map[string][]string{
	"diag":              {"diag/internal"},
	"internal/typeinfo": {},
	"internal/guard":    {"internal/typeinfo", "diag"},
	"internal/arena":    {"internal/typeinfo", "internal/guard"},
	"":                  {"diag", "internal"},
	"internal/extent":   {},
	"group":             {"", "diag"},
	"handle":            {"", "diag", "internal/extent", "internal/typeinfo"},
	"stream":            {"", "diag", "internal/extent", "internal/typeinfo"},
	"framesync":         {"", "diag"},
	"behavior":          {"", "diag"},
	"snapshot":          {"", "diag", "framesync"},
	"profile":           {"", "diag", "framesync"},
	"metrics":           {"", "diag", "snapshot"},
	"bytealloc":         {"", "diag", "internal/arena"},
	"arkframe":          {"", "diag"},
	"arrowmem":          {"", "diag", "bytealloc"},
	"fa":                {"fa", "diag"}, // and the library by its import path only
	"ebitenframe":       {"", "diag", "group", "framesync", "internal/display"},
	"tracyframe":        {"", "diag"},
	"otelframe":         {"", "diag", "snapshot", "metrics"},
}

// unsafeRoot are the root's files that work with untyped pointers, besides those
// that only ask for sizes. The rooms in internal may, too.
var unsafeRoot = []string{
	"pool.go", "depot.go", "box.go", "bytepool.go", "deferred.go", "freequeue.go", "ledger.go",
	"map.go", "heap.go", "observe.go", "sampling.go", "leaks.go", "text.go",
}

// sources calls fn for each of a room's source files, tests not included.
func sources(t *testing.T, room string, fn func(name string, f *ast.File)) {
	t.Helper()
	top := filepath.Join("..", filepath.FromSlash(room))
	n := 0
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || room == "" && path != top):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		n++
		fn(filepath.ToSlash(path[len("../"):]), f)
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("room %q: %d files, %v", room, n, err)
	}
}

// TestImportsRunOneWay holds every import against the drawing.
func TestImportsRunOneWay(t *testing.T) {
	for room, may := range floors {
		sources(t, room, func(name string, f *ast.File) {
			for _, i := range f.Imports {
				path, _ := strconv.Unquote(i.Path.Value)
				rest, ours := strings.CutPrefix(path, module)
				if !ours {
					continue
				}
				rest = strings.TrimPrefix(rest, "/")
				if !slices.ContainsFunc(append(may, room), func(m string) bool {
					return rest == m || m != "" && strings.HasPrefix(rest, m+"/")
				}) {
					t.Errorf("%s imports %q: room %q may not", name, path, room)
				}
			}
		})
	}
}

// TestUnsafeStaysInItsRooms expects unsafe only where the architecture says.
func TestUnsafeStaysInItsRooms(t *testing.T) {
	for room := range floors {
		if strings.HasPrefix(room, "internal/") {
			continue
		}
		sources(t, room, func(name string, f *ast.File) {
			if room == "" && slices.Contains(unsafeRoot, name) || name == "tracyframe/client.go" { // which calls C
				return
			}
			ast.Inspect(f, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "unsafe" && s.Sel.Name != "Sizeof" {
					t.Errorf("%s uses unsafe.%s", name, s.Sel.Name)
				}
				return true
			})
		})
	}
}
