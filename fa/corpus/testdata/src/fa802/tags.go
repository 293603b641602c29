// Package fa802 uses tags that nobody knows.
package fa802

import "github.com/framealloc/framealloc"

const tagAudio = "audio"

func a(f *framealloc.Frame) {
	defer f.Tag("phisics")() // bad FA802
}

func b(f *framealloc.Frame) {
	f.WithTag("rendering", func() { _ = framealloc.Slice[int](f, 3) }) // bad FA802
}

func c(f *framealloc.Frame) {
	defer f.Tag("AI")() // bad FA802
}

const typo = "netwrok/packets"

func d(f *framealloc.Frame) {
	defer f.Tag(typo)() // bad FA802
}

func e(f *framealloc.Frame) {
	end := f.Tag("ui2") // bad FA802
	end()
}

func g(f *framealloc.Frame) {
	defer f.Tag("")() // bad FA802
}

// good FA802: known
func h(f *framealloc.Frame) { defer f.Tag("ai")() }

// good FA802: below a known one
func i(f *framealloc.Frame) { defer f.Tag("ui/menu")() }

// good FA802: through a constant
func j(f *framealloc.Frame) { defer f.Tag(tagAudio)() }

// good FA802: computed
func k(f *framealloc.Frame, name string) { defer f.Tag("level/" + name)() }

// good FA802: a phase is no tag
func l(f *framealloc.Frame) { defer f.Phase("anything")() }

// good FA802: known, with a function
func m(f *framealloc.Frame) { f.WithTag("net", func() {}) }
