package framealloc

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// door is a Frame as its arena sees it: whom to ask about an allocation that
// the window cannot decide alone.
type door Frame

// Ask implements [arena.Door].
func (d *door) Ask(r arena.Request) arena.Verdict {
	f := (*Frame)(d)
	switch r.Why {
	case arena.Closed:
		return f.refuse(r, f.noFrame(r))
	case arena.Observed:
		if f.w.modes&ModeDebug != 0 {
			f.checkOwner()
		}
		if f.w.trickling && f == f.w.frame {
			f.w.trickle(f)
		}
		f.w.allocated(f.intent(), r.Type, r.Count, r.Size, nil)
		return arena.Carve
	case arena.Length:
		panic(f.badLength(r.Count, r.Count, typeinfo.Size(r.Type)))
	case arena.Sampled:
		f.sample(r)
		return arena.Carve
	default:
		return f.exhausted(r)
	}
}

// refuse answers a request with an error: returned by the Try functions, a panic
// for all others.
func (f *Frame) refuse(r arena.Request, err *diag.Error) arena.Verdict {
	if !r.Try {
		panic(err)
	}
	f.err = err
	return arena.Refuse
}

func (f *Frame) noFrame(r arena.Request) *diag.Error {
	e := f.diagnose(diag.FA001, what(r)+" allocated while no frame is active",
		"allocate between BeginFrame and EndFrame; for memory that outlives frames use a pool, a scratch or the heap intent")
	if f.scratch != nil {
		e.Message = what(r) + fmt.Sprintf(" allocated from scratch %q, which was freed", f.scratch.name)
		e.Help = "do not use a scratch after Free"
	} else if f.w.closed {
		e.Message = what(r) + fmt.Sprintf(" allocated from worker %q, which is closed", f.w.name)
	} else if f.number > 0 {
		e.Note = fmt.Sprintf("frame %d has ended", f.number)
	}
	return e
}

// diagnose makes an error that knows where it happened.
func (f *Frame) diagnose(code diag.Code, message, help string) *diag.Error {
	return diag.NewError(diag.Diagnostic{
		Code: code, Message: message, Help: help,
		Frame: f.number, Worker: f.w.name, Tag: f.w.tags.path(), Phase: f.w.phases.path(), PC: diag.CallerPC(),
	}, nil)
}

// what names what a request is for.
func what(r arena.Request) string {
	switch {
	case r.Type == nil:
		return fmt.Sprintf("a buffer of %d bytes", r.Count)
	case r.Count == 1:
		return "a " + typeinfo.Reflect(r.Type).String()
	}
	return fmt.Sprintf("a slice of %d %v", r.Count, typeinfo.Reflect(r.Type))
}

func (f *Frame) mustBeActive(doing string) {
	if f.mem.Closed() {
		panic(f.diagnose(diag.FA001, doing+" a frame that is not active", "use a frame between BeginFrame and EndFrame"))
	}
	if f.w.modes&ModeDebug != 0 {
		f.checkOwner()
	}
}
