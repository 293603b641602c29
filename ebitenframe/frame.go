package ebitenframe

import (
	"sync/atomic"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// Ebitengine runs one game a process, and its callbacks one after the other: a
// variable, not the goroutine, says whose turn it is.
var (
	current atomic.Pointer[loop] // the loop whose game is being called
	wired   atomic.Bool          // some loop has been called
)

// Frame returns the frame of the callback that is running: the tick frame in
// Update, the draw frame in Draw, DrawFinalScreen and Layout. It is meant for those
// callbacks and what they call; a goroutine that they start is handed a fork.
//
// Frame panics with FA101 when the game was not started through [Run] or [Wrap], and
// with FA102 outside of the callbacks of a game that was.
func Frame() *framealloc.Frame {
	f, err := TryFrame()
	if err != nil {
		panic(err)
	}
	return f
}

// TryFrame is Frame with an error, a [*diag.Error], in place of a panic.
func TryFrame() (*framealloc.Frame, error) {
	if l := current.Load(); l != nil {
		return l.frame(), nil
	}
	return nil, outside()
}

// outside says why there is no frame.
func outside() error {
	if !wired.Load() {
		return diag.NewError(diag.Diagnostic{
			Code: diag.FA101, PC: diag.CallerPC(),
			Message: "ebitenframe.Frame was called, but Ebitengine has not called a game that ebitenframe wraps",
		}, nil)
	}
	return diag.NewError(diag.Diagnostic{
		Code: diag.FA102, Severity: diag.SeverityError, PC: diag.CallerPC(),
		Message: "ebitenframe.Frame was called outside of the wrapped game's Update, Draw and Layout",
		Note:    "either this is another goroutine or a callback, or a wrapper called the inner game past ebitenframe",
		Help:    "take the frame in Update or Draw and hand it on; give goroutines a fork (frame.Fork)",
	}, nil)
}
