package arkframe

import (
	"reflect"

	"github.com/framealloc/framealloc"
	"github.com/mlange-42/ark/ecs"
)

// Add records that an entity gets a component; where it has that already when the
// command is applied, it is set to the value. m is the caller's own mapper of the same world,
// which it keeps, as with Ark.
func Add[T any, E Target](c *Commands, m *ecs.Map[T], e E, value T) {
	r := framealloc.New[add[T]](c.records())
	r.m, r.entity, r.value = m, refOf(e), value
	c.record(r)
}

type add[T any] struct {
	link
	m      *ecs.Map[T]
	entity ref
	value  T
}

func (r *add[T]) apply(a *applier) {
	e, ok := a.alive(r.entity)
	if !ok {
		return
	}
	if r.m.HasUnchecked(e) {
		r.m.Set(e, &r.value)
	} else {
		r.m.Add(e, &r.value)
	}
	a.Done++
}

func (r *add[T]) describe() string { return about[T]("Add", r.entity) }

// Set records that a component of an entity is set to a value. Where the entity does not
// have it when the command is applied, the command is left out.
func Set[T any, E Target](c *Commands, m *ecs.Map[T], e E, value T) {
	r := framealloc.New[set[T]](c.records())
	r.m, r.entity, r.value = m, refOf(e), value
	c.record(r)
}

type set[T any] struct {
	link
	m      *ecs.Map[T]
	entity ref
	value  T
}

func (r *set[T]) apply(a *applier) {
	if e, ok := owner(a, r.m, r.entity); ok {
		r.m.Set(e, &r.value)
		a.Done++
	}
}

func (r *set[T]) describe() string { return about[T]("Set", r.entity) }

// Remove records that an entity loses a component. Where the entity does not have it when
// the command is applied, the command is left out.
func Remove[T any, E Target](c *Commands, m *ecs.Map[T], e E) {
	r := framealloc.New[remove[T]](c.records())
	r.m, r.entity = m, refOf(e)
	c.record(r)
}

type remove[T any] struct {
	link
	m      *ecs.Map[T]
	entity ref
}

func (r *remove[T]) apply(a *applier) {
	if e, ok := owner(a, r.m, r.entity); ok {
		r.m.Remove(e)
		a.Done++
	}
}

func (r *remove[T]) describe() string { return about[T]("Remove", r.entity) }

// Relate records that an entity gets a relation component (see [ecs.RelationMarker]) with
// a target; where it has that already when the command is applied, value and target are
// set.
func Relate[T any, E, F Target](c *Commands, m *ecs.Map[T], e E, value T, target F) {
	r := framealloc.New[relate[T]](c.records())
	r.m, r.entity, r.value, r.target = m, refOf(e), value, refOf(target)
	c.record(r)
}

type relate[T any] struct {
	link
	m      *ecs.Map[T]
	entity ref
	value  T
	target ref
}

func (r *relate[T]) apply(a *applier) {
	e, ok := a.alive(r.entity)
	if !ok {
		return
	}
	target := a.target(r.target)
	if r.m.HasUnchecked(e) {
		r.m.Set(e, &r.value)
		r.m.SetRelation(e, target)
	} else {
		r.m.Add(e, &r.value, target)
	}
	a.Done++
}

func (r *relate[T]) describe() string { return about[T]("Relate", r.entity) }

// A Relation says what a component of an entity that is to be created relates to. [Rel]
// makes one.
type Relation struct {
	index  int
	target ref
}

// Rel returns a relation of the component at an index of a Create function's mapper, 0 for
// the first, to a target. It is to [Create2] what [ecs.RelIdx] is to Ark.
func Rel[E Target](index int, target E) Relation { return Relation{index, refOf(target)} }

// owner returns the entity if it lives and has the component.
func owner[T any](a *applier, m *ecs.Map[T], r ref) (ecs.Entity, bool) {
	e, ok := a.alive(r)
	if ok && !m.HasUnchecked(e) {
		a.Missing++
		ok = false
	}
	return e, ok
}

func about[T any](verb string, r ref) string {
	return verb + typeOf[T]() + ", " + r.String()
}

// typeOf names a component's type, with a space before it.
func typeOf[T any]() string { return " " + reflect.TypeFor[T]().String() }
