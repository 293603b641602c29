// Package fa703 makes functions that are called later.
package fa703

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
	"github.com/framealloc/framealloc/stream"
)

type button struct {
	label   string
	onClick func()
}

type bus struct {
	handlers map[string][]func()
	queue    chan func()
}

// Subscribe keeps the function.
func (b *bus) Subscribe(name string, fn func()) { b.handlers[name] = append(b.handlers[name], fn) }

var onExit func()

func timer(f *framealloc.Frame, show func(string)) {
	text := framealloc.Sprintf(f, "%d s left", 3)
	time.AfterFunc(time.Second, func() { // bad FA703
		show(text)
	})
}

func timerFrame(f *framealloc.Frame) {
	time.AfterFunc(time.Second, func() { // bad FA703
		_ = framealloc.Slice[int](f, 3)
	})
}

func global(f *framealloc.Frame) {
	scores := framealloc.Slice[int](f, 8)
	onExit = func() { println(scores[0]) } // bad FA703
}

func subscribed(a *framealloc.Allocator, b *bus) {
	f := a.BeginFrame()
	defer a.EndFrame()
	scores := framealloc.Slice[int](f, 8)
	b.Subscribe("hit", func() { scores[0]++ }) // bad FA703
}

func clicked(f *framealloc.Frame, b *button) {
	name := framealloc.String(f, "start")
	b.onClick = func() { println(name) } // bad FA703
}

func queued(f *framealloc.Frame, b *bus) {
	v := framealloc.NewVec[int](f, 8)
	b.queue <- func() { v.Push(1) } // bad FA703
}

type hud struct{ lines []string }

func (h *hud) draw() { println(h.lines[0]) }

func methodValue(f *framealloc.Frame) {
	h := framealloc.New[hud](f)
	onExit = h.draw // bad FA703
}

func cancelled(ctx context.Context, f *framealloc.Frame) {
	b := framealloc.Bytes(f, 16)
	context.AfterFunc(ctx, func() { println(b[0]) }) // bad FA703
}

// good FA703: called within the frame
func sorted(f *framealloc.Frame, n int) {
	keys := framealloc.Slice[int](f, n)
	order := framealloc.Slice[int](f, n)
	slices.SortFunc(order, func(a, b int) int { return keys[a] - keys[b] })
	sort.Slice(order, func(i, j int) bool { return keys[i] < keys[j] })
}

// good FA703: a copy is captured
func copied(f *framealloc.Frame, show func(string)) {
	text := strings.Clone(framealloc.Sprintf(f, "%d s left", 3))
	time.AfterFunc(time.Second, func() { show(text) })
}

// good FA703: overwritten by a copy before it is captured
func replaced(f *framealloc.Frame, show func(string)) {
	text := framealloc.Sprintf(f, "%d s left", 3)
	text = strings.Clone(text)
	time.AfterFunc(time.Second, func() { show(text) })
}

// good FA703: the callback takes a frame of its own
func own(w *framealloc.Worker) {
	onExit = func() {
		w.Frame(func(f *framealloc.Frame) { _ = framealloc.Slice[int](f, 3) })
	}
}

// good FA703: a visitor that is called and forgotten
func visited(f *framealloc.Frame, b *bus) int {
	list := framealloc.NewVec[func()](f, 8)
	b.each(func(fn func()) { list.Push(fn) })
	return list.Len()
}

func (b *bus) each(visit func(func())) {
	for _, list := range b.handlers {
		for _, fn := range list {
			visit(fn)
		}
	}
}

// good FA703: deferred work of the same frame
func deferred(f *framealloc.Frame) {
	scores := framealloc.Slice[int](f, 8)
	defer func() { scores[0] = 0 }()
	f.WithTag("ui", func() { scores[1] = 1 })
}

// good FA703: a button that lives in the frame
func immediate(f *framealloc.Frame) {
	b := framealloc.New[button](f)
	name := framealloc.String(f, "start")
	b.onClick = func() { println(name) } // bad FA607
	b.onClick()
}

func named(f *framealloc.Frame, t *handle.Table[func()]) {
	scores := framealloc.Slice[int](f, 8)
	t.NewValue(func() { println(scores[0]) }) // bad FA703
}

func streamed(f *framealloc.Frame, s *stream.Stream[int]) {
	scores := framealloc.Slice[int](f, 8)
	s.Entry("scores", 8, stream.Low, func(_ context.Context, _ *stream.Entry[int], dst []int) error { // bad FA703
		copy(dst, scores)
		return nil
	})
}

// good FA703: a load that captures what lives on
func streams(f *framealloc.Frame, s *stream.Stream[int], n int) {
	scores := []int{len(framealloc.Slice[int](f, n))}
	s.Entry("scores", 8, stream.Low, func(_ context.Context, _ *stream.Entry[int], dst []int) error {
		copy(dst, scores)
		dst[1] = n
		return nil
	})
}
