package game

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
)

// Codec takes its buffers from byte allocators.
type Codec struct {
	alloc   *framealloc.Allocator
	worker  *framealloc.Worker
	pending []byte
	packets [][]byte
	size    int
}

// Bytes of a frame.
func (c *Codec) Encode() {
	f := c.alloc.BeginFrame()
	defer c.alloc.EndFrame()
	mem := bytealloc.FromFrame(f)
	b, err := mem.Allocate(64, 8)
	if err == nil {
		c.pending = b // bad FA601
	}
}

// Bytes of a frame, behind layers.
func (c *Codec) Layered() error {
	f := c.alloc.BeginFrame()
	defer c.alloc.EndFrame()
	count := bytealloc.NewCounter(bytealloc.Fallback(bytealloc.NewFixed(framealloc.Bytes(f, 128)), bytealloc.FromFrame(f)))
	b, err := count.Allocate(64, 8)
	if err != nil {
		return err
	}
	c.packets = append(c.packets, b[:16]) // bad FA601
	return nil
}

// Parts of a buffer in a frame.
func (c *Codec) Fixed() {
	f := c.alloc.BeginFrame()
	defer c.alloc.EndFrame()
	fixed := bytealloc.NewFixed(framealloc.Bytes(f, 128))
	b, _ := fixed.Allocate(64, 8)
	c.pending = b // bad FA601
}

// Bytes of the frame that a worker has active, and ends here.
func (c *Codec) Worker() []byte {
	c.worker.BeginFrame()
	b, _ := bytealloc.FromWorker(c.worker).Allocate(64, 8)
	c.worker.EndFrame()
	return b // bad FA601
}

// good FA601: bytes of pools, of the heap's buffers, and copies.
func (c *Codec) Kept() {
	f := c.alloc.BeginFrame()
	defer c.alloc.EndFrame()
	c.pending, _ = bytealloc.FromPool(f).Allocate(64, 8)
	b, _ := bytealloc.NewFixed(make([]byte, 64)).Allocate(8, 8)
	c.packets = append(c.packets, b)
	mem := bytealloc.FromFrame(f)
	b, _ = mem.Allocate(64, 8)
	b, _ = mem.Reallocate(b, 128, 8)
	c.size = copy(c.pending, b)
	mem.Free(b)
}
