package framesync_test

import (
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

func TestTransfersThatNobodyReceives(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeLeaks})
	f := a.BeginFrame()
	var pending []*framesync.Transfer[[]int32]
	for range 4 {
		pending = append(pending, framesync.NewTransfer(f, framealloc.Slice[int32](f, 100)))
	}
	if _, err := pending[0].Receive(); err != nil {
		t.Error(err)
	}
	if _, err := pending[1].ReceiveInto(f); err != nil {
		t.Error(err)
	}
	pending[2].Drop()
	a.EndFrame()
	r := a.Leaks()
	if len(r.Sites) != 1 || r.Objects != 1 || r.Bytes < 400 || r.Sites[0].Kind != "transfer" || r.Sites[0].Type != "[]int32" || r.Sites[0].FirstFrame != 1 ||
		!strings.HasSuffix(r.Sites[0].File, "leaks_test.go") {
		t.Errorf("%v", r)
	}
	pending[3].Drop()
	if r := a.Leaks(); r.Objects != 0 {
		t.Errorf("all ended: %v", r)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
