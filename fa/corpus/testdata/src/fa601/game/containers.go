package game

import (
	"bufio"
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"fa601/world"

	"github.com/framealloc/framealloc"
)

// Roster keeps what is found, in containers of the standard library.
type Roster struct {
	alloc  *framealloc.Allocator
	worker *framealloc.Worker
	units  []*world.Unit
	byName map[string]*world.Unit
	seq    iter.Seq[*world.Unit]
	reader io.Reader
	lines  *bufio.Scanner
	ctx    context.Context
	name   string
	names  []string
	total  int
}

// A copy of a slice points to what the slice pointed to.
func (r *Roster) ShallowClone() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	r.units = slices.Clone(framealloc.NewMany[world.Unit](f, 4)) // bad FA601
}

// So do two of them, put together.
func (r *Roster) ShallowConcat() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	r.units = slices.Concat(r.units, framealloc.NewMany[world.Unit](f, 4)) // bad FA601
}

// And one of a map.
func (r *Roster) ShallowMap() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	found := map[string]*world.Unit{"boss": framealloc.New[world.Unit](f)}
	r.byName = maps.Clone(found) // bad FA601
}

// What an iterator gave.
func (r *Roster) Collected() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	found := map[string]*world.Unit{"boss": framealloc.New[world.Unit](f)}
	r.units = slices.Collect(maps.Values(found)) // bad FA601
}

// An iterator reads the slice when it runs.
func (r *Roster) Iterator() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	r.seq = slices.Values(framealloc.Slice[*world.Unit](f, 4)) // bad FA601
}

// The elements of an iterator are parts of the string.
func (r *Roster) Ranged(text string) {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	for line := range strings.Lines(framealloc.String(f, text)) {
		r.name = line // bad FA601
	}
}

// A reader reads later.
func (r *Roster) Reader(text string) {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	r.reader = strings.NewReader(framealloc.String(f, text)) // bad FA601
}

// A context keeps its values.
func (r *Roster) Context() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	r.ctx = context.WithValue(r.ctx, r, framealloc.New[world.Unit](f)) // bad FA601
}

// The frame that is active here ends here.
func (r *Roster) Active() *world.Unit {
	r.worker.BeginFrame()
	u := framealloc.New[world.Unit](r.worker.ActiveFrame())
	r.worker.EndFrame()
	return u // bad FA601
}

// good FA601: copied with all that is in it.
func (r *Roster) Cloned() {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	names := framealloc.Slice[string](f, len(r.units))
	for i := range names {
		names[i] = r.name
	}
	r.names = slices.Clone(names)
}

// good FA601: iterated, read and summed up, all within the frame.
func (r *Roster) Iterated(text string) {
	f := r.alloc.BeginFrame()
	defer r.alloc.EndFrame()
	found := map[string]*world.Unit{"boss": framealloc.New[world.Unit](f)}
	for _, u := range slices.SortedFunc(maps.Values(found), func(a, b *world.Unit) int { return 0 }) {
		_ = u
		r.total++
	}
	for line := range strings.Lines(framealloc.String(f, text)) {
		r.name = strings.Clone(line)
	}
	s := bufio.NewScanner(strings.NewReader(framealloc.String(f, text)))
	for s.Scan() {
		r.total += len(s.Bytes())
	}
}

// good FA601: the frame that is active goes on behind this.
func (r *Roster) StillActive() *world.Unit {
	return framealloc.New[world.Unit](r.worker.ActiveFrame())
}
