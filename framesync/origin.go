package framesync

import (
	"fmt"
	"reflect"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// origin is what is known of a transfer when it is gone. It must not refer to
// the transfer, which could then never be found lost.
type origin struct {
	alloc    *framealloc.Allocator
	bytes    int
	made     uintptr // program counter
	typ      reflect.Type
	frame    uint64
	worker   string
	tag      string
	reporter *diag.Reporter
	ledger   *ledger
}

// lost is called by the collector for a transfer that nobody received.
func (o *origin) lost() {
	o.ledger.lost.Add(1)
	o.tell(framealloc.TransferDropped)
	o.reporter.Report(o.diagnose(fmt.Sprintf("transfer of %v dropped: nobody received it", o.typ)))
}

// tell tells the allocator's observers of a step in the transfer's life.
func (o *origin) tell(kind framealloc.TransferKind) {
	o.alloc.Transferred(framealloc.TransferEvent{Worker: o.worker, Frame: o.frame, Kind: kind, Bytes: o.bytes})
}

// diagnose makes a diagnostic about the transfer, at the place it was made.
func (o *origin) diagnose(message string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: diag.FA206, Message: message,
		Frame: o.frame, Worker: o.worker, Tag: o.tag, PC: o.made,
	}
}
