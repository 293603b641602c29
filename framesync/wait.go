package framesync

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// forever is a limit that never runs out.
const forever time.Duration = -1

// wait is every kind of waiting: until the frame that p signalled is complete,
// or, with all set, until all others have signalled the running frame.
func (p *Participant) wait(ctx context.Context, limit time.Duration, all bool) error {
	b := p.b
	b.mu.Lock()
	defer b.mu.Unlock()
	p.prepare(all)
	coordinates := all && p.signalled != b.running
	if p.done(coordinates) {
		return nil
	}
	p.waiting = true
	if coordinates {
		b.coordinator = p
	}
	begin := time.Now()
	defer p.waitOver(begin)

	var limited, stalled <-chan time.Time
	if limit > 0 {
		limited = arm(&p.limit, limit)
		defer p.limit.Stop()
	}
	if b.reportAfter > 0 {
		stalled = arm(&p.stall, b.reportAfter)
		defer p.stall.Stop()
	}
	expired := limit == 0
	// What is waited for is looked at under the lock, each time around, so that
	// it does not matter why and how often the select is left.
	for {
		switch err := ctx.Err(); {
		case p.left:
			return ErrLeft
		case p.done(coordinates):
			return nil
		case err != nil:
			return p.missed(err)
		case expired:
			return p.missed(context.DeadlineExceeded)
		}
		b.mu.Unlock()
		stall := false
		select {
		case <-p.wake:
		case <-ctx.Done():
		case <-limited:
			expired = true
		case <-stalled:
			stall = true
		}
		b.mu.Lock()
		if stall {
			p.reportStall()
		}
	}
}

// prepare checks that p may wait, and signals for it where Wait implies that.
func (p *Participant) prepare(all bool) {
	b := p.b
	p.mustTakePart()
	if p.waiting {
		panic(b.misuse(p.name, fmt.Sprintf("two goroutines wait as participant %q of %s", p.name, b.describe()),
			"give each goroutine a participant of its own: barrier.Join(name)"))
	}
	if all {
		if p.signalled < b.running {
			p.waited = p.signalled
			if c := b.coordinator; c != nil {
				panic(b.misuse(p.name, fmt.Sprintf("participants %q and %q of %s both wait for all others to signal", c.name, p.name, b.describe()),
					"let one of them call Wait, which signals"))
			}
		}
		return
	}
	if p.signalled == p.waited {
		p.signal()
	}
}

// done reports whether what p waits for has come, and notes it.
func (p *Participant) done(coordinates bool) bool {
	b := p.b
	if coordinates {
		return b.missing == 1
	}
	if p.signalled < b.running {
		p.waited = p.signalled
		return true
	}
	return false
}

// waitOver ends a wait and books the time since it began.
func (p *Participant) waitOver(begin time.Time) {
	p.waiting = false
	if p.b.coordinator == p {
		p.b.coordinator = nil
	}
	d := time.Since(begin)
	p.stats.Waited += d
	p.stats.LongestWait = max(p.stats.LongestWait, d)
}

// reportStall reports who is missing, once a frame. The lock is released
// meanwhile, since the reporter calls others and may panic in strict mode.
func (p *Participant) reportStall() {
	b := p.b
	missing := b.missingBut(p)
	if len(missing) == 0 || b.reported == b.running || p.left {
		return
	}
	b.reported = b.running
	d := diag.Diagnostic{
		Code: diag.FA202, Worker: p.name, Frame: b.running, PC: diag.CallerPC(),
		Message: fmt.Sprintf("participant %q has waited %v at %s for %s", p.name, b.reportAfter, b.describe(), strings.Join(missing, ", ")),
		Help:    "signal at the end of every frame, on every path; a goroutine that ends calls Leave",
	}
	b.mu.Unlock()
	defer b.mu.Lock()
	b.reporter.Report(d)
}

// arm starts a timer, made at its first use, and returns its channel.
func arm(t **time.Timer, d time.Duration) <-chan time.Time {
	if *t == nil {
		*t = time.NewTimer(d)
	} else {
		(*t).Reset(d)
	}
	return (*t).C
}
