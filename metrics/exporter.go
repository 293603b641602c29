package metrics

import (
	"bytes"
	"io"
	"sync"

	"github.com/framealloc/framealloc/snapshot"
)

// An Exporter shows the figures of one or more allocators. It is an
// [net/http.Handler], which serves them to Prometheus, and an [expvar.Var]. All
// methods may be called from any goroutine, while frames run.
type Exporter struct {
	observers []*snapshot.Observer

	mu    sync.Mutex
	taken []snapshot.Snapshot // one for each observer, used again
	text  bytes.Buffer
}

// New returns an exporter of what the observers watch. Several must have names of
// their own: see [snapshot.ObserveAs]. It panics where they do not, and without
// any.
func New(observers ...*snapshot.Observer) *Exporter {
	if len(observers) == 0 {
		panic("metrics: an exporter of no observers")
	}
	names := map[string]bool{}
	for _, o := range observers {
		if names[o.Name()] {
			panic("metrics: two observers of the name \"" + o.Name() + "\": give each another with snapshot.ObserveAs")
		}
		names[o.Name()] = true
	}
	return &Exporter{observers: append([]*snapshot.Observer(nil), observers...), taken: make([]snapshot.Snapshot, len(observers))}
}

// render takes snapshots and passes what write makes of them to w. No lock is
// held while w takes its time.
func (e *Exporter) render(w io.Writer, write func(*bytes.Buffer, []snapshot.Snapshot)) error {
	e.mu.Lock()
	for i, o := range e.observers {
		o.Take(&e.taken[i])
	}
	e.text.Reset()
	write(&e.text, e.taken)
	text := bytes.Clone(e.text.Bytes())
	e.mu.Unlock()
	_, err := w.Write(text)
	return err
}
