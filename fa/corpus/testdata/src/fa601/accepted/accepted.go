// Package accepted says of places why they are right: whoever calls what is
// there hears nothing of it, in other packages, either.
package accepted

import "github.com/framealloc/framealloc"

// Path is a way through the level.
type Path struct{ Points []int }

// Debug is drawn over the picture, and cleared by the renderer.
type Debug struct {
	Last  *Path
	Texts []string
}

// Show keeps a path until it is drawn.
func (d *Debug) Show(p *Path) {
	d.Last = p //fa:ignore FA601 the renderer lets it go before the frame ends
}

// Print keeps a text, and nobody says that this is right.
func (d *Debug) Print(text string) {
	d.Texts = append(d.Texts, text)
}

// Find shows what it finds.
func Find(f *framealloc.Frame, d *Debug) *Path {
	p := framealloc.New[Path](f)
	d.Show(p)
	return p
}
