// Package render may use the tag render.
package render

import "github.com/framealloc/framealloc"

const tag = "render/cull"

// good FA801: through a constant
func Cull(f *framealloc.Frame) { defer f.Tag(tag)() }

// good FA801: the caller's tag
func Helper(f *framealloc.Frame) { _ = framealloc.Slice[int](f, 3) }

// good FA801: a name that is computed
func Named(f *framealloc.Frame, name string) { defer f.Tag(name)() }

// Copied with its tag.
func Copied(f *framealloc.Frame) {
	defer f.Tag("physics")() // bad FA801
}

const foreign = "physics/narrow"

// Constant uses a constant.
func Constant(f *framealloc.Frame) {
	defer f.Tag(foreign)() // bad FA801
}
