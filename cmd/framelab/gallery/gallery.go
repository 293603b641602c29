// Package gallery holds deliberate mistakes, one for each code that the library
// finds at run time, each beside the same code put right.
package gallery

import (
	"embed"

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
}

// All are the exhibits, in the order of codes. A code may have several.
var All = []Exhibit{
	{diag.FA001, "allocates from a frame that has ended", allocateAfterTheEnd, allocateBeforeTheEnd},
	{diag.FA002, "begins a frame inside another", beginTwice, scopeInsideTheFrame},
	{diag.FA003, "takes more than the frame may hold", loadTheLevelIntoAFrame, loadTheLevelOntoTheHeap},
	{diag.FA201, "allocates from another goroutine's frame", shareAFrame, forkAFrame},
	{diag.FA202, "signals a barrier twice in one frame", signalTwice, signalOnce},
	{diag.FA203, "forgets a worker's budget", forgetABudget, budgetEveryone},
	{diag.FA204, "frees another worker's objects faster than it looks", freeInABurst, freeInPortions},
	{diag.FA205, "ends a frame while a fork still runs", endBeforeTheFork, joinBeforeTheEnd},
	{diag.FA206, "receives a transfer twice", receiveTwice, receiveOnce},
	{diag.FA207, "begins a frame on a closed worker", useAfterClose, closeAfterUse},
	{diag.FA208, "puts an object twice", putTwice, putOnce},
	{diag.FA310, "takes more than all workers may together", crowdTheBudget, keepWithinTheBudget},
	{diag.FA311, "takes more than its tag may", thinkTooMuch, thinkInPortions},
	{diag.FA312, "takes more than its worker may", streamEverything, streamWhatFits},
	{diag.FA501, "builds the same list in every frame", cloneLights, keepLights},
	{diag.FA502, "promotes most of what it takes", promoteDecals, poolDecals},
	{diag.FA510, "uses a pool as scratch memory", poolQueries, frameQueries},
	{diag.FA520, "promotes in every frame what the next one drops", promoteTrail, trailInFlight},
	{diag.FA530, "takes heap memory in every frame", heapContacts, frameContacts},
	{diag.FA604, "retains, and ends the frame with plain EndFrame", retainForNothing, retainAndPromote},
	{diag.FA605, "asks for what it said to discard", discardAndAsk, keepAndAsk},
	{diag.FA606, "uses a FrameBox after its frame", readTheBoxLate, readTheBoxInTime},
	{diag.FA606, "uses a pooled Box after it was freed", moveTheDead, moveTheLiving},
	{diag.FA608, "promotes a value that points into its frame", promoteShallow, promoteDeep},
	{diag.FA901, "panics in an observer", panicInAHook, returnFromAHook},
}

// Absent are the run-time codes that have no exhibit, with the reason.
var Absent = map[diag.Code]string{
	diag.FA101: "found by the engines' adapters, which are modules of their own",
	diag.FA102: "found by the engines' adapters, which are modules of their own",
	diag.FA401: "handles are not built yet",
	diag.FA402: "streams are not built yet",
	diag.FA531: "the garbage finder is not built yet",
	diag.FA601: "the escape mode is not built yet; fa finds escapes at build time",
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
