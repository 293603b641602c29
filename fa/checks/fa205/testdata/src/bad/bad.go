// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func update(alloc *framealloc.Allocator, paths int) {
	frame := alloc.BeginFrame()
	child := frame.Fork() // want `the frame may end while this fork still works: nothing waits for it on the way`
	go func() {
		defer child.Join()
		_ = framealloc.Slice[int32](child, paths)
	}()
	alloc.EndFrame() // the goroutine may have not even started
}
