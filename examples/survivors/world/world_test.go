package world

import (
	"fmt"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// horde returns a game with thousands of foes that has gone on for some time.
func horde(t testing.TB, alloc *framealloc.Allocator, ticks int) *World {
	t.Helper()
	w := New(Config{Seed: 1, Foes: maxFoes, Upgrades: 40, Immortal: true})
	for range ticks {
		alloc.Frame(func(f *framealloc.Frame) {
			w.Step(mem.Mem{Frame: f}, Bot(w))
			w.Scene(mem.Mem{Frame: f})
		})
	}
	return w
}

// TestNoGarbage is what the game is about: with thousands of foes fighting, dying
// and appearing, a tick makes nothing on the heap.
func TestNoGarbage(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.HighPerformanceConfig())
	defer alloc.Close()
	w := horde(t, alloc, 600)
	kills, foes := w.Kills, w.Foes()
	const ticks = 400
	got := testing.AllocsPerRun(1, func() { // all together: the mean would round down
		for range ticks / 2 {
			f := alloc.BeginFrame()
			w.Step(mem.Mem{Frame: f}, Bot(w))
			w.Scene(mem.Mem{Frame: f})
			alloc.EndFrame()
		}
	})
	if got != 0 {
		t.Errorf("%v heap allocations in %d ticks", got, ticks/2)
	}
	if foes < maxFoes*9/10 || w.Kills-kills < 300 {
		t.Errorf("too quiet to tell: %d foes, %d killed meanwhile", foes, w.Kills-kills)
	}
	s := alloc.Stats()
	t.Logf("%d entities, %d killed, level %d, a tick takes %d KiB of frame memory in %d allocations",
		w.Entities(), w.Kills, w.Player.Level, s.LastFrameBytes>>10, s.LastFrameAllocations)
}

// TestHeapModeIsTheSameGame: where memory comes from changes nothing else.
func TestHeapModeIsTheSameGame(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	var prints [2]string
	for i := range prints {
		w := New(Config{Seed: 7, Foes: 600})
		for range 900 {
			alloc.Frame(func(f *framealloc.Frame) {
				m := mem.Mem{Frame: f}
				if i == 1 {
					m.Frame = nil
				}
				w.Step(m, Bot(w))
				w.Scene(m)
			})
		}
		prints[i] = fingerprint(w)
	}
	if prints[0] != prints[1] {
		t.Errorf("in frames: %s\non the heap: %s", prints[0], prints[1])
	}
}

func fingerprint(w *World) string {
	var x, y, health float64
	foes := w.foes.filter.Query()
	for foes.Next() {
		p, _, f := foes.Get()
		x, y, health = x+float64(p.X), y+float64(p.Y), health+float64(f.Health)
	}
	return fmt.Sprintf("%+v; %d killed, %d entities, foes at %v, %v with %v", w.Player, w.Kills, w.Entities(), x, y, health)
}

// TestCountsAreRight compares the counts kept with what there is.
func TestCountsAreRight(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	w := horde(t, alloc, 400)
	if got := count(w.foes.filter); got != w.foes.n {
		t.Errorf("%d foes, counted %d", got, w.foes.n)
	}
	if got := count(w.shots.filter); got != w.shots.n {
		t.Errorf("%d shots, counted %d", got, w.shots.n)
	}
	if got := count(w.gems.filter); got != w.gems.n {
		t.Errorf("%d gems, counted %d", got, w.gems.n)
	}
	if got := count(w.sparks.filter); got != w.sparks.n {
		t.Errorf("%d sparks, counted %d", got, w.sparks.n)
	}
	if got := count(w.numbers.filter); got != w.numbers.n {
		t.Errorf("%d numbers, counted %d", got, w.numbers.n)
	}
}

func count[T any](f *ecs.Filter3[Pos, Vel, T]) int {
	q := f.Query()
	defer q.Close()
	return q.Count()
}

// TestFoesComeAndBite: one who stands still is reached, bitten and beaten.
func TestFoesComeAndBite(t *testing.T) {
	w := New(Config{Seed: 3, Foes: 300})
	for range 60 * 120 {
		w.Step(mem.Mem{}, Input{Choice: 1})
		if w.Over {
			break
		}
	}
	if !w.Over || w.Player.Health != 0 {
		t.Fatalf("after two minutes of standing still: %+v", w.Player)
	}
	ticks := w.Ticks
	for range 100 {
		w.Step(mem.Mem{}, Input{X: 1})
	}
	if w.Ticks != ticks {
		t.Error("time goes on after the end")
	}
}

// TestNobodyStandsInAWall, neither foes nor player.
func TestNobodyStandsInAWall(t *testing.T) {
	w := New(Config{Seed: 5, Foes: 1500, Immortal: true})
	for i := range 600 {
		w.Step(mem.Mem{}, Bot(w))
		if x, y := tileAt(w.Player.Pos); !w.terrain.open(x, y) {
			t.Fatalf("tick %d: the player is in a block at %v", i, w.Player.Pos)
		}
	}
	inside := 0
	foes := w.foes.filter.Query()
	for foes.Next() {
		p, _, _ := foes.Get()
		if x, y := tileAt(*p); !w.terrain.open(x, y) {
			inside++
		}
	}
	if inside > w.Foes()/100 {
		t.Errorf("%d of %d foes are in a block", inside, w.Foes())
	}
}

// TestFieldLeadsAround a wall: whoever follows it arrives.
func TestFieldLeadsAround(t *testing.T) {
	terrain := new(Terrain)
	for i := range Size {
		for _, e := range [2]int{0, Size - 1} {
			terrain.blocks[i*Size+e], terrain.blocks[e*Size+i] = Tree, Tree
		}
	}
	for y := range 40 { // a wall that is open at the bottom, and a dead end
		terrain.blocks[(y+10)*Size+60] = Stone
	}
	for x := range 20 {
		terrain.blocks[10*Size+40+x] = Stone
	}
	goal := Pos{70 * Tile, 20 * Tile}
	f := newField(mem.Mem{}, terrain, goal)
	p := Pos{50*Tile + 3, 15*Tile + 5}
	if x, y := tileAt(p); f.sees(x, y) {
		t.Fatal("it sees through the wall")
	}
	for step := range 3000 {
		x, y := f.way(p)
		p.X, p.Y = p.X+x, p.Y+y
		terrain.keepOut(&p, 5)
		if length(p.X-goal.X, p.Y-goal.Y) < 8 {
			if step < 500 {
				t.Errorf("arrived after %d steps, which is shorter than the way around", step)
			}
			return
		}
	}
	t.Errorf("it never arrived, but stands at %v", p)
}

// TestNear finds the same foes as looking at all of them.
func TestNear(t *testing.T) {
	w := New(Config{Seed: 9, Foes: 2000, Immortal: true})
	for range 120 {
		w.Step(mem.Mem{}, Bot(w))
	}
	k := newTick(w, mem.Mem{})
	k.gather()
	for i := range 50 {
		p, radius := *k.bodies[i*17].pos, float32(3+i)
		want := 0
		for j := range k.bodies {
			b := &k.bodies[j]
			if length(b.pos.X-p.X, b.pos.Y-p.Y) < radius+b.radius && b.foe.Health > 0 {
				want++
			}
		}
		got := 0
		k.near(p, radius, func(*body) { got++ })
		if got != want {
			t.Errorf("around %v, radius %v: %d foes, want %d", p, radius, got, want)
		}
	}
}

func TestUpgrades(t *testing.T) {
	for u := range upgrades {
		p := newPlayer()
		before := p
		for range 200 {
			if u.possible(&p) {
				u.apply(&p)
			}
		}
		if p == before {
			t.Errorf("%v does nothing", u)
		}
		if p.Bolts > maxBolts || p.Blades > maxBlades || p.Rate < 6 || p.Nova != 0 && p.Nova < 30 {
			t.Errorf("%v goes too far: %+v", u, p)
		}
	}
	w := New(Config{Seed: 1})
	w.gain(6)
	if !w.Choosing || w.Player.Level != 2 {
		t.Fatalf("after enough gems: %+v", w.Player)
	}
	for _, u := range w.Offer {
		for _, v := range w.Offer {
			if &u != &v && u == v && w.Offer[0] == w.Offer[1] {
				t.Errorf("the same upgrade is offered twice: %v", w.Offer)
			}
		}
	}
	w.Step(mem.Mem{}, Input{})
	if !w.Choosing || w.Ticks != 0 {
		t.Error("the game goes on before a choice")
	}
	w.Step(mem.Mem{}, Input{Choice: 2})
	if w.Choosing {
		t.Error("the choice was not taken")
	}
}

func BenchmarkTick(b *testing.B) {
	alloc := framealloc.NewAllocator(framealloc.HighPerformanceConfig())
	defer alloc.Close()
	for _, mode := range []string{"frame", "heap"} {
		b.Run(mode, func(b *testing.B) {
			w := horde(b, alloc, 600)
			b.ReportAllocs()
			for b.Loop() {
				f := alloc.BeginFrame()
				m := mem.Mem{Frame: f}
				if mode == "heap" {
					m.Frame = nil
				}
				w.Step(m, Bot(w))
				w.Scene(m)
				alloc.EndFrame()
			}
		})
	}
}
