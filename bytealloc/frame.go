package bytealloc

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// FromFrame returns an Allocator over f's memory: a frame's, a fork's, a scratch's or
// a group's. It costs nothing to make one for each frame.
//
// Free does nothing, for whatever it is given and on whatever goroutine: the memory
// goes back at the frame's end, with all the rest. Reallocate lengthens the frame's newest
// allocation in place, and copies others, whose old bytes then wait for the frame's
// end too. Both know nothing of foreign memory: Free ignores it, Reallocate copies it.
//
// Allocating belongs to the frame's goroutine. It fails with FA001 when the frame is
// not active, and with the budget's code (FA003, FA310 to FA312) over a limit whose
// policy is Fail.
//
// It is an [Owner] of what lies in the frame, which what the policy Promote put on the
// heap does not.
func FromFrame(f *framealloc.Frame) Allocator { return frame{f} }

// A frame is one pointer, so that it becomes an interface without an allocation.
type frame struct{ f *framealloc.Frame }

func (a frame) Allocate(n, align int) ([]byte, error) {
	if err := check(n, align); err != nil {
		return nil, err
	}
	if n == 0 {
		return empty, nil
	}
	// Frames deal in granules of 8 bytes. A slice of whole ones can grow in place.
	var b []byte
	var err error
	if align <= 8 {
		b, err = framealloc.TrySlice[byte](a.f, roundUp(n, 8))
	} else {
		b, err = framealloc.TryAlignedBytes(a.f, roundUp(n, 8), align)
	}
	if err != nil {
		return nil, err
	}
	return b[:n], nil
}

func (a frame) Reallocate(b []byte, n, align int) ([]byte, error) {
	if have := cap(b); 0 < have && have < n && check(n, align) == nil && padding(address(b), align) == 0 {
		if grown, ok := framealloc.Extend(a.f, b, n); ok {
			clear(grown[len(b):have]) // may have been written to; what is behind is new
			return grown[:n], nil
		}
	}
	return reallocate(a, b, n, align)
}

func (a frame) Free([]byte) {}

func (a frame) Owns(b []byte) bool { return a.f.Owns(b) }

// FromWorker returns an Allocator over whichever frame of the worker is active when
// bytes are asked for, for what is set up once and used in every frame. It fails with
// FA001 between frames, and is otherwise as [FromFrame]: it owns what lies in any of
// the worker's frames.
func FromWorker(w *framealloc.Worker) Allocator { return worker{w} }

type worker struct{ w *framealloc.Worker }

func (a worker) Allocate(n, align int) ([]byte, error) {
	f := a.w.ActiveFrame()
	if f == nil {
		return nil, a.betweenFrames(n)
	}
	return frame{f}.Allocate(n, align)
}

func (a worker) Reallocate(b []byte, n, align int) ([]byte, error) {
	if f := a.w.ActiveFrame(); f != nil {
		return frame{f}.Reallocate(b, n, align)
	}
	return reallocate(a, b, n, align)
}

func (a worker) Free([]byte) {}

func (a worker) Owns(b []byte) bool { return a.w.Owns(b) }

func (a worker) betweenFrames(n int) error {
	e := refusal(diag.FA001, fmt.Sprintf("%d bytes allocated while no frame of worker %q is active", n, a.w.Name()),
		"allocate between BeginFrame and EndFrame, or use FromPool or FromHeap for bytes that outlive frames")
	e.Worker = a.w.Name()
	return e
}
