package engine

import (
	"go/ast"
	"go/token"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// Ignore is a directive of the form
//
//	//fa:ignore FA601,FA606 the reason why this is right
//
// It holds for the line that it ends, for the statement below it, or, above a
// function, for all of it.
type Ignore struct {
	Pos, End token.Pos
	Codes    []string
	Reason   string

	file     string
	from, to int // lines
	used     map[string]bool
}

// Ignores are the directives of a package. Its methods may be called from
// several checks at once.
type Ignores struct {
	mu   sync.Mutex
	list []*Ignore
}

func readIgnores(pass *analysis.Pass) *Ignores {
	all := new(Ignores)
	for _, file := range pass.Files {
		tf := pass.Fset.File(file.FileStart)
		for _, g := range file.Comments {
			for _, c := range g.List {
				rest, ok := strings.CutPrefix(c.Text, "//fa:ignore")
				if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
					continue
				}
				codes, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
				line := tf.Line(c.Pos())
				ig := &Ignore{
					Pos: c.Pos(), End: c.End(), Reason: strings.TrimSpace(reason),
					file: tf.Name(), from: line, to: line, used: make(map[string]bool),
				}
				for _, code := range strings.Split(codes, ",") {
					if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
						ig.Codes = append(ig.Codes, code)
					}
				}
				ig.to = lastLine(tf, file, c, line)
				all.list = append(all.list, ig)
			}
		}
	}
	return all
}

// lastLine returns the last line that a directive holds for.
func lastLine(tf *token.File, file *ast.File, c *ast.Comment, line int) int {
	last := line
	alone := true
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		switch n := n.(type) {
		case *ast.Comment, *ast.CommentGroup:
			return false
		case *ast.FuncDecl:
			if n.Doc != nil && n.Doc.Pos() <= c.Pos() && c.End() <= n.Doc.End() {
				last = tf.Line(n.End())
			}
		case ast.Stmt, *ast.ValueSpec, *ast.Field, *ast.KeyValueExpr:
			if n.End() <= c.Pos() && tf.Line(n.End()) == line || n.Pos() < c.Pos() && tf.Line(n.Pos()) == line {
				alone = false
			}
		}
		return true
	})
	if last > line {
		return last
	}
	if !alone {
		return line
	}
	// Alone on its line: it is for the statement below, with all its lines if
	// it is a simple one.
	below := line + 1
	for _, g := range file.Comments { // past further comments
		if s, e := tf.Line(g.Pos()), tf.Line(g.End()); s <= below && e >= below && s >= line {
			below = e + 1
		}
	}
	last = below
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt, *ast.ExprStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt, *ast.DeclStmt:
			if tf.Line(n.Pos()) == below {
				last = max(last, tf.Line(n.End()))
			}
		}
		return true
	})
	return last
}

// Match reports whether a finding is to be ignored, and remembers that the
// directive was needed. A directive without a reason does not count.
func (all *Ignores) Match(fset *token.FileSet, pos token.Pos, code string) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	found := false
	p := fset.PositionFor(pos, false)
	for _, ig := range all.list {
		if ig.Reason == "" || ig.file != p.Filename || p.Line < ig.from || p.Line > ig.to {
			continue
		}
		for _, c := range ig.Codes {
			if c == code {
				ig.used[c] = true
				found = true
			}
		}
	}
	return found
}

// escaping are the codes of mistakes that are found where a function is called,
// though it is in the function that something is stored.
var escaping = []string{"FA201", "FA601", "FA605", "FA608", "FA703"}

// accepted returns the codes that a directive accepts where something is stored,
// so that callers hear nothing of it, either. The directive then counts as used:
// whether somebody calls is not known here.
func (all *Ignores) accepted(fset *token.FileSet, pos token.Pos) string {
	var list []string
	if pos.IsValid() && len(all.list) > 0 {
		for _, code := range escaping {
			if all.Match(fset, pos, code) {
				list = append(list, code)
			}
		}
	}
	return strings.Join(list, ",")
}

// Each calls visit for each directive, with the codes that nothing matched.
func (all *Ignores) Each(visit func(ig *Ignore, unused []string)) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, ig := range all.list {
		var unused []string
		for _, c := range ig.Codes {
			if !ig.used[c] {
				unused = append(unused, c)
			}
		}
		visit(ig, unused)
	}
}
