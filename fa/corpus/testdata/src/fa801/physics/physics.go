// Package physics may use the tag physics.
package physics

import "github.com/framealloc/framealloc"

// good FA801: its own tag
func Step(f *framealloc.Frame) { defer f.Tag("physics")() }

// good FA801: below its own tag
func Broad(f *framealloc.Frame) { defer f.Tag("physics/broad")() }

// good FA801: a tag that nobody owns
func Think(f *framealloc.Frame) { defer f.Tag("ai")() }

// Debug draws.
func Debug(f *framealloc.Frame) {
	defer f.Tag("render")() // bad FA801
}

// Lines draws.
func Lines(f *framealloc.Frame) {
	f.WithTag("render/lines", func() { _ = framealloc.Slice[int](f, 3) }) // bad FA801
}
