// Package uses knows which modules use the library: their go.mod says so.
//
// A package that does not reach the library may still be handed frame memory,
// and keep it, by one of its module that does. So all packages of such modules
// are worth a look, and no others.
package uses

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
)

// library is its import path.
const library = "github.com/framealloc/framealloc"

var known sync.Map // of bool, by path of a go.mod

// Library reports whether a go.mod file requires the library. Changes of the
// file while the process runs are not seen.
func Library(gomod string) bool {
	if gomod == "" {
		return false
	}
	if uses, ok := known.Load(gomod); ok {
		return uses.(bool)
	}
	text, err := os.ReadFile(gomod)
	uses := err == nil && requires(text)
	known.Store(gomod, uses)
	return uses
}

// requires looks for a requirement in the text of a go.mod.
func requires(text []byte) bool {
	for line := range bytes.Lines(text) {
		line, _, _ = bytes.Cut(line, []byte("//"))
		fields := bytes.Fields(line)
		if len(fields) > 0 && string(fields[0]) == "require" {
			fields = fields[1:]
		}
		if len(fields) == 2 && string(bytes.Trim(fields[0], `"`)) == library && fields[1][0] == 'v' {
			return true
		}
	}
	return false
}

// LibraryAround does the same for the module that a file belongs to.
func LibraryAround(file string) bool {
	if !filepath.IsAbs(file) {
		return false
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		gomod := filepath.Join(dir, "go.mod")
		if _, ok := known.Load(gomod); ok {
			return Library(gomod)
		}
		if _, err := os.Stat(gomod); err == nil {
			return Library(gomod)
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}
