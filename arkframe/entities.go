package arkframe

import (
	"github.com/framealloc/framealloc"
	"github.com/mlange-42/ark/ecs"
)

// Entities returns the entities of a filter, in frame memory; Filter0.With says which
// components they have. It opens a query and closes it.
//
// The functions with a number in their name do so with components: [Rows2] with pointers
// to them, [Tables2] with the world's own columns, [Copy2] with copies.
func Entities(frame *framealloc.Frame, filter *ecs.Filter0, rel ...ecs.Relation) []ecs.Entity {
	q := filter.Query(rel...)
	defer q.Close()
	list := framealloc.SliceUninit[ecs.Entity](frame, q.Count())
	at := 0
	for q.NextTable() {
		at += copy(list[at:], q.Entities())
	}
	return list
}
