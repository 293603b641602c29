package game

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
)

type codec struct {
	worker *framealloc.Worker
	size   int
}

// The bytes are those of the frame.
func (c *codec) encode() byte {
	f := c.worker.BeginFrame()
	b, _ := bytealloc.FromFrame(f).Allocate(64, 8)
	c.worker.EndFrame()
	return b[0] // bad FA606
}

// good FA606: read before the end, and bytes of a pool behind it
func (c *codec) encoded() byte {
	f := c.worker.BeginFrame()
	b, _ := bytealloc.FromFrame(f).Allocate(64, 8)
	c.size = int(b[0])
	b, _ = bytealloc.FromPool(c.worker).Allocate(64, 8)
	c.worker.EndFrame()
	return b[0]
}
