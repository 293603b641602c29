package world

import (
	"cmp"
	"slices"

	"github.com/framealloc/framealloc/examples/survivors/mem"
)

// Half of what the picture shows, in units, with a margin for what stands on its
// edge.
const (
	halfWidth  = 320 + 24
	halfHeight = 180 + 32
)

// A Scene is what there is to see after a tick. It lives in the tick's memory, for
// every picture that is drawn of it.
type Scene struct {
	Camera   Pos
	Standing []Standing // from back to front
	Gems     []Gleam
	Sparks   []Gleam
	Shots    []Gleam
	Numbers  []Amount
	Nova     Pos
	Radius   float32 // of the nova; 0: there is none
}

// Standing is something that hides what is behind it.
type Standing struct {
	Pos
	Look   Look
	Mirror bool
	Flash  bool
	Phase  uint16
}

// Look is what something standing looks like: a foe's kind, or another.
type Look uint8

// The looks besides those of foes.
const (
	LookPlayer Look = iota + Look(foeKinds)
	LookTree
	Looks // how many there are
)

// Gleam is something small that shines: a gem, a spark, a shot.
type Gleam struct {
	Pos
	Dir   Vel
	Size  float32
	Fade  float32 // 1: as bright as it gets
	Color uint8
}

// Amount is a number in the air.
type Amount struct {
	Pos
	Value int
	Fade  float32
}

// Scene collects what is to be seen.
func (w *World) Scene(m mem.Mem) *Scene {
	defer m.Tag("scene")()
	s := mem.New[Scene](m)
	c := w.Player.Pos
	c.X = min(max(c.X, 320), extent-320)
	c.Y = min(max(c.Y, 180), extent-180)
	s.Camera = c
	visible := func(p *Pos) bool {
		return p.X > c.X-halfWidth && p.X < c.X+halfWidth && p.Y > c.Y-halfHeight && p.Y < c.Y+halfHeight
	}

	s.Standing = mem.List[Standing](m, maxFoes+1+2*halfWidth*2*halfHeight/Tile/Tile)
	foes := w.foes.filter.Query()
	for foes.Next() {
		if pos, _, foe := foes.Get(); visible(pos) {
			s.Standing = append(s.Standing, Standing{Pos: *pos, Look: Look(foe.Kind), Mirror: pos.X > w.Player.X, Flash: foe.Flash > 0, Phase: foe.Phase})
		}
	}
	if !w.Over {
		phase := uint16(0)
		if w.Player.Walks {
			phase = uint16(w.Ticks)
		}
		s.Standing = append(s.Standing, Standing{Pos: w.Player.Pos, Look: LookPlayer, Mirror: w.Player.Left, Flash: w.Player.Hurt > 18, Phase: phase})
	}
	x0, y0 := tileAt(Pos{c.X - halfWidth, c.Y - halfHeight})
	x1, y1 := tileAt(Pos{c.X + halfWidth, c.Y + halfHeight})
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if w.terrain.At(x, y) == Tree {
				s.Standing = append(s.Standing, Standing{Pos: Pos{float32(x*Tile + Tile/2), float32(y*Tile + Tile - 3)}, Look: LookTree, Phase: uint16(x*7 + y*13)})
			}
		}
	}
	slices.SortFunc(s.Standing, func(a, b Standing) int { return cmp.Compare(a.Y, b.Y) })

	s.Gems = mem.List[Gleam](m, maxGems)
	gems := w.gems.filter.Query()
	for gems.Next() {
		if pos, _, gem := gems.Get(); visible(pos) {
			color := uint8(0)
			switch {
			case gem.Worth >= 25:
				color = 2
			case gem.Worth >= 3:
				color = 1
			}
			fade := float32(1)
			if gem.Drawn {
				fade = 0.5
			}
			s.Gems = append(s.Gems, Gleam{Pos: *pos, Size: 1, Fade: fade, Color: color})
		}
	}
	s.Shots = mem.List[Gleam](m, maxShots)
	shots := w.shots.filter.Query()
	for shots.Next() {
		if pos, vel, _ := shots.Get(); visible(pos) {
			s.Shots = append(s.Shots, Gleam{Pos: *pos, Dir: *vel, Size: 1, Fade: 1})
		}
	}
	s.Sparks = mem.List[Gleam](m, maxSparks)
	sparks := w.sparks.filter.Query()
	for sparks.Next() {
		if pos, _, spark := sparks.Get(); visible(pos) {
			s.Sparks = append(s.Sparks, Gleam{Pos: *pos, Size: spark.Size, Fade: float32(spark.Life) / float32(spark.Span), Color: spark.Look})
		}
	}
	s.Numbers = mem.List[Amount](m, maxNumbers)
	numbers := w.numbers.filter.Query()
	for numbers.Next() {
		if pos, _, number := numbers.Get(); visible(pos) {
			s.Numbers = append(s.Numbers, Amount{Pos: *pos, Value: int(number.Amount), Fade: float32(number.Life) / 32})
		}
	}
	s.Nova, s.Radius = w.nova.Pos, w.nova.radius
	return s
}
