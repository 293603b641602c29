package engine

import (
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func (e *Engine) inTest(fn *ssa.Function) bool {
	return strings.HasSuffix(e.pass.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// budgets notes what a function says about budgets.
func (e *Engine) budgets(fn *ssa.Function, info *PackageInfo) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			switch OpOf(CalleeOf(&c.Call)) {
			case OpTagBudget:
				if name, ok := constString(c.Call.Args[1]); ok {
					info.TagBudgets = append(info.TagBudgets, name)
				}
			case OpBudget:
				info.WorkerBudgets = true
			}
		}
	}
}

func (e *Engine) packageInfo() PackageInfo {
	var all PackageInfo
	for _, fact := range e.pass.AllPackageFacts() {
		if p, ok := fact.Fact.(*PackageInfo); ok {
			all.TagBudgets = append(all.TagBudgets, p.TagBudgets...)
			all.WorkerBudgets = all.WorkerBudgets || p.WorkerBudgets
		}
	}
	return all
}

func constString(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return "", false
	}
	s, err := strconv.Unquote(c.Value.ExactString())
	return s, err == nil
}
