// Package scene is what framedemo runs: a crowd that finds its ways through a
// maze, collides, and is drawn beside a scanned bunny, on each frame with a few
// megabytes of temporary data. The algorithms are written once; where a frame's
// data lives is the business of a [memory]: Go's heap, hand-reused memory, or
// framealloc.
package scene

import (
	"fmt"
	"image"
)

// Modes lists the modes in the order of the table. "mixed" exists besides: it is
// framealloc with some allocations left on the heap.
var Modes = []string{"heap", "reuse", "framealloc"}

// A Scene is a world with its pictures. It belongs to one goroutine.
type Scene interface {
	Frame()             // simulates and draws the next frame
	Image() *image.RGBA // the last frame, 640 by 360; the scene's own
	Tags() []Tag        // what the last frame took by tag; nil without framealloc
	Close()
}

// Tag says what one tag took in the last frame.
type Tag struct {
	Path        string
	Bytes       int
	Allocations int
}

// New builds the world, with liveMB megabytes of linked state beside it that the
// collector has to walk.
func New(mode string, liveMB int) (Scene, error) {
	var m memory
	switch mode {
	case "heap":
		m = &heapMemory{}
	case "reuse":
		m = newReusedMemory()
	case "framealloc":
		m = newFrameMemory(false)
	case "mixed":
		m = newFrameMemory(true)
	default:
		return nil, fmt.Errorf("there is no mode %q: use heap, reuse, framealloc or mixed", mode)
	}
	return newWorld(m, liveMB), nil
}

// A memory is where a frame's temporary data lives. All of it is gone, or free
// for reuse, at End.
type memory interface {
	Begin()
	End()
	Tag(name string) (end func())

	Node() *node      // a step of a search
	Visited() visited // which cells a search has seen
	Open() []*node    // a search's open set, empty
	PushOpen([]*node, *node) []*node
	Path(n int) []int32

	Entry() *entry        // an agent's place in a grid cell
	Cells(n int) []*entry // the grid
	Contact() *contact
	Contacts() []*contact
	PushContact([]*contact, *contact) []*contact

	Vertices(n int) []vertex
	Triangle() *triangle
	Binned() *binned
	Bins(n int) []*binned

	Line(label string, a, b int) string // text of the head-up display

	Tags() []Tag
	Close()
}

// visited maps cells to the node that reached them.
type visited interface {
	Get(cell int32) (*node, bool)
	Put(cell int32, n *node)
}

// noTag is what memories without tags return.
func noTag() {}
