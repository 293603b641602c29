package engine

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// load returns what is stored at a place.
func (f *flow) load(t target) targets {
	if t.o.collapsed() {
		return targets{{t.o, ""}: {}}
	}
	out := make(targets)
	for c := range t.o.cells[t.path] {
		out[c] = struct{}{}
	}
	for path, cell := range t.o.cells {
		// Any place below, asked for or stored at, matches.
		any := strings.HasSuffix(path, "~") && strings.HasPrefix(t.path, strings.TrimSuffix(path, "~")) ||
			strings.HasSuffix(t.path, "~") && strings.HasPrefix(path, strings.TrimSuffix(t.path, "~"))
		if any {
			for c := range cell {
				out[c] = struct{}{}
			}
		}
	}
	return out
}

// put stores pointers at a place.
func (f *flow) put(t target, ts targets, pos token.Pos) {
	if len(ts) == 0 {
		return
	}
	if f.escapes != nil {
		f.stored(t, ts, pos)
	}
	if t.o.collapsed() {
		return
	}
	if t.o.cells == nil {
		t.o.cells = make(map[string]map[target]token.Pos)
	}
	cell := t.o.cells[t.path]
	if cell == nil {
		cell = make(map[target]token.Pos)
		t.o.cells[t.path] = cell
	}
	for c := range ts {
		if c.o == t.o && c.o.Kind == Value {
			continue
		}
		if _, ok := cell[c]; !ok {
			cell[c] = pos
			f.changed = true
		}
	}
}

// store stores a value of any type at a place.
func (f *flow) store(t target, v ssa.Value, pos token.Pos) {
	if !hasPointers(v.Type()) {
		return
	}
	f.val = v
	defer func() { f.val = nil }()
	if !isAggregate(v.Type()) {
		f.put(t, f.of(v), pos)
		return
	}
	for s := range f.of(v) {
		f.copyTree(s, t, pos)
	}
}

// copyTree copies what is stored below one place to below another.
func (f *flow) copyTree(from, to target, pos token.Pos) {
	if from == to {
		return
	}
	if from.o.collapsed() {
		f.put(to.at("~"), targets{{from.o, ""}: {}}, pos)
		return
	}
	for path, cell := range from.o.cells {
		rest, ok := strings.CutPrefix(path, from.path)
		if !ok && !strings.HasSuffix(path, "~") {
			continue
		}
		if !ok {
			rest = "~"
		}
		ts := make(targets, len(cell))
		for c := range cell {
			ts[c] = struct{}{}
		}
		dst := to
		if rest != "" {
			dst = to.at(rest)
		}
		f.put(dst, ts, pos)
	}
}

// loaded adds what is read from places to a value.
func (f *flow) loaded(v ssa.Value, from targets) {
	if !hasPointers(v.Type()) {
		return
	}
	if isAggregate(v.Type()) {
		o := f.object(objKey{at: v}, func() *Object { return &Object{Kind: Value, Pos: v.Pos()} })
		for t := range from {
			f.copyTree(t, target{o, ""}, v.Pos())
		}
		f.add(v, targets{{o, ""}: {}})
		return
	}
	for t := range from {
		f.add(v, f.load(t))
	}
}

// elements copies the elements of a slice value into the slice at t.
func (f *flow) elements(src ssa.Value, t target, pos token.Pos) {
	for s := range f.of(src) {
		f.copyTree(s.at("[]"), t.at("[]"), pos)
	}
}

// below returns everything that is stored in an object and behind it.
func (f *flow) below(t target) targets {
	out := make(targets)
	if t.o.collapsed() {
		out[target{t.o, ""}] = struct{}{}
		return out
	}
	seen := map[*Object]bool{t.o: true}
	work := []*Object{t.o}
	for len(work) > 0 {
		o := work[0]
		work = work[1:]
		for _, cell := range o.cells {
			for c := range cell {
				out[c] = struct{}{}
				if !seen[c.o] {
					seen[c.o] = true
					work = append(work, c.o)
				}
			}
		}
	}
	return out
}

// walk returns the places that an access path leads to from a place: each step
// is a field of the object itself, or of what is stored there.
func (f *flow) walk(t target, path string) targets {
	places := targets{t: {}}
	for path != "" {
		var step string
		step, path = nextStep(path)
		next := make(targets)
		for p := range places {
			next[p.at(step)] = struct{}{}
			if !p.o.collapsed() {
				for c := range f.load(p) {
					next[c.at(step)] = struct{}{}
				}
			}
		}
		places = next
	}
	return places
}

// allBelow is the path of everything that is stored in a place and behind it, and not
// of the place itself: what a copy of a struct brings along.
const allBelow = "*~"

// read returns the values that the path of a [Ref] stands for.
func (f *flow) read(t target, path string) targets {
	if path == "~" {
		out := f.below(t)
		out[t] = struct{}{}
		return out
	}
	if path == allBelow {
		return f.below(t)
	}
	rest, loaded := strings.CutPrefix(path, "*")
	places := f.walk(t, rest)
	if !loaded {
		return places
	}
	out := make(targets)
	for p := range places {
		for c := range f.load(p) {
			out[c] = struct{}{}
		}
	}
	return out
}

func nextStep(path string) (step, rest string) {
	for i := 1; i < len(path); i++ {
		if path[i] == '.' || path[i] == '[' || path[i] == '~' {
			return path[:i], path[i:]
		}
	}
	return path, ""
}
