// Package group keeps memory together that is freed together: everything that a
// level, a scene or an editor document allocates, in one piece of memory, freed by
// one call. Groups nest: freeing a scene frees its rooms.
//
// A group's memory is a [framealloc.Frame], so every function and collection of
// package framealloc works on it, and values with pointers are as safe in it as
// in a frame.
package group

import (
	"fmt"
	"iter"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// A Group is memory with a name that lives until it is freed. It belongs to the
// goroutine that owns its worker.
type Group struct {
	name    string
	path    string
	src     framealloc.Source
	scratch *framealloc.Scratch
	parent  *Group
	subs    []*Group
	freed   bool
}

// New returns an empty group on src's worker. It panics with FA207 when that is
// closed.
func New(src framealloc.Source, name string) *Group {
	return &Group{name: name, path: name, src: src, scratch: framealloc.NewScratch(src, name)}
}

// Sub returns a new empty group inside g: freed with it, or before it. It panics
// with FA207 when g is freed.
func (g *Group) Sub(name string) *Group {
	if g.freed {
		panic(&diag.Error{Diagnostic: diag.Diagnostic{
			Code: diag.FA207, PC: diag.CallerPC(),
			Message: fmt.Sprintf("group %q asked of group %q, which was freed", name, g.path),
			Help:    "make groups inside groups that are alive",
		}})
	}
	s := New(g.src, name)
	s.path = g.path + "/" + name
	s.parent = g
	g.subs = append(g.subs, s)
	return s
}

// Name returns the name that the group was made with.
func (g *Group) Name() string { return g.name }

// Path returns the names of the groups that g is in and its own, joined by
// slashes.
func (g *Group) Path() string { return g.path }

// Frame returns the group's memory. What is allocated from it lives until the
// group is freed; allocating from a freed group panics with FA001.
func (g *Group) Frame() *framealloc.Frame { return g.scratch.Frame() }

// Freed reports whether the group was freed.
func (g *Group) Freed() bool { return g.freed }

// Free gives back everything in the group and in the groups inside it: the
// collector takes what nothing else refers to. Freeing twice does nothing.
func (g *Group) Free() {
	if g.freed {
		return
	}
	g.freed = true
	for _, s := range g.subs {
		s.parent = nil
		s.Free()
	}
	g.subs = nil
	g.scratch.Free()
	if p := g.parent; p != nil {
		for i, s := range p.subs {
			if s == g {
				p.subs = append(p.subs[:i], p.subs[i+1:]...)
				break
			}
		}
		g.parent = nil
	}
}

// All iterates over g and the groups inside it, outer ones first.
func (g *Group) All() iter.Seq[*Group] {
	return func(yield func(*Group) bool) { g.visit(yield) }
}

func (g *Group) visit(yield func(*Group) bool) bool {
	if !yield(g) {
		return false
	}
	for _, s := range g.subs {
		if !s.visit(yield) {
			return false
		}
	}
	return true
}

// Stats are a group's figures, in bytes, the groups inside it included.
type Stats struct {
	Path        string
	Groups      int // itself and those inside it
	Used        int
	Allocations int
	HighWater   int // sum of the most that each held at once
	Capacity    int // memory held
}

// Stats returns the figures of the group and the groups inside it.
func (g *Group) Stats() Stats {
	sum := Stats{Path: g.path}
	for s := range g.All() {
		st := s.scratch.Stats()
		sum.Groups++
		sum.Used += st.Used
		sum.Allocations += st.Allocations
		sum.HighWater += st.HighWater
		sum.Capacity += st.Capacity
	}
	return sum
}
