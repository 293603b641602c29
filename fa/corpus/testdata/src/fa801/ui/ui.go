// Package ui may use neither.
package ui

import "github.com/framealloc/framealloc"

// Draw draws.
func Draw(f *framealloc.Frame) {
	defer f.Tag("render")() // bad FA801
}

// Shake shakes.
func Shake(f *framealloc.Frame) {
	end := f.Tag("physics/shake") // bad FA801
	_ = framealloc.Slice[int](f, 3)
	end()
}
