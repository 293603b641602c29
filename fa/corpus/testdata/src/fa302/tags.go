// Package fa302 gives budgets to tags.
package fa302

import "github.com/framealloc/framealloc"

const tagPhysics = "physics"

func setup(a *framealloc.Allocator) {
	a.SetTagBudget(tagPhysics, framealloc.Budget{Hard: 8 * framealloc.MiB})
	a.SetTagBudget("ai", framealloc.Budget{Hard: 2 * framealloc.MiB})
	a.SetTagBudget("render", framealloc.Budget{Hard: 2 * framealloc.MiB})
}

func hud(f *framealloc.Frame) {
	defer f.Tag("ui")() // bad FA302
	_ = framealloc.Slice[int](f, 8)
}

func mix(f *framealloc.Frame) {
	f.WithTag("audio", func() { // bad FA302
		_ = framealloc.Slice[int](f, 8)
	})
}

func packets(f *framealloc.Frame) {
	end := f.Tag("net/packets") // bad FA302
	_ = framealloc.Slice[int](f, 8)
	end()
}

const tagChat = "net/chat"

func chat(f *framealloc.Frame) {
	defer f.Tag(tagChat)() // bad FA302
}

func voice(f *framealloc.Frame) {
	defer f.Tag("audio/" + "voice")() // bad FA302
}

func menu(f *framealloc.Frame) {
	defer f.Tag("ui/menu")() // bad FA302
}

// good FA302: has one
func solve(f *framealloc.Frame) { defer f.Tag("physics")() }

// good FA302: below one that has
func path(f *framealloc.Frame) { defer f.Tag("ai/path")() }

// good FA302: through a constant
func broad(f *framealloc.Frame) { defer f.Tag(tagPhysics + "/broad")() }

// good FA302: a computed name
func named(f *framealloc.Frame, name string) { defer f.Tag(name)() }

// good FA302: no tag at all
func untagged(f *framealloc.Frame) { _ = framealloc.Slice[int](f, 8) }

// good FA302: the tag again, inside of a scope
func cull(f *framealloc.Frame) {
	f.WithTag("render", func() { _ = framealloc.Slice[int](f, 8) })
}
