package cases_test

import (
	"go/types"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/framealloc/framealloc/fa/internal/cases"
)

// What the stand-in declares, the library declares just so. (Fields and
// unexported methods are the stand-in's own affair.)
func TestStandInIsFaithful(t *testing.T) {
	paths := []string{
		"github.com/framealloc/framealloc",
		"github.com/framealloc/framealloc/arkframe",
		"github.com/framealloc/framealloc/bytealloc",
		"github.com/framealloc/framealloc/framesync",
		"github.com/framealloc/framealloc/group",
		"github.com/framealloc/framealloc/handle",
		"github.com/framealloc/framealloc/stream",
	}
	stub, err := cases.Load([]fs.FS{cases.Stub()}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	real, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	library := make(map[string]*types.Package)
	for _, p := range real {
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors[0])
		}
		library[p.PkgPath] = p.Types
	}
	for _, p := range stub {
		have := declarations(p.Types)
		want := declarations(library[p.PkgPath])
		for name, sig := range have {
			if want[name] == "" {
				t.Errorf("%s.%s is not in the library", p.PkgPath, name)
			} else if want[name] != sig {
				t.Errorf("%s.%s is\n\t%s\nin the library it is\n\t%s", p.PkgPath, name, sig, want[name])
			}
		}
	}
}

// declarations lists the exported functions and methods of a package with
// their signatures.
func declarations(pkg *types.Package) map[string]string {
	list := make(map[string]string)
	short := func(p *types.Package) string { return p.Name() }
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Func:
			list[name] = types.ObjectString(obj, short)
		case *types.TypeName:
			named, ok := obj.Type().(*types.Named)
			if !ok {
				continue
			}
			for m := range named.Methods() {
				if m.Exported() {
					list[name+"."+m.Name()] = strings.ReplaceAll(types.ObjectString(m, short), "interface{}", "any")
				}
			}
		}
	}
	return list
}
