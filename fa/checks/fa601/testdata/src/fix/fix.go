// Package fix is put right by copies.
package fix

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type hud struct {
	title string
	lives []int32
	units []*hud
}

func (h *hud) draw(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	h.title = framealloc.Sprintf(f, "frame %d", f.Number()) // want `frame memory is stored in h\.title, which outlives the frame`
	lives := framealloc.Slice[int32](f, 3)
	h.lives = lives[1:] // want `frame memory is stored in h\.lives`
	fmt.Println(h.title)
}

func (h *hud) noFix(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	h.units = framealloc.NewMany[hud](f, 3) // want `frame memory is stored in h\.units`
}

func name(a *framealloc.Allocator) string {
	f := a.BeginFrame()
	defer a.EndFrame()
	return framealloc.String(f, "name") // want `frame memory is returned from name, which ends its frame`
}

func (h *hud) tables(a *framealloc.Allocator, huds *handle.Table[hud], names *handle.Table[string], id handle.Handle[hud]) {
	f := a.BeginFrame()
	defer a.EndFrame()
	lives := framealloc.Slice[int32](f, 3)
	huds.Get(id).lives = lives // want `frame memory is stored in a value of a table, which outlives the frame`
	title := framealloc.Sprintf(f, "frame %d", f.Number())
	name := names.NewValue(title)    // want `frame memory is stored in a value of a table`
	huds.NewValue(hud{title: title}) // want `frame memory is stored in a value of a table`
	fmt.Println(name)
}
