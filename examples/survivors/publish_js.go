package main

import "syscall/js"

var page = js.Global().Get("Object").New()

func init() { js.Global().Set("survivors", page) }

// publish tells the page how the game goes, now and then: survivors.pictures and
// so on. Calls into a browser make some garbage.
func publish(g *game) {
	if g.pictures%15 != 0 {
		return
	}
	page.Set("pictures", g.pictures)
	page.Set("ticks", g.ticks)
	page.Set("foes", g.world.Foes())
	page.Set("kills", g.world.Kills)
	page.Set("heap", g.heap)
	page.Set("title", g.title)
	page.Set("choosing", g.world.Choosing)
	page.Set("x", g.world.Player.X)
}
