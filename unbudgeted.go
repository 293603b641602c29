package framealloc

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
)

// budgetGiven notes that the program gives its workers budgets.
func (w *Worker) budgetGiven() {
	if w.budget.Hard > 0 && w != w.alloc.main && w.alloc.budgeted.Load() == nil {
		name := w.name // and not &w.name, which would keep the worker
		w.alloc.budgeted.CompareAndSwap(nil, &name)
	}
}

// checkBudgeted reports FA203 in the first frame of a worker that nothing limits,
// while another worker has a budget. The main worker need not have one: it is no
// worker that somebody forgot.
func (w *Worker) checkBudgeted() {
	if w.number != 1 || w == w.alloc.main || w.isFork() {
		return
	}
	other := w.alloc.budgeted.Load()
	if other == nil || w.budget.Hard > 0 || w.alloc.config.MaxFrameBytes > 0 || w.settings.global != nil {
		return
	}
	w.report(diag.Diagnostic{
		Code: diag.FA203, Worker: w.name, Frame: w.number, PC: w.enrolment.made,
		Message: fmt.Sprintf("worker %q has no budget, though worker %q has one", w.name, *other),
		Note:    "it was made at the place named; what it takes is limited by nothing but the machine",
	})
}
