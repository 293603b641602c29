package framesync

import (
	"runtime"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/framealloc/framealloc"
)

// TransferStats count an allocator's transfers since the start.
type TransferStats struct {
	Made     uint64
	Received uint64
	Dropped  uint64 // by Drop
	Lost     uint64 // found unreachable and reported (FA206)
	Pending  uint64 // made, and none of the others yet
}

// Transfers returns the figures of the transfers that left frames of a's workers.
// It may be called from any goroutine.
func Transfers(a *framealloc.Allocator) TransferStats { return ledgerOf(a).stats() }

// ledger is one allocator's counts.
type ledger struct{ made, received, dropped, lost atomic.Uint64 }

func (l *ledger) stats() TransferStats {
	// The ends are read before the beginnings, so that Pending is not negative.
	s := TransferStats{Received: l.received.Load(), Dropped: l.dropped.Load(), Lost: l.lost.Load()}
	s.Made = l.made.Load()
	s.Pending = s.Made - s.Received - s.Dropped - s.Lost
	return s
}

// ledgers maps weak.Pointer[framealloc.Allocator] to *ledger. Weak, so that the
// table keeps no allocator alive; an entry goes with its allocator.
var ledgers sync.Map

func ledgerOf(a *framealloc.Allocator) *ledger {
	key := weak.Make(a)
	if l, ok := ledgers.Load(key); ok {
		return l.(*ledger)
	}
	l, known := ledgers.LoadOrStore(key, new(ledger))
	if !known {
		runtime.AddCleanup(a, func(key weak.Pointer[framealloc.Allocator]) { ledgers.Delete(key) }, key)
	}
	return l.(*ledger)
}
