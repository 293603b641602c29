// Package good holds the catalogue's example.
package good

import (
	"context"

	"github.com/framealloc/framealloc"
)

func update(ctx context.Context, alloc *framealloc.Allocator, paths int) error {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	g := framealloc.NewForkGroup(ctx, frame)
	g.Go(func(f *framealloc.Frame) error {
		_ = framealloc.Slice[int32](f, paths)
		return nil
	})
	return g.Wait()
}
