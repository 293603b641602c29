// Package cases loads packages of test data, with a stand-in for the library:
// the real one is in another module, and its bodies do not matter.
package cases

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

//go:embed all:testdata
var stub embed.FS

// Stub returns the file system of the stand-in, with a src folder.
func Stub() fs.FS {
	sub, err := fs.Sub(stub, "testdata")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}

// Load loads packages from source, out of file systems with a src folder each;
// the standard library comes from the compiler's export data. It does in a
// second what loading all from source does in many.
func Load(roots []fs.FS, paths ...string) ([]*packages.Package, error) {
	l := &loader{roots: roots, fset: token.NewFileSet(), pkgs: make(map[string]*packages.Package), std: make(map[string]*types.Package)}
	for _, p := range paths {
		if err := l.parse(p); err != nil {
			return nil, err
		}
	}
	if err := l.loadStd(); err != nil {
		return nil, err
	}
	var out []*packages.Package
	for _, p := range paths {
		if err := l.check(p); err != nil {
			return nil, err
		}
		out = append(out, l.pkgs[p])
	}
	return out, nil
}

// Packages lists the packages in the src folder of a file system.
func Packages(root fs.FS) ([]string, error) {
	var paths []string
	err := fs.WalkDir(root, "src", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".go") {
			paths = append(paths, strings.TrimPrefix(path.Dir(name), "src/"))
		}
		return err
	})
	slices.Sort(paths)
	return slices.Compact(paths), err
}

type loader struct {
	roots []fs.FS
	fset  *token.FileSet
	pkgs  map[string]*packages.Package
	std   map[string]*types.Package
}

// files returns the Go files of a package, by name, and where they are.
func (l *loader) files(pkg string) (fs.FS, []string) {
	for _, r := range l.roots {
		if names, err := fs.Glob(r, "src/"+pkg+"/*.go"); err == nil && len(names) > 0 {
			return r, names
		}
	}
	return nil, nil
}

func (l *loader) parse(path string) error {
	if l.pkgs[path] != nil || path == "unsafe" {
		return nil
	}
	root, names := l.files(path)
	if root == nil {
		l.std[path] = nil
		return nil
	}
	p := &packages.Package{ID: path, PkgPath: path, Fset: l.fset, Imports: make(map[string]*packages.Package)}
	l.pkgs[path] = p
	for _, name := range names {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(l.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		p.Name = f.Name.Name
		p.GoFiles = append(p.GoFiles, name)
		p.Syntax = append(p.Syntax, f)
		for _, imp := range f.Imports {
			ip, _ := strconv.Unquote(imp.Path.Value)
			if err := l.parse(ip); err != nil {
				return err
			}
			if dep := l.pkgs[ip]; dep != nil {
				p.Imports[ip] = dep
			}
		}
	}
	p.CompiledGoFiles = p.GoFiles
	return nil
}

func (l *loader) loadStd() error {
	var paths []string
	for p := range l.std {
		paths = append(paths, p)
	}
	if len(paths) == 0 {
		return nil
	}
	slices.Sort(paths)
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile,
	}, paths...)
	if err != nil {
		return err
	}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			return fmt.Errorf("%s: %v", p.PkgPath, p.Errors[0])
		}
		l.std[p.PkgPath] = p.Types
	}
	return nil
}

// Import implements [types.Importer].
func (l *loader) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if t := l.std[path]; t != nil {
		return t, nil
	}
	if l.pkgs[path] == nil {
		return nil, fmt.Errorf("no package %s", path)
	}
	if err := l.check(path); err != nil {
		return nil, err
	}
	return l.pkgs[path].Types, nil
}

func (l *loader) check(path string) error {
	p := l.pkgs[path]
	if p == nil {
		return fmt.Errorf("no package %s", path)
	}
	if p.Types != nil {
		return nil
	}
	p.TypesSizes = types.SizesFor("gc", runtime.GOARCH)
	p.TypesInfo = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object),
		Uses: make(map[*ast.Ident]types.Object), Implicits: make(map[ast.Node]types.Object),
		Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
	}
	cfg := types.Config{Importer: l, Sizes: p.TypesSizes, GoVersion: "go1.25"}
	t, err := cfg.Check(path, l.fset, p.Syntax, p.TypesInfo)
	p.Types = t
	return err
}
