package gallery

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"reflect"
	"runtime"
	"strings"
)

// A Source is the text of an exhibit's function.
type Source struct {
	File string // "gallery/frame.go"
	Line int    // of the first line
	Text string // without the last newline
}

// SourceOf returns the text of a function of this package.
func SourceOf(program func(*Lab) error) (Source, error) {
	f := runtime.FuncForPC(reflect.ValueOf(program).Pointer())
	file, _ := f.FileLine(f.Entry())
	file = path.Base(strings.ReplaceAll(file, `\`, "/"))
	name := f.Name()[strings.LastIndexByte(f.Name(), '.')+1:]

	text, err := files.ReadFile(file)
	if err != nil {
		return Source{}, err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
	if err != nil {
		return Source{}, err
	}
	for _, d := range parsed.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == name {
			from, to := set.Position(fn.Pos()), set.Position(fn.End())
			return Source{"gallery/" + file, from.Line, string(text[from.Offset:to.Offset])}, nil
		}
	}
	return Source{}, fmt.Errorf("gallery: no function %s in %s", name, file)
}
