package tracyframe

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// ErrUnavailable says that there is no client library of Tracy's, or none for
// this platform.
var ErrUnavailable = errors.New("tracyframe: no Tracy")

// LibraryVariable is the environment variable that names the client library's
// file, where [Config] does not.
const LibraryVariable = "FRAMEALLOC_TRACY_LIB"

// Config says how to attach. The zero Config works.
type Config struct {
	// Library is the client library's file; "" has it looked for.
	Library string
	// NoZones leaves out zones, for workers whose goroutine must not stay on one
	// thread, or changes.
	NoZones bool
}

// A Session shows an allocator in Tracy until it is closed. A nil Session does
// nothing. Its methods may be called from any goroutine.
type Session struct {
	client *client
	config Config
	alloc  *framealloc.Allocator
	stop   func()
	closed atomic.Bool

	mu      sync.RWMutex
	workers map[weak.Pointer[framealloc.Worker]]*worker
	labels  map[string]*worker // by the names that Tracy knows them by

	calling sync.Mutex
	caller  caller // for calls that are no worker's
}

// Attach loads the client library and shows what the allocator's workers do, from
// each one's next frame on. Without a library it returns nil and an error that
// matches [ErrUnavailable]; a nil Session can be used like any other.
//
// It may be called from any goroutine.
func Attach(a *framealloc.Allocator, c Config) (*Session, error) {
	client, err := load(c.Library)
	if err != nil {
		return nil, fmt.Errorf("%w; build TracyClient.cpp of the Tracy you use as a shared library, and name it in %s", err, LibraryVariable)
	}
	s := &Session{client: client, caller: caller{client: client}, config: c, alloc: a, workers: make(map[weak.Pointer[framealloc.Worker]]*worker), labels: make(map[string]*worker)}
	h := framealloc.Hooks{
		FrameBegin: s.frameBegin,
		FrameEnd:   s.frameEnd,
		Tag:        s.tagFrame,
		Diagnostic: s.diagnostic,
	}
	if client.zones && !c.NoZones {
		h.TagEnter = func(e framealloc.ScopeEnter) { s.enter(e, tagZone) }
		h.TagLeave = func(e framealloc.ScopeLeave) { s.leave(e, tagZone) }
		h.PhaseBegin = func(e framealloc.ScopeEnter) { s.enter(e, phaseZone) }
		h.PhaseEnd = func(e framealloc.ScopeLeave) { s.leave(e, phaseZone) }
	}
	s.stop = a.Observe(h)
	return s, nil
}

// Close ends the session: each worker's with its next frame. The library stays
// loaded, as Tracy's clients must. Closing twice does nothing.
func (s *Session) Close() {
	if s != nil && !s.closed.Swap(true) {
		s.stop()
	}
}

// Connected reports whether Tracy is connected. A client that was built without
// TRACY_ON_DEMAND records whether or not it is.
func (s *Session) Connected() bool {
	if s == nil {
		return false
	}
	s.calling.Lock()
	defer s.calling.Unlock()
	return s.caller.connected()
}

// Message adds a line to Tracy's messages, of the time it is called.
func (s *Session) Message(text string) {
	if s != nil {
		s.message(text, messageInfo, 0)
	}
}

// diagnostic shows a diagnostic as a message.
func (s *Session) diagnostic(d diag.Diagnostic) {
	severity, color := messageInfo, uint32(0x9aa5b8)
	switch d.Severity {
	case diag.SeverityWarning:
		severity, color = messageWarning, 0xe6b450
	case diag.SeverityError:
		severity, color = messageError, 0xf06a6a
	}
	s.message(d.Text(), severity, color)
}

func (s *Session) message(text string, severity int, color uint32) {
	s.calling.Lock()
	defer s.calling.Unlock()
	if s.caller.connected() {
		s.caller.message(text, severity, color)
	}
}

// worker returns what is known of a worker, nil if that is nothing yet.
func (s *Session) worker(w *framealloc.Worker) *worker {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.workers[weak.Make(w)]
}
