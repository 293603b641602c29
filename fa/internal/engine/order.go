package engine

import (
	"golang.org/x/tools/go/ssa"
)

// path reports whether control can flow from one instruction, exclusive, to
// another, inclusive, without meeting an instruction that avoid picks. A nil
// from is the function's entry.
func (f *flow) path(from, to ssa.Instruction, avoid func(ssa.Instruction) bool) bool {
	start := f.fn.Blocks[0]
	first := 0
	if from != nil {
		start = from.Block()
		first = index(from) + 1
	}
	seen := make(map[*ssa.BasicBlock]bool)
	type item struct {
		b *ssa.BasicBlock
		i int
	}
	work := []item{{start, first}}
	for len(work) > 0 {
		it := work[len(work)-1]
		work = work[:len(work)-1]
		blocked := false
		for _, in := range it.b.Instrs[it.i:] {
			if in == to {
				return true
			}
			if avoid != nil && avoid(in) {
				blocked = true
				break
			}
		}
		if blocked {
			continue
		}
		for _, s := range it.b.Succs {
			if !seen[s] {
				seen[s] = true
				work = append(work, item{s, 0})
			}
		}
	}
	return false
}

func index(in ssa.Instruction) int {
	for i, x := range in.Block().Instrs {
		if x == in {
			return i
		}
	}
	return 0
}

// precedes reports whether a is executed before b on every way to b.
func precedes(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return index(a) < index(b)
	}
	return a.Block().Dominates(b.Block())
}

// exits returns the instructions that leave the function normally.
func (f *flow) exits() []ssa.Instruction {
	var list []ssa.Instruction
	for _, b := range f.fn.Blocks {
		if b == f.fn.Recover || len(b.Instrs) == 0 {
			continue
		}
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			list = append(list, r)
		}
	}
	return list
}
