package engine

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Contracts are directives in the comment above a function, or a method of an
// interface, that say what it does where the engine cannot see it, or should
// not look:
//
//	//fa:begins g.alloc     begins a frame and leaves it active
//	//fa:ends g.alloc       ends the frame
//	//fa:allocs f           returns memory of the frame f
//	//fa:scope fn           calls fn with a frame that ends before it returns
//	//fa:retains p          keeps p beyond the call
//	//fa:noescape p q       keeps neither p nor q
//	//fa:copies             its results share no memory with its arguments
const contractPrefix = "//fa:"

var contractVerbs = map[string]bool{
	"begins": true, "ends": true, "allocs": true, "scope": true, "retains": true, "noescape": true, "copies": true,
}

// readContracts collects the directives of the package.
func (e *Engine) readContracts() {
	e.contracts = make(map[*types.Func]*Summary)
	e.noescape = make(map[*types.Func]map[int]bool)
	e.copying = make(map[*types.Func]bool)
	for _, file := range e.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				e.contractOf(n.Name, n.Doc)
			case *ast.InterfaceType:
				for _, m := range n.Methods.List {
					if len(m.Names) == 1 {
						e.contractOf(m.Names[0], m.Doc)
					}
				}
			}
			return true
		})
	}
}

func (e *Engine) contractOf(name *ast.Ident, doc *ast.CommentGroup) {
	if doc == nil {
		return
	}
	fn, ok := e.pass.TypesInfo.Defs[name].(*types.Func)
	if !ok {
		return
	}
	for _, c := range doc.List {
		rest, ok := strings.CutPrefix(c.Text, contractPrefix)
		if !ok {
			continue
		}
		words := strings.Fields(rest)
		if len(words) == 0 || !contractVerbs[words[0]] {
			continue
		}
		s := e.contracts[fn]
		if s == nil {
			s = &Summary{Contract: true}
			e.contracts[fn] = s
		}
		if words[0] == "copies" {
			e.copying[fn] = true
			continue
		}
		for _, w := range words[1:] {
			p, ok := contractPlace(fn, w)
			if !ok {
				continue
			}
			switch words[0] {
			case "begins":
				s.Begins, _ = addPlace(s.Begins, p)
				if fn.Signature().Results().Len() > 0 && IsFrame(fn.Signature().Results().At(0).Type()) {
					s.add(Flow{From: Ref{Kind: FromBegin, Param: p.Param, Path: p.Path}, To: Sink{Kind: ToResult}})
				}
			case "ends":
				s.Ends, _ = addPlace(s.Ends, p)
			case "allocs":
				s.Takes, _ = addPlace(s.Takes, p)
				s.add(Flow{From: Ref{Kind: FromAlloc, Param: p.Param, Path: p.Path}, To: Sink{Kind: ToResult}})
			case "scope":
				s.Scopes = append(s.Scopes, p.Param)
			case "retains":
				s.add(Flow{From: Ref{Kind: FromParam, Param: p.Param}, To: Sink{Kind: ToKept, Name: "kept by " + fn.Name()}, Where: e.where(name.Pos()), pos: name.Pos()})
			case "noescape":
				if e.noescape[fn] == nil {
					e.noescape[fn] = make(map[int]bool)
				}
				e.noescape[fn][p.Param] = true
			}
		}
	}
}

// contractPlace resolves "g.alloc" to a parameter and a path.
func contractPlace(fn *types.Func, text string) (Place, bool) {
	sig := fn.Signature()
	name, rest, _ := strings.Cut(strings.Trim(text, ","), ".")
	i := 0
	var t types.Type
	if recv := sig.Recv(); recv != nil {
		if recv.Name() == name {
			t = recv.Type()
		}
		i++
	}
	at := 0
	for k := range sig.Params().Len() {
		if t == nil && sig.Params().At(k).Name() == name {
			t, at = sig.Params().At(k).Type(), i+k
		}
	}
	if t == nil {
		return Place{}, false
	}
	path := ""
	for rest != "" {
		var field string
		field, rest, _ = strings.Cut(rest, ".")
		obj, _, _ := types.LookupFieldOrMethod(t, true, fn.Pkg(), field)
		v, ok := obj.(*types.Var)
		if !ok {
			return Place{}, false
		}
		t = v.Type()
		path += "." + field
	}
	return Place{at, ownerPath(path, t)}, true
}

// contract returns what a directive says of a function without a body here,
// such as a method of an interface.
func (e *Engine) contract(fn *types.Func) *Summary {
	if fn == nil {
		return nil
	}
	if s := e.contracts[fn]; s != nil {
		return s
	}
	if fn.Pkg() == nil || fn.Pkg() == e.pass.Pkg {
		return nil
	}
	s := new(Summary)
	if e.pass.ImportObjectFact(fn, s) && s.Contract {
		return s
	}
	return nil
}

// adjust makes a computed summary keep the function's contract.
func (e *Engine) adjust(fn *ssa.Function, s *Summary) {
	obj := funcObject(fn)
	if obj == nil {
		return
	}
	c := e.contracts[obj]
	if c == nil {
		return
	}
	s.Contract = true
	for _, p := range c.Begins {
		s.Begins, _ = addPlace(s.Begins, p)
	}
	for _, p := range c.Ends {
		s.Ends, _ = addPlace(s.Ends, p)
	}
	for _, p := range c.Takes {
		s.Takes, _ = addPlace(s.Takes, p)
	}
	s.Scopes = append(s.Scopes, c.Scopes...)
	kept := s.Flows[:0]
	for _, fl := range s.Flows {
		if fl.From.Kind == FromParam && e.noescape[obj][fl.From.Param] && fl.To.Kind != ToResult {
			continue
		}
		if e.copying[obj] && fl.To.Kind == ToResult && fl.From.Kind != FromAlloc {
			continue
		}
		kept = append(kept, fl)
	}
	s.Flows = kept
	for _, fl := range c.Flows {
		s.add(fl)
	}
}

// Misspelt lists directives that look like contracts and are none.
func (r *Result) Misspelt() []token.Pos {
	if r.Skipped {
		return nil
	}
	var list []token.Pos
	for _, file := range r.Pass.Files {
		for _, g := range file.Comments {
			for _, c := range g.List {
				rest, ok := strings.CutPrefix(c.Text, contractPrefix)
				if !ok {
					continue
				}
				verb, _, _ := strings.Cut(rest, " ")
				if !contractVerbs[verb] && verb != "ignore" {
					list = append(list, c.Pos())
				}
			}
		}
	}
	return list
}
