package engine

import "golang.org/x/tools/go/ssa"

// carries reports whether a phi hands a value that a turn of a loop made to the
// next turn: the variable is one of outside the loop.
func (w *fateWalk) carries(phi *ssa.Phi, v ssa.Value) bool {
	if w.made == nil {
		return false
	}
	head := phi.Block()
	for i, e := range phi.Edges {
		if e == v && head.Dominates(head.Preds[i]) && head.Dominates(w.made) {
			return true
		}
	}
	return false
}

// outside reports whether a loop around b does not hold a.
func outside(a, b *ssa.BasicBlock) bool {
	if a == b {
		return false
	}
	for head := b; head != nil; head = head.Idom() {
		for _, p := range head.Preds {
			// A back edge: is b in its loop, and a not?
			if head.Dominates(p) && reachesBlock(b, p, head) && (!head.Dominates(a) || !reachesBlock(a, p, head)) {
				return true
			}
		}
	}
	return false
}

// reachesBlock reports whether control can flow from one block to another
// without passing a loop's head on the way.
func reachesBlock(from, to, head *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, s := range b.Succs {
			if s != head {
				work = append(work, s)
			}
		}
	}
	return false
}

// isLoopHead reports whether a block decides whether a loop goes on.
func isLoopHead(b *ssa.BasicBlock) bool {
	again, over := false, false
	for _, s := range b.Succs {
		if reachesBlock(s, b, nil) {
			again = true
		} else {
			over = true
		}
	}
	return again && over
}

// sureLoop reports whether an instruction is executed again and again.
func (f *flow) sureLoop(in ssa.Instruction) bool { return f.path(in, in, nil) }
