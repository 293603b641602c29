package engine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// counted reports whether an end stands under a condition on a number.
func (f *flow) counted(ends []Mark) bool {
	for _, e := range ends {
		b := e.Instr.Block()
		if len(b.Preds) != 1 {
			continue
		}
		head := b.Preds[0]
		i, ok := head.Instrs[len(head.Instrs)-1].(*ssa.If)
		if !ok || isLoopHead(head) {
			continue
		}
		if cond, ok := i.Cond.(*ssa.BinOp); ok && isNumber(cond.X.Type()) {
			return true
		}
	}
	return false
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// sameCondition reports whether begin and an end stand under the same
// condition, so that the ways which mix them do not exist.
func (f *flow) sameCondition(begin ssa.Instruction, ends []Mark) bool {
	c := f.condition(begin.Block())
	if c == "" {
		return false
	}
	for _, e := range ends {
		if f.condition(e.Instr.Block()) == c {
			return true
		}
	}
	return false
}

// condition names the condition under which a block is executed, "" for none.
func (f *flow) condition(b *ssa.BasicBlock) string {
	if len(b.Preds) != 1 {
		return ""
	}
	p := b.Preds[0]
	i, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
	if !ok {
		return ""
	}
	side := "+"
	if p.Succs[1] == b {
		side = "-"
	}
	cond := i.Cond
	if n, ok := cond.(*ssa.UnOp); ok && n.Op == token.NOT {
		cond = n.X
		side = map[string]string{"+": "-", "-": "+"}[side]
	}
	if bin, ok := cond.(*ssa.BinOp); ok {
		return side + f.access(bin.X) + bin.Op.String() + f.access(bin.Y)
	}
	return side + f.access(cond)
}
