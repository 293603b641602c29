package framesync

import (
	"context"
	"fmt"
	"time"
)

// A Participant is one goroutine's part in a [Barrier]. Get it from
// [Barrier.Participant] or [Barrier.Join]. Its methods belong to that goroutine,
// except Leave, Name and Barrier, which any may call.
type Participant struct {
	b    *Barrier
	name string

	// Guarded by the barrier's mutex.
	signalled uint64 // the frame it signalled last
	waited    uint64 // the frame it knows to be complete, up to signalled
	waiting   bool
	left      bool
	stats     ParticipantStats

	// wake holds a token when the participant should look again at what it
	// waits for; a stale one costs a look.
	wake  chan struct{}
	limit *time.Timer // for WaitTimeout
	stall *time.Timer // for ReportAfter
}

// Name returns the participant's name.
func (p *Participant) Name() string { return p.name }

// Barrier returns the barrier that it takes part in.
func (p *Participant) Barrier() *Barrier { return p.b }

// Signal says that the participant has completed the running frame. It does not
// block: do what needs no one else, then Wait.
//
// It panics with FA202 when the participant has signalled the running frame
// already, for then it did not wait for the others, and when it has left.
func (p *Participant) Signal() {
	b := p.b
	b.mu.Lock()
	defer b.mu.Unlock()
	p.mustTakePart()
	if p.signalled == b.running {
		panic(b.misuse(p.name, fmt.Sprintf("participant %q signalled frame %d of %s twice", p.name, b.running, b.describe()),
			"call Wait before the next frame begins"))
	}
	p.signal()
}

// signal is Signal under the lock, for a frame not yet signalled.
func (p *Participant) signal() {
	b := p.b
	now := time.Now()
	if b.first.IsZero() {
		b.first, b.latest = now, now
	}
	p.signalled = b.running
	p.stats.Frames++
	b.missing--
	if b.missing == 0 {
		p.stats.Held += now.Sub(b.latest)
	}
	b.latest = now
	b.arrived(p)
}

// Wait blocks until every participant has signalled the frame that this one
// signalled last; it signals the running frame first if the participant has not
// signalled since it last waited. What the others wrote before they signalled
// can be read afterwards.
//
// It returns early when Leave is called meanwhile. It panics with FA202 when the
// participant has left, or another goroutine waits as the same participant.
func (p *Participant) Wait() { _ = p.wait(context.Background(), forever, false) }

// WaitContext is Wait until ctx is done; it then returns a [*MissingError] that
// names those who have not signalled and wraps ctx's error. The participant's own
// signal stands, and another Wait goes on waiting for the same frame. If the
// frame is complete it returns nil, whatever ctx says. When Leave is called
// meanwhile it returns [ErrLeft].
func (p *Participant) WaitContext(ctx context.Context) error { return p.wait(ctx, forever, false) }

// WaitTimeout is Wait for at most d; it then returns a [*MissingError] that wraps
// [context.DeadlineExceeded]. With d <= 0 it signals and looks, without waiting.
// See also [Participant.WaitContext].
func (p *Participant) WaitTimeout(d time.Duration) error {
	return p.wait(context.Background(), max(d, 0), false)
}

// WaitAll blocks until every other participant has signalled the running frame,
// and does not signal it itself. Until it does, the frame is not complete and
// those who Wait keep still: the place to swap buffers or to free what all
// share. Signal then lets everybody go on. After Signal, WaitAll is Wait.
//
// One participant of a barrier may do so: WaitAll panics with FA202 when another
// is in it, for neither would ever signal.
func (p *Participant) WaitAll() { _ = p.wait(context.Background(), forever, true) }

// WaitAllContext is WaitAll until ctx is done, with errors as in
// [Participant.WaitContext].
func (p *Participant) WaitAllContext(ctx context.Context) error { return p.wait(ctx, forever, true) }

// Leave ends the participant's part: nobody waits for it any more, and its name
// is free. A frame for which only it was missing is complete. Leaving twice does
// nothing. A supervisor may call it for a goroutine that has died.
func (p *Participant) Leave() {
	b := p.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.left {
		return
	}
	p.left = true
	if p.waiting {
		p.rouse()
	}
	if b.coordinator == p {
		b.coordinator = nil
	}
	b.remove(p)
}

func (p *Participant) mustTakePart() {
	if p.left {
		panic(p.b.misuse(p.name, fmt.Sprintf("participant %q has left %s", p.name, p.b.describe()),
			"call Leave where the goroutine ends; to take part again, call Join"))
	}
}

// rouse makes a waiting participant look again. Never blocks: one token is as
// good as two.
func (p *Participant) rouse() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}
