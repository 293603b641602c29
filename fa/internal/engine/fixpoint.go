package engine

import "golang.org/x/tools/go/ssa"

// Bounds that keep large knots of recursive functions from taking for ever.
// Functions that use the library stay far below.
const (
	maxFlows  = 64 // in one summary
	maxRounds = 8
)

// fixpoint computes the summaries of all functions, again where a summary that
// was used has changed.
func (e *Engine) fixpoint() {
	users := make(map[*ssa.Function][]*ssa.Function)
	uses := make(map[*ssa.Function][]*ssa.Function)
	for _, fn := range e.fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				var ops [12]*ssa.Value
				for _, op := range in.Operands(ops[:0]) {
					if used, ok := (*op).(*ssa.Function); ok {
						if used.Origin() != nil {
							used = used.Origin()
						}
						if own := e.byObject[funcObject(used)]; own != nil {
							used = own
						}
						users[used] = append(users[used], fn)
						uses[fn] = append(uses[fn], used)
					}
				}
			}
		}
	}
	order := e.calleesFirst(uses)
	dirty := make(map[*ssa.Function]bool)
	for _, fn := range order {
		dirty[fn] = true
	}
	for round := 0; round < maxRounds && len(dirty) > 0; round++ {
		next := make(map[*ssa.Function]bool)
		for _, fn := range order {
			if !dirty[fn] {
				continue
			}
			delete(dirty, fn)
			f := e.newFlow(fn)
			f.solve()
			e.flows[fn] = f
			e.escapes[fn] = f.collect()
			s := f.summarize(e.escapes[fn])
			e.adjust(fn, s)
			if !same(e.sums[fn], s) {
				e.sums[fn] = s
				for _, u := range users[fn] {
					dirty[u] = true
					next[u] = true
				}
			}
		}
		for fn := range next {
			dirty[fn] = true
		}
	}
}

// calleesFirst orders the functions so that most summaries are there when they
// are asked for.
func (e *Engine) calleesFirst(uses map[*ssa.Function][]*ssa.Function) []*ssa.Function {
	var order []*ssa.Function
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] || e.sums[fn] == nil {
			return
		}
		seen[fn] = true
		for _, used := range uses[fn] {
			visit(used)
		}
		order = append(order, fn)
	}
	for _, fn := range e.fns {
		visit(fn)
	}
	return order
}

func same(a, b *Summary) bool {
	if len(a.Flows) != len(b.Flows) || len(a.Ends) != len(b.Ends) || len(a.Begins) != len(b.Begins) ||
		len(a.Takes) != len(b.Takes) || len(a.Lends) != len(b.Lends) || len(a.Budget) != len(b.Budget) || len(a.Scopes) != len(b.Scopes) ||
		len(a.Heap) != len(b.Heap) ||
		a.Blocks != b.Blocks || a.Frames != b.Frames || a.Barrier != b.Barrier {
		return false
	}
	keys := make(map[flowKey]bool)
	for i := range a.Flows {
		keys[a.Flows[i].key()] = true
	}
	for i := range b.Flows {
		if !keys[b.Flows[i].key()] {
			return false
		}
	}
	return true
}
