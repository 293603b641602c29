package ebitenframe

import (
	"runtime/metrics"
	"time"
)

// A meter measures turns: how long the game took, and what garbage it made. It
// keeps the last ones for the panel's graph.
type meter struct {
	turns [graphTurns]turn // a ring
	n     int              // turns ever finished; the next goes to turns[n%len]
	now   turn             // the running one

	began    time.Time // of the running callback
	lastDraw time.Time
	garbage  bool // measure garbage, too
	samples  [2]metrics.Sample
	objects  uint64 // heap objects ever made, when last looked
	cycles   uint64 // collections, likewise
}

// A turn is what happened from the end of one Draw to the end of the next.
type turn struct {
	updates      int
	update, draw time.Duration // the game's, all Updates added
	interval     time.Duration // from Draw to Draw
	collections  int
	// Heap objects made in the game's callbacks, and by everything else:
	// Ebitengine, the panel, other goroutines.
	inUpdate, inDraw, elsewhere int
	counted                     bool // those were: the panel was shown
}

func (m *meter) init() {
	m.samples[0].Name = "/gc/heap/allocs:objects"
	m.samples[1].Name = "/gc/cycles/total:gc-cycles"
}

// look returns how many heap objects were made since the last look. The runtime
// counts small ones by the span, so that only the mean of many turns is exact.
func (m *meter) look() int {
	if !m.garbage {
		return 0
	}
	metrics.Read(m.samples[:])
	objects, cycles := m.samples[0].Value.Uint64(), m.samples[1].Value.Uint64()
	made := int(objects - m.objects)
	if m.objects == 0 {
		made = 0
	} else {
		m.now.collections += int(cycles - m.cycles)
	}
	m.objects, m.cycles = objects, cycles
	return made
}

func (m *meter) beginUpdate() {
	m.now.elsewhere += m.look()
	m.began = time.Now()
}

func (m *meter) endUpdate() {
	m.now.update += time.Since(m.began)
	m.now.inUpdate += m.look()
	m.now.updates++
}

func (m *meter) beginDraw() {
	m.now.elsewhere += m.look()
	m.began = time.Now()
}

// endDraw finishes the turn.
func (m *meter) endDraw() {
	now := time.Now()
	m.now.draw = now.Sub(m.began)
	m.now.inDraw += m.look()
	m.now.counted = m.garbage
	if !m.lastDraw.IsZero() {
		m.now.interval = now.Sub(m.lastDraw)
	}
	m.lastDraw = now
	m.turns[m.n%len(m.turns)] = m.now
	m.n++
	m.now = turn{}
}

// ago returns the turn that many before the last one, ago(0), or a zero turn.
func (m *meter) ago(i int) turn {
	if i < 0 || i >= min(m.n, len(m.turns)) {
		return turn{}
	}
	return m.turns[(m.n-1-i)%len(m.turns)]
}

// garbageMean returns the mean of each kind of garbage over those of the turns
// kept in which it was counted, and how many these are.
func (m *meter) garbageMean() (inUpdate, inDraw, elsewhere float64, turns int) {
	for _, t := range m.turns[:min(m.n, len(m.turns))] {
		if !t.counted {
			continue
		}
		turns++
		inUpdate += float64(t.inUpdate)
		inDraw += float64(t.inDraw)
		elsewhere += float64(t.elsewhere)
	}
	n := float64(max(turns, 1))
	return inUpdate / n, inDraw / n, elsewhere / n, turns
}
