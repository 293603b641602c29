package checktest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Load loads packages from source, out of directories with a src folder each;
// the standard library comes from the compiler's export data. It does in a
// second what loading all from source does in many.
func Load(roots []string, paths ...string) ([]*packages.Package, error) {
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

// Packages lists the packages below a src folder.
func Packages(root string) ([]string, error) {
	var paths []string
	src := filepath.Join(root, "src")
	err := filepath.WalkDir(src, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") {
			rel, _ := filepath.Rel(src, filepath.Dir(path))
			paths = append(paths, filepath.ToSlash(rel))
		}
		return err
	})
	slices.Sort(paths)
	return slices.Compact(paths), err
}

type loader struct {
	roots []string
	fset  *token.FileSet
	pkgs  map[string]*packages.Package
	std   map[string]*types.Package
}

func (l *loader) dir(path string) string {
	for _, r := range l.roots {
		dir := filepath.Join(r, "src", filepath.FromSlash(path))
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return ""
}

func (l *loader) parse(path string) error {
	if l.pkgs[path] != nil || path == "unsafe" {
		return nil
	}
	dir := l.dir(path)
	if dir == "" {
		l.std[path] = nil
		return nil
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	p := &packages.Package{ID: path, PkgPath: path, Fset: l.fset, Imports: make(map[string]*packages.Package)}
	l.pkgs[path] = p
	for _, name := range names {
		f, err := parser.ParseFile(l.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
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
