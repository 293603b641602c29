package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// checker parses and type-checks packages from source, several at once.
type checker struct {
	program  *Program
	imported map[string]*types.Package // by path, from export data
	sizes    types.Sizes               // of the system that the program is for
	overlay  map[string][]byte

	fset   *token.FileSet
	parsed map[*packages.Package][]parsedFile
	state  map[*packages.Package]*state // of the packages that are checked here
}

// state is what becomes known of one package. It is written by the goroutine
// that checks the package, and read after done.
type state struct {
	done   chan struct{} // closed when the package was checked
	errors []Error
}

type parsedFile struct {
	syntax *ast.File
	err    error
}

func newChecker(p *Program, overlay map[string][]byte, order []*packages.Package) *checker {
	c := &checker{
		program: p,
		overlay: overlay,
		fset:    token.NewFileSet(),
		parsed:  make(map[*packages.Package][]parsedFile, len(order)),
		state:   make(map[*packages.Package]*state, len(order)),
	}
	for _, p := range order {
		c.state[p] = &state{done: make(chan struct{})}
	}
	return c
}

// checked reports whether a package is among those that are checked here.
func (c *checker) checked(p *packages.Package) bool { return c.state[p] != nil }

// broken reports whether errors were noted for a checked package.
func (c *checker) broken(p *packages.Package) bool { return len(c.state[p].errors) > 0 }

// prepare parses the packages while the go command looks for what they import.
func (c *checker) prepare(cfg packages.Config, order []*packages.Package) error {
	found := make(chan error, 1)
	go func() {
		var err error
		c.imported, c.sizes, err = boundary(cfg, order)
		found <- err
	}()
	c.parseAll(order)
	if err := <-found; err != nil {
		return err
	}
	more, err := c.replaceCgo(cfg, order)
	if err == nil && more {
		c.imported, c.sizes, err = boundary(cfg, order)
	}
	return err
}

// checkAll checks packages that are given imported before importing, and
// narrows their Imports maps to what was checked without errors. Each package
// is checked as soon as those that it imports are.
func (c *checker) checkAll(order []*packages.Package) {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, p := range order {
		go func() {
			defer close(c.state[p].done)
			for _, imp := range p.Imports {
				if c.checked(imp) {
					<-c.state[imp].done
				}
			}
			slots <- struct{}{}
			c.check(p)
			<-slots
		}()
	}
	for _, p := range order {
		<-c.state[p].done
		c.program.Checked++
		c.report(c.state[p].errors)
	}
	for _, p := range order {
		for path, imp := range p.Imports {
			if !c.checked(imp) || c.broken(imp) {
				delete(p.Imports, path)
			}
		}
	}
}

// report adds errors to the program's, each once: a package is checked alone
// and with its tests.
func (c *checker) report(errs []Error) {
	for _, e := range errs {
		if !slices.ContainsFunc(c.program.Errors, func(old Error) bool { return old.Pos == e.Pos && old.Message == e.Message }) {
			c.program.Errors = append(c.program.Errors, e)
		}
	}
}

// parseAll parses the files of all packages, as many at once as there are
// processors.
func (c *checker) parseAll(order []*packages.Package) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, p := range order {
		if p.CompiledGoFiles == nil {
			p.CompiledGoFiles = p.GoFiles
		}
		parsed := make([]parsedFile, len(p.CompiledGoFiles))
		c.parsed[p] = parsed
		for i, name := range p.CompiledGoFiles {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				parsed[i] = c.parse(name)
			})
		}
	}
	wg.Wait()
}

func (c *checker) parse(name string) parsedFile {
	text, ok := c.overlay[name]
	if !ok {
		var err error
		if text, err = os.ReadFile(name); err != nil {
			return parsedFile{err: err}
		}
	}
	syntax, err := parser.ParseFile(c.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return parsedFile{syntax, err}
}

// check type-checks one package and fills in what an analysis needs of it.
func (c *checker) check(p *packages.Package) {
	p.Fset = c.fset
	p.Syntax = nil
	for _, f := range c.parsed[p] {
		if f.err != nil {
			c.note(p, f.err)
		}
		if f.syntax != nil {
			p.Syntax = append(p.Syntax, f.syntax)
		}
	}
	p.TypesSizes = c.sizes
	p.TypesInfo = &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
	cfg := types.Config{
		Importer: importer{c, p},
		Sizes:    p.TypesSizes,
		Error:    func(err error) { c.note(p, err) },
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		cfg.GoVersion = "go" + p.Module.GoVersion
	}
	p.Types, _ = cfg.Check(p.PkgPath, c.fset, p.Syntax, p.TypesInfo)
	p.IllTyped = c.broken(p)
}

// importer resolves the imports of one package.
type importer struct {
	*checker
	of *packages.Package
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	imp := i.of.Imports[path]
	if imp == nil {
		return nil, fmt.Errorf("not found by the go command")
	}
	if i.checked(imp) {
		return imp.Types, nil
	}
	if t := i.imported[imp.PkgPath]; t != nil {
		return t, nil
	}
	if len(imp.Errors) > 0 {
		return nil, errors.New(explain(imp.Errors[0].Msg))
	}
	return nil, fmt.Errorf("%s does not compile", imp.PkgPath)
}

// note books what is wrong with a package. A syntax error comes as a list.
func (c *checker) note(p *packages.Package, err error) {
	if list, ok := err.(scanner.ErrorList); ok {
		for _, e := range list {
			c.note(p, e)
		}
		return
	}
	e := Error{Package: p.PkgPath}
	switch err := err.(type) {
	case *scanner.Error:
		e.Pos, e.Message = shortPos(err.Pos.String()), explain(err.Msg)
	case types.Error:
		if err.Soft && c.broken(p) {
			return // "declared and not used" and the like, after a real error
		}
		e.Pos, e.Message = shortPos(err.Fset.Position(err.Pos).String()), explain(err.Msg)
	case packages.Error:
		e.Pos, e.Message = shortPos(err.Pos), explain(err.Msg)
	default:
		e.Message = explain(err.Error())
	}
	c.state[p].errors = append(c.state[p].errors, e)
}

// shortPos makes a position relative to the current directory if it lies
// below it.
func shortPos(pos string) string {
	if pos == "-" || pos == "" {
		return ""
	}
	if dir, err := os.Getwd(); err == nil {
		pos = strings.TrimPrefix(pos, dir+string(os.PathSeparator))
	}
	return pos
}

// explain turns the messages that puzzle people into ones they can act on.
func explain(msg string) string {
	msg = strings.TrimSpace(msg)
	switch {
	case strings.Contains(msg, "illegal UTF-8 encoding"), strings.Contains(msg, "invalid UTF-8"):
		return "the file is not UTF-8 text: save it in UTF-8 (Go source is always UTF-8)"
	case strings.Contains(msg, "build constraints exclude all Go files"):
		return msg + "; see --tags"
	case strings.Contains(msg, "requires newer Go version"):
		return msg + "; rebuild fa with that version of Go, for example as `go tool fa`"
	case strings.Contains(msg, "directory prefix . does not contain"), strings.Contains(msg, "go.mod file not found"):
		return "there is no go.mod here or in a directory above: run fa inside of a module"
	case strings.Contains(msg, "outside main module"), strings.Contains(msg, "outside available modules"),
		strings.Contains(msg, "is not in std") && strings.Contains(msg, "directory"):
		return msg + "; run fa in the directory of the module that holds it"
	}
	return msg
}
