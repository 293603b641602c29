package world

import (
	"testing"

	"github.com/framealloc/framealloc/examples/survivors/mem"
)

// TestBalance lets the bot play some games: none is over in a moment, and not all
// go on for ever.
func TestBalance(t *testing.T) {
	const second = 60 // ticks
	ended := 0
	for seed := uint64(1); seed <= 3; seed++ {
		w := New(Config{Seed: seed})
		for turn := 0; turn < 100*second && !w.Over; turn++ {
			in := Bot(w)
			in.Choice = turn%3 + 1
			w.Step(mem.Mem{}, in)
		}
		t.Logf("seed %d: %d seconds, level %d, %d foes killed, over: %v", seed, w.Ticks/60, w.Player.Level, w.Kills, w.Over)
		if w.Ticks < 30*second || w.Player.Level < 3 || w.Kills < 20 {
			t.Errorf("seed %d: a short game", seed)
		}
		if w.Over {
			ended++
		}
	}
	if ended == 0 {
		t.Error("nobody is ever beaten")
	}
}
