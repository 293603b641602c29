package group_test

import (
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/group"
)

func TestGroupsThatAreNotFreed(t *testing.T) {
	framealloc.RequireNoLeaks(t, func(a *framealloc.Allocator) {
		level := group.New(a, "level")
		level.Sub("room")
		level.Free()
	})

	a := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeLeaks})
	level := group.New(a, "level")
	room := level.Sub("room")
	framealloc.Bytes(room.Frame(), 1000)
	room.Stats()
	r := a.Leaks()
	if len(r.Sites) != 2 || r.Sites[0].Type != "room" || r.Sites[0].Bytes != 1000 || r.Sites[1].Type != "level" {
		t.Errorf("%v", r)
	}
	for _, s := range r.Sites {
		if s.Kind != "group" || !strings.HasSuffix(s.File, "leaks_test.go") {
			t.Errorf("%+v", s)
		}
	}
	level.Free()
	if r := a.Leaks(); r.Objects != 0 {
		t.Errorf("freed: %v", r)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
