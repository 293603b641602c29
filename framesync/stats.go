package framesync

import "time"

// BarrierStats say how well the participants of a barrier keep step.
type BarrierStats struct {
	Frames       uint64        // completed
	Last         string        // who signalled the latest of them last; "" where someone left instead
	Spread       time.Duration // from its first signal to its last
	Participants []ParticipantStats
}

// ParticipantStats are one participant's sums since it joined.
type ParticipantStats struct {
	Name   string
	Frames uint64 // signalled

	// Last counts the frames that it was the last to signal. Held is how much
	// sooner those would have been complete without it: the time from the
	// signal before its own.
	Last uint64
	Held time.Duration

	// Waited is the time it spent blocked, waiting for the others, and
	// LongestWait the longest of those waits.
	Waited      time.Duration
	LongestWait time.Duration
}

// Stats returns the figures of the barrier and of those who take part now, in
// the order of joining.
func (b *Barrier) Stats() BarrierStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := BarrierStats{Frames: b.running - 1, Last: b.last, Spread: b.spread}
	for _, p := range b.participants {
		ps := p.stats
		ps.Name = p.name
		s.Participants = append(s.Participants, ps)
	}
	return s
}
