package tracyframe

import "github.com/framealloc/framealloc"

// zone is an open zone of a worker. Tracy's zones nest; tags and phases nest each
// among themselves only. So a zone that is left before one inside it ends with that.
type zone struct {
	context zoneContext
	kind    zoneKind
	depth   int // among those of its kind
	left    bool
}

type zoneKind uint8

const (
	tagZone zoneKind = iota
	phaseZone
)

func (s *Session) enter(e framealloc.ScopeEnter, kind zoneKind) {
	w := s.worker(e.By)
	if w == nil || !w.on || !w.held {
		return
	}
	what, color := "phase", uint32(phaseColor)
	if kind == tagZone {
		what, color = "tag", tagColor
	}
	w.zones = append(w.zones, zone{w.zoneBegin(placeOf(e.Path, what, color)), kind, e.Depth, false})
}

func (s *Session) leave(e framealloc.ScopeLeave, kind zoneKind) {
	w := s.worker(e.By)
	if w == nil || !w.on {
		return
	}
	for i := len(w.zones) - 1; i >= 0; i-- {
		if z := &w.zones[i]; z.kind == kind && z.depth == e.Depth && !z.left {
			z.left = true
			break
		}
	}
	for n := len(w.zones); n > 0 && w.zones[n-1].left; n-- {
		w.zoneEnd(w.zones[n-1].context)
		w.zones = w.zones[:n-1]
	}
}

// endZones ends what is open at a frame's end.
func (w *worker) endZones() {
	for n := len(w.zones); n > 0; n-- {
		w.zoneEnd(w.zones[n-1].context)
	}
	w.zones = w.zones[:0]
}
