// Package gallery holds deliberate mistakes, one for each code that the library
// finds at run time, each beside the same code put right.
package gallery

import (
	"embed"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// An Exhibit is a mistake and its corrected twin. Each is a whole program in a
// function: it gets its allocators from the [Lab], and what it panics with or
// returns counts as found.
type Exhibit struct {
	Code    diag.Code
	Title   string // what the mistake does, in a few words
	Mistake func(*Lab) error
	Twin    func(*Lab) error

	// Needs are debug modes that it takes to find the mistake, and that not every
	// platform has: see [Exhibit.Possible].
	Needs framealloc.Modes
}

// Possible reports whether the mistake can be found on this platform.
func (x Exhibit) Possible() bool {
	a := framealloc.NewAllocator(framealloc.Config{Modes: x.Needs, Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{}})})
	defer a.Close()
	return a.Modes()&x.Needs == x.Needs
}

// All are the exhibits, in the order of codes. A code may have several.
var All = []Exhibit{
	{Code: diag.FA001, Title: "allocates from a frame that has ended", Mistake: allocateAfterTheEnd, Twin: allocateBeforeTheEnd},
	{Code: diag.FA002, Title: "begins a frame inside another", Mistake: beginTwice, Twin: scopeInsideTheFrame},
	{Code: diag.FA003, Title: "takes more than the frame may hold", Mistake: loadTheLevelIntoAFrame, Twin: loadTheLevelOntoTheHeap},
	{Code: diag.FA201, Title: "allocates from another goroutine's frame", Mistake: shareAFrame, Twin: forkAFrame},
	{Code: diag.FA202, Title: "signals a barrier twice in one frame", Mistake: signalTwice, Twin: signalOnce},
	{Code: diag.FA203, Title: "forgets a worker's budget", Mistake: forgetABudget, Twin: budgetEveryone},
	{Code: diag.FA204, Title: "frees another worker's objects faster than it looks", Mistake: freeInABurst, Twin: freeInPortions},
	{Code: diag.FA205, Title: "ends a frame while a fork still runs", Mistake: endBeforeTheFork, Twin: joinBeforeTheEnd},
	{Code: diag.FA206, Title: "receives a transfer twice", Mistake: receiveTwice, Twin: receiveOnce},
	{Code: diag.FA207, Title: "begins a frame on a closed worker", Mistake: useAfterClose, Twin: closeAfterUse},
	{Code: diag.FA208, Title: "puts an object twice", Mistake: putTwice, Twin: putOnce},
	{Code: diag.FA310, Title: "takes more than all workers may together", Mistake: crowdTheBudget, Twin: keepWithinTheBudget},
	{Code: diag.FA311, Title: "takes more than its tag may", Mistake: thinkTooMuch, Twin: thinkInPortions},
	{Code: diag.FA312, Title: "takes more than its worker may", Mistake: streamEverything, Twin: streamWhatFits},
	{Code: diag.FA401, Title: "uses the handle of what was freed", Mistake: fireAtTheSunk, Twin: fireAtWhatFloats},
	{Code: diag.FA402, Title: "uses more at once than its stream holds", Mistake: drawAllAtOnce, Twin: drawWhatIsInView},
	{Code: diag.FA501, Title: "builds the same list in every frame", Mistake: cloneLights, Twin: keepLights},
	{Code: diag.FA502, Title: "promotes most of what it takes", Mistake: promoteDecals, Twin: poolDecals},
	{Code: diag.FA510, Title: "uses a pool as scratch memory", Mistake: poolQueries, Twin: frameQueries},
	{Code: diag.FA520, Title: "promotes in every frame what the next one drops", Mistake: promoteTrail, Twin: trailInFlight},
	{Code: diag.FA530, Title: "takes heap memory in every frame", Mistake: heapContacts, Twin: frameContacts},
	{Code: diag.FA531, Title: "writes with fmt in every frame", Mistake: hudWithFmt, Twin: hudWithText},
	{Code: diag.FA601, Title: "keeps a pointer beyond the frame", Mistake: rememberThePointer, Twin: rememberTheValue},
	{Code: diag.FA604, Title: "retains, and ends the frame with plain EndFrame", Mistake: retainForNothing, Twin: retainAndPromote},
	{Code: diag.FA605, Title: "asks for what it said to discard", Mistake: discardAndAsk, Twin: keepAndAsk},
	{Code: diag.FA606, Title: "uses a FrameBox after its frame", Mistake: readTheBoxLate, Twin: readTheBoxInTime},
	{Code: diag.FA606, Title: "uses a pooled Box after it was freed", Mistake: moveTheDead, Twin: moveTheLiving},
	{Code: diag.FA606, Title: "writes to a slice after its frame", Mistake: writeLate, Twin: writeInTime},
	{Code: diag.FA606, Title: "reads a slice after its frame", Mistake: readLate, Twin: readInTime, Needs: framealloc.ModeGuard},
	{Code: diag.FA608, Title: "promotes a value that points into its frame", Mistake: promoteShallow, Twin: promoteDeep},
	{Code: diag.FA609, Title: "loses enemies that walk off the map", Mistake: loseEnemies, Twin: burnEnemies},
	{Code: diag.FA901, Title: "panics in an observer", Mistake: panicInAHook, Twin: returnFromAHook},
}

// Absent are the run-time codes that have no exhibit, with the reason.
var Absent = map[diag.Code]string{
	diag.FA101: "found by the engines' adapters, which are modules of their own",
	diag.FA102: "found by the engines' adapters, which are modules of their own",
	diag.FA103: "found by the engines' adapters, which are modules of their own",
}

// Of returns the exhibits of a code.
func Of(code diag.Code) (list []Exhibit) {
	for _, x := range All {
		if x.Code == code {
			list = append(list, x)
		}
	}
	return list
}

//go:embed *.go
var files embed.FS
