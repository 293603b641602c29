package framealloc

import (
	"bytes"
	"fmt"
	"path"
	"runtime"
	"strconv"
	"strings"

	"github.com/framealloc/framealloc/diag"
)

// goroutineID returns the calling goroutine's number, read from the head of its
// stack trace ("goroutine 7 [running]:"). It walks
// the whole stack, which takes some microseconds: debug mode only.
func goroutineID() uint64 {
	var buf [64]byte
	head := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(head, []byte(" "))
	id, _ := strconv.ParseUint(string(digits), 10, 64)
	return id
}

// A stack is where a goroutine was, cheap to take and formatted only when shown.
type stack struct {
	pcs [16]uintptr
	n   int
}

func (s *stack) take(skip int) { s.n = runtime.Callers(skip+2, s.pcs[:]) }

// String lists the calls, a line each.
func (s *stack) String() string { return callsText(s.pcs[:s.n]) }

// callsText lists calls, a line each: "world/ai.go:12 in world.think". What the
// library and the runtime call in between is left out.
func callsText(pcs []uintptr) string {
	if len(pcs) == 0 {
		return ""
	}
	var b strings.Builder
	for frames := runtime.CallersFrames(pcs); ; {
		f, more := frames.Next()
		if !isPlumbing(f) {
			dir, file := path.Split(f.File)
			fmt.Fprintf(&b, "\n\t%s:%d in %s", path.Join(path.Base(dir), file), f.Line, path.Base(f.Function))
		}
		if !more {
			return b.String()
		}
	}
}

// isPlumbing reports whether a call is one of the library's own functions, or of
// the runtime's.
func isPlumbing(f runtime.Frame) bool {
	rest, own := strings.CutPrefix(f.Function, "github.com/framealloc/framealloc")
	own = own && (rest[0] == '.' || strings.HasPrefix(rest, "/internal/")) && !strings.HasSuffix(f.File, "_test.go")
	return own || strings.HasPrefix(f.Function, "runtime.")
}

// claim makes the calling goroutine the one that uses the worker's frame.
func (w *Worker) claim() {
	w.owner = goroutineID()
	w.claims.take(1)
}

// Claim says that the calling goroutine is the one that uses the frame from here
// on, for engines that call a game now on one goroutine and now on another while a frame
// is active. The goroutine before must be done with the frame, and something must
// order the two, such as a channel. Only [ModeDebug] looks: without Claim, it panics with
// FA201. On a frame that is not active Claim does nothing.
func (f *Frame) Claim() {
	if f.w.modes&ModeDebug != 0 && f.w.frame == f {
		f.w.claim()
	}
}

// checkUser is checkOwner, in debug mode, for what belongs to the worker and works
// without a frame, too: between frames nobody knows who owns the worker.
func (w *Worker) checkUser() {
	if w.modes&ModeDebug != 0 && w.frame != nil {
		w.frame.checkOwner()
	}
}

// CheckOwner panics with FA201, in [ModeDebug], when the calling goroutine is not the
// one that began the worker's active frame: for packages whose values belong to a
// worker, as [handle.Table] does. Without the mode it costs a compare.
//
// [handle.Table]: https://pkg.go.dev/github.com/framealloc/framealloc/handle#Table
func (w *Worker) CheckOwner() { w.checkUser() }

// checkOwner panics with FA201 when the calling goroutine is not the one that
// began the frame or, of a fork, used it first.
func (f *Frame) checkOwner() {
	id, w := goroutineID(), f.w
	if w.owner == 0 && f.forked != nil {
		w.claim()
	}
	if id == w.owner || f.scratch != nil && w.frame == nil { // between frames nobody knows who owns the worker
		return
	}
	var here stack
	here.take(1)
	e := f.diagnose(diag.FA201,
		fmt.Sprintf("goroutine %d uses frame %d of worker %q, which goroutine %d began", id, f.number, w.name, w.owner),
		"give each goroutine a worker of its own (alloc.NewWorker) or a forked frame (frame.Fork), and hand results over by transfer")
	e.Note = "begun at:" + w.claims.String() + "\nused at:" + here.String()
	panic(e)
}
