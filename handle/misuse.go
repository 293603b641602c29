package handle

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
)

// stale says what is wrong with a handle.
func (t *Table[T]) stale(h Handle[T], doing string) *diag.Error {
	message := fmt.Sprintf("%v %s with %v, ", h, doing, t)
	help := "drop the handle where its value is freed; where the value may be gone, ask with Lookup"
	switch {
	case h.IsZero():
		message, help = fmt.Sprintf("the zero handle %s with %v", doing, t), "set the handle before it is used, or ask with Lookup"
	case h.table != t.id:
		message += "and belongs to another"
		help = "use a handle with the table that made it"
	case t.space.Live(h.ref) && doing == "unpinned":
		message += "and has no pin"
		help = "call Unpin once for each Pin"
	case t.space.Live(h.ref) && doing == "pinned":
		message += "and has too many pins"
		help = "call Unpin once for each Pin"
	case t.space.Live(h.ref):
		message += "and names an empty slice"
		help = "ask for the slice, or with Lookup"
	default:
		message += "after what it named was freed"
	}
	return t.error(diag.FA401, message, help)
}

// unused panics about a handle that was used. It returns what Get does, so that Get
// ends with it and keeps nothing for later.
func (t *Table[T]) unused(h Handle[T]) *T { panic(t.stale(h, "used")) }

func (t *Table[T]) error(code diag.Code, message, help string) *diag.Error {
	d := diag.Diagnostic{Code: code, Message: message, Help: help, PC: diag.CallerPC()}
	if w := t.worker; w != nil {
		d.Worker = w.Name()
		if f := w.ActiveFrame(); f != nil {
			d.Frame, d.Tag, d.Phase = f.Number(), f.TagPath(), f.PhasePath()
		}
	}
	return diag.NewError(d, nil)
}

func (t *Table[T]) report(err *diag.Error) { t.worker.Allocator().Reporter().Report(err.Diagnostic) }
