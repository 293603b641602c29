package framesync

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// A Barrier is where goroutines that share frames meet: the running frame is
// complete when every participant has signalled it, and then the next one runs.
// Frames are counted from 1 and are the barrier's generations: a signal is for
// one of them, so that the barrier is ready for the next frame at once and a fast
// participant cannot be mistaken for a slow one.
//
// All methods may be called from any goroutine. Create one with [NewBarrier] or a
// [Builder].
type Barrier struct {
	name        string
	reporter    *diag.Reporter
	reportAfter time.Duration

	mu           sync.Mutex
	running      uint64 // number of the running frame
	missing      int    // participants that have not signalled it
	participants []*Participant
	coordinator  *Participant // waits in WaitAll
	reported     uint64       // the frame that a stall was reported for last

	first, latest time.Time // signals of the running frame
	spread        time.Duration
	last          string
}

// NewBarrier returns a barrier with a participant of each name. It panics with
// FA202 when a name is empty or given twice. See also [Barrier.Join].
func NewBarrier(names ...string) *Barrier {
	return NewBuilder("").Participants(names...).Build()
}

// Name returns the name that the barrier was built with, or "".
func (b *Barrier) Name() string { return b.name }

// Frame returns the number of the running frame: 1 until every participant has
// signalled for the first time.
func (b *Barrier) Frame() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running
}

// Participant returns the participant of the given name. It panics with FA202
// when there is none, or it has left.
func (b *Barrier) Participant(name string) *Participant {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.find(name); p != nil {
		return p
	}
	panic(b.misuse(name, fmt.Sprintf("%q is no participant of %s", name, b.describe()),
		"name it when the barrier is made, or call Join; the participants are "+strings.Join(b.names(), ", ")))
}

// Join adds a participant. It takes part from the running frame on: that frame
// is not complete before the new participant, too, has signalled. It panics with
// FA202 when the name is empty or taken.
func (b *Barrier) Join(name string) *Participant {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case name == "":
		panic(b.misuse(name, "a participant without a name", "name participants: errors and reports say who is missing"))
	case b.find(name) != nil:
		panic(b.misuse(name, fmt.Sprintf("%s has a participant %q already", b.describe(), name),
			"give each goroutine a name of its own; one that comes back after Leave may take its old name"))
	}
	p := &Participant{b: b, name: name, wake: make(chan struct{}, 1)}
	b.participants = append(b.participants, p)
	b.missing++
	return p
}

// Missing returns the names of those who have not signalled the running frame, in
// the order of joining.
func (b *Barrier) Missing() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.missingBut(nil)
}

func (b *Barrier) missingBut(me *Participant) []string {
	var names []string
	for _, p := range b.participants {
		if p != me && p.signalled != b.running {
			names = append(names, p.name)
		}
	}
	return names
}

func (b *Barrier) find(name string) *Participant {
	for _, p := range b.participants {
		if p.name == name {
			return p
		}
	}
	return nil
}

func (b *Barrier) names() []string {
	names := make([]string, len(b.participants))
	for i, p := range b.participants {
		names[i] = p.name
	}
	return names
}

// arrived is called when one participant fewer is missing: last has signalled,
// or, if nil, someone has left.
func (b *Barrier) arrived(last *Participant) {
	if b.missing == 0 {
		if len(b.participants) > 0 {
			b.complete(last)
		}
		return
	}
	if b.missing == 1 && b.coordinator != nil {
		b.coordinator.rouse()
	}
}

// complete ends the running frame and lets everybody go on who waits for that.
func (b *Barrier) complete(last *Participant) {
	b.spread = b.latest.Sub(b.first)
	b.last = ""
	if last != nil {
		b.last = last.name
		last.stats.Last++
	}
	b.running++
	b.missing = len(b.participants)
	b.first, b.latest = time.Time{}, time.Time{}
	for _, p := range b.participants {
		if p.waiting {
			p.rouse()
		}
	}
}

func (b *Barrier) remove(p *Participant) {
	i := slices.Index(b.participants, p)
	b.participants = slices.Delete(b.participants, i, i+1)
	if p.signalled == b.running {
		return
	}
	b.missing--
	b.arrived(nil)
}

// describe names the barrier in messages.
func (b *Barrier) describe() string {
	if b.name == "" {
		return "the barrier"
	}
	return fmt.Sprintf("barrier %q", b.name)
}

func (b *Barrier) misuse(worker, message, help string) *diag.Error {
	return diag.NewError(diag.Diagnostic{
		Code: diag.FA202, Severity: diag.SeverityError, Frame: b.running, Worker: worker,
		Message: message, Help: help, PC: diag.CallerPC(),
	}, nil)
}
