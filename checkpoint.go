package framealloc

import (
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// A Checkpoint is a point in a frame's allocations to which [Frame.Rollback]
// goes back. It is a small value, good until the frame ends, or until an earlier
// checkpoint is rolled back or the scope it was made in is left.
type Checkpoint struct {
	f     *Frame
	epoch uint64
	mark  arena.Mark
	boxes uint64
}

// Checkpoint remembers the present point of the frame. Checkpoints nest. Taking
// one costs a few nanoseconds for each type with pointers in use.
func (f *Frame) Checkpoint() Checkpoint {
	f.mustBeActive("a checkpoint taken in")
	return Checkpoint{f: f, epoch: f.epoch, mark: f.mem.Mark(), boxes: f.boxes}
}

// Rollback gives back everything allocated since the checkpoint was taken: that
// memory is reused, and what it pointed to can be collected. The checkpoint stays
// good for another Rollback; checkpoints taken after it are not.
//
// It panics with FA606 for a checkpoint of another frame or of one that has
// ended, and with FA002 for one that an earlier rollback, or the end of its scope,
// has closed.
func (f *Frame) Rollback(c Checkpoint) {
	f.checkCheckpoint(c)
	f.rewind(c.mark)
	f.bury(c.boxes)
	if len(f.sampled) > 0 {
		f.unsample(c.mark.Serial())
	}
}

// checkCheckpoint panics unless c is one of f's open checkpoints.
func (f *Frame) checkCheckpoint(c Checkpoint) {
	switch {
	case c.f == nil:
		panic(f.diagnose(diag.FA606, "rollback to a zero Checkpoint", "take it with frame.Checkpoint()"))
	case c.f != f:
		e := f.diagnose(diag.FA606, "rollback to a checkpoint of another frame", "roll back on the frame that the checkpoint was taken in")
		if c.f.w != f.w {
			e.Note = "it was taken on worker \"" + c.f.w.name + "\""
		}
		panic(e)
	case c.epoch != f.epoch || f.mem.Closed():
		panic(f.diagnose(diag.FA606, "rollback to a checkpoint of a frame that has ended", "keep checkpoints inside their frame"))
	case f.w.modes&ModeDebug != 0:
		f.checkOwner()
	}
	if !f.mem.Valid(c.mark) {
		panic(f.diagnose(diag.FA002, "rollback to a checkpoint that is closed: an earlier checkpoint was rolled back or committed, or its scope has ended",
			"roll back in the reverse order of taking checkpoints"))
	}
}

// A Guard rolls its frame back unless it was committed:
//
//	guard := f.Guard()
//	defer guard.Rollback()
//	… // allocate, try, return early
//	guard.Commit()
type Guard struct {
	c    Checkpoint
	done bool
}

// Guard takes a checkpoint that is rolled back by default.
func (f *Frame) Guard() Guard { return Guard{c: f.Checkpoint()} }

// Commit keeps what was allocated since the guard was made. Rollback then does
// nothing. Guards taken since are committed with it. A second Commit does nothing.
func (g *Guard) Commit() {
	if g.done {
		return
	}
	g.c.f.checkCheckpoint(g.c)
	g.c.f.mem.Commit(g.c.mark)
	g.done = true
}

// Rollback gives back what was allocated since the guard was made, once, unless
// it was committed or its frame has ended or been rolled back further already.
func (g *Guard) Rollback() {
	f := g.c.f
	if g.done || f == nil {
		return
	}
	g.done = true
	if g.c.epoch == f.epoch && !f.mem.Closed() && f.mem.Valid(g.c.mark) {
		f.Rollback(g.c)
		f.mem.Commit(g.c.mark)
	}
}

// Speculate runs fn and gives back what it allocated in the frame when it
// returns an error or panics; the error is returned, the panic goes on. When fn
// returns nil, all is kept.
func Speculate(f *Frame, fn func() error) error {
	g := f.Guard()
	defer g.Rollback()
	if err := fn(); err != nil {
		return err
	}
	g.Commit()
	return nil
}
