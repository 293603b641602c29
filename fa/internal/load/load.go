// Package load brings the packages of a program into memory for analysis, but
// only those that matter.
//
// A package matters if it reaches framealloc through its imports, or if such a
// package of a module that uses framealloc imports it; in a large program most
// do not. So loading has three steps. The first asks the go
// command for names and imports alone, which is quick, and ends the run if
// nothing reaches framealloc. The second reads the types of the packages that
// the remaining ones import, from the compiler's export data. The third parses
// and checks the remaining ones from source, with bodies; they need not have
// been compiled before.
package load

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Library is the import path of the library whose users are analyzed.
const Library = "github.com/framealloc/framealloc"

// Options says what to load.
type Options struct {
	Dir      string   // where the patterns are seen from; "": the current directory
	Patterns []string // as for go build
	Tags     []string // build tags
	Tests    bool     // also the packages' tests
	Overlay  map[string][]byte

	// Everything loads every matched package, whether it reaches framealloc
	// or not.
	Everything bool
}

// Program is what was loaded.
type Program struct {
	// Roots are the packages that the patterns named and that matter. Each
	// Imports map holds only packages that matter, so that a driver that
	// follows it stays among them.
	Roots []*packages.Package

	// Errors are what kept packages from being loaded, in the order met.
	// The packages in Roots are free of them.
	Errors []Error

	Matched int // number of packages that the patterns named
	Checked int // number of packages that were checked from source
}

// Error is one reason why a package did not load.
type Error struct {
	Package string // import path or pattern
	Pos     string // "file:line:col", a shortened form of it, or ""
	Message string
}

func (e Error) Error() string {
	if e.Pos == "" {
		return e.Package + ": " + e.Message
	}
	return e.Pos + ": " + e.Message
}

// Load loads the packages that the patterns name. It fails only if the go
// command cannot be run at all; what is wrong with single packages is in
// [Program.Errors].
func Load(ctx context.Context, o Options) (*Program, error) {
	cfg := packages.Config{
		Context: ctx,
		Dir:     o.Dir,
		Tests:   o.Tests,
		Overlay: o.Overlay,
	}
	if len(o.Tags) > 0 {
		cfg.BuildFlags = []string{"-tags=" + strings.Join(o.Tags, ",")}
	}

	cfg.Mode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule
	roots, err := packages.Load(&cfg, o.Patterns...)
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	roots = dropTestMains(roots)

	p := &Program{Matched: len(roots)}
	for _, root := range roots {
		p.Errors = append(p.Errors, listErrors(root)...)
	}
	matter := reaching(roots, o.Everything)
	if len(matter) == 0 {
		return p, nil
	}

	c := newChecker(p, o.Overlay, matter)
	if err := c.prepare(cfg, matter); err != nil {
		return nil, err
	}
	c.checkAll(matter)
	var sound []*packages.Package
	for _, root := range roots {
		if c.checked(root) && !c.broken(root) {
			sound = append(sound, root)
		}
	}
	p.Roots = dropPlain(sound)
	return p, nil
}

// dropPlain removes the packages that are also there with their tests, which
// hold all of their files. What imports them still reaches the plain ones.
func dropPlain(roots []*packages.Package) []*packages.Package {
	withTests := make(map[string]bool)
	for _, r := range roots {
		if r.ID != r.PkgPath {
			withTests[r.PkgPath] = true
		}
	}
	kept := roots[:0]
	for _, r := range roots {
		if r.ID != r.PkgPath || !withTests[r.PkgPath] {
			kept = append(kept, r)
		}
	}
	return kept
}

// dropTestMains removes the generated programs that run the tests.
func dropTestMains(roots []*packages.Package) []*packages.Package {
	kept := roots[:0]
	for _, r := range roots {
		if !strings.HasSuffix(r.ID, ".test") {
			kept = append(kept, r)
		}
	}
	return kept
}

// listErrors returns what the go command had to say about a package. Errors
// in packages that it imports are left to the compiler, except imports that
// lead nowhere, which the go command books on the importing package.
func listErrors(p *packages.Package) []Error {
	var errs []Error
	for _, e := range p.Errors {
		errs = append(errs, Error{Package: p.PkgPath, Pos: shortPos(e.Pos), Message: explain(e.Msg)})
	}
	return errs
}
