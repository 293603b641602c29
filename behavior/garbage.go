package behavior

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// garbage are sums of what anyone allocated on the heap during a worker's frames.
type garbage struct {
	frames             uint64 // looked at
	some               uint64 // of them, with garbage
	allocations, bytes uint64

	// The frame with the most, which is not held against the worker: a level
	// that begins, or many small objects made elsewhere, which the runtime counts
	// when a block of them is full.
	most, mostBytes uint64
}

func (g *garbage) frame(e framealloc.FrameEnd) {
	g.frames++
	n := uint64(max(0, e.GarbageAllocations))
	if n == 0 {
		return
	}
	g.some++
	g.allocations += n
	g.bytes += uint64(max(0, e.GarbageBytes))
	if n > g.most {
		g.most, g.mostBytes = n, uint64(max(0, e.GarbageBytes))
	}
}

// garbageFinding judges the worker's frames. found are the lines as they were last
// looked for, or nil.
func (w *watched) garbageFinding(t Thresholds, found *framealloc.GarbageReport) (x Finding, is bool) {
	g := &w.garbage
	if t.Garbage <= 0 || g.some < fewFrames || g.frames < uint64(max(0, t.MinFrames)) {
		return x, false
	}
	frames := g.frames - 1
	each := float64(g.allocations-g.most) / float64(frames)
	if each < t.Garbage {
		return x, false
	}
	e, _ := diag.Lookup(diag.FA531)
	x = Finding{
		Code: diag.FA531, Severity: e.Severity, Name: e.Name, Suggestion: e.Help,
		Worker: w.name, Intent: framealloc.IntentHeap, Value: each, Limit: t.Garbage,
		Observed: fmt.Sprintf("%.1f allocations of %s together in a frame, on average of %s", each, size((g.bytes-g.mostBytes)/frames), count(frames, "frame")),
		Expected: fmt.Sprintf("below %v allocations in a frame", t.Garbage),
	}
	if found == nil || len(found.Sites) == 0 {
		x.Suggestion += "; framealloc.FindGarbage names the lines"
		return x, true
	}
	top := &found.Sites[0]
	x.Caller = top.Place()
	x.Observed += fmt.Sprintf("; most of them, %.1f in a frame, are made by %s", float64(top.Allocations)/float64(max(1, found.Frames)), top.Cause)
	if top.Type != "" {
		x.Observed += " of " + top.Type
	}
	if top.Instead != "" {
		x.Suggestion = "use " + top.Instead
	}
	if n := len(found.Sites) - 1; n > 0 {
		x.Suggestion += fmt.Sprintf("; Allocator.Garbage has %s more", count(uint64(n), "line"))
	}
	return x, true
}
