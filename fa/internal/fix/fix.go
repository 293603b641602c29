// Package fix applies suggested fixes to source files.
package fix

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// Plan is a set of fixes that do not get in each other's way.
type Plan struct {
	Fixed []int // indexes of the findings whose first fix is in the plan
	Later []int // indexes of those whose fix overlaps with another: a second run may apply it

	files *source.Cache
	edits map[string][]finding.Edit // by file, sorted, without overlaps
}

// New plans the first fix of every finding that has one and that want accepts.
// Fixes are taken in the order of the findings; one that overlaps with those
// taken before it, without being the same edit, waits for another run.
func New(fs []finding.Finding, files *source.Cache, want func(i int) bool) *Plan {
	p := &Plan{files: files, edits: make(map[string][]finding.Edit)}
	for i, f := range fs {
		if len(f.Fixes) == 0 || !want(i) {
			continue
		}
		if p.add(f.Fixes[0].Edits) {
			p.Fixed = append(p.Fixed, i)
		} else {
			p.Later = append(p.Later, i)
		}
	}
	return p
}

// add takes all edits of a fix, or none.
func (p *Plan) add(edits []finding.Edit) bool {
	var fresh []finding.Edit
	for _, e := range edits {
		if e.Start < 0 || e.End < e.Start || e.End > len(p.files.Text(e.File)) {
			return false // the file changed under the analysis
		}
		if slices.Contains(p.edits[e.File], e) {
			continue // an import, say, that two fixes need
		}
		for _, old := range append(slices.Clone(p.edits[e.File]), fresh...) {
			if old.File == e.File && overlap(old, e) {
				return false
			}
		}
		fresh = append(fresh, e)
	}
	for _, e := range fresh {
		p.edits[e.File] = append(p.edits[e.File], e)
	}
	return true
}

// overlap reports whether two edits cannot both be made: their ranges share a
// byte, or they insert at the same place, where the order would be a guess.
func overlap(a, b finding.Edit) bool {
	if a.Start == a.End && b.Start == b.End {
		return a.Start == b.Start
	}
	return a.Start < b.End && b.Start < a.End
}

// Files returns the names of the files that the plan changes, sorted.
func (p *Plan) Files() []string {
	var names []string
	for name := range p.edits {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Result returns the new content of every file that the plan changes,
// formatted as gofmt does.
func (p *Plan) Result() (map[string][]byte, error) {
	out := make(map[string][]byte, len(p.edits))
	for name, edits := range p.edits {
		slices.SortFunc(edits, func(a, b finding.Edit) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
		})
		old := p.files.Text(name)
		var b strings.Builder
		at := 0
		for _, e := range edits {
			b.WriteString(old[at:e.Start])
			b.WriteString(e.New)
			at = e.End
		}
		b.WriteString(old[at:])
		formatted, err := format.Source([]byte(b.String()))
		if err != nil {
			return nil, fmt.Errorf("%s: the fixed file does not parse: %w", name, err)
		}
		if strings.Contains(old, "\r\n") { // gofmt writes bare line feeds
			formatted = bytes.ReplaceAll(formatted, []byte("\n"), []byte("\r\n"))
		}
		out[name] = formatted
	}
	return out, nil
}

// Diff returns the changes as a unified diff whose paths are relative to dir.
func (p *Plan) Diff(result map[string][]byte, dir string) string {
	var b strings.Builder
	for _, name := range p.Files() {
		rel := source.Rel(dir, name)
		b.WriteString(renumber(udiff.Unified("a/"+strings.TrimPrefix(rel, "/"), "b/"+strings.TrimPrefix(rel, "/"), p.files.Text(name), string(result[name]))))
	}
	return b.String()
}

// Write replaces the files on disk. Each is written beside the old one and
// renamed over it, so that none is ever half written.
func Write(result map[string][]byte) error {
	for name, data := range result {
		if err := replace(name, data); err != nil {
			return err
		}
	}
	return nil
}

func replace(name string, data []byte) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".fa-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails, as it should, after the rename
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
