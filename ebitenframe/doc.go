// Package ebitenframe gives an Ebitengine game its frames: one line in main, and
// Update and Draw have memory that is released for them.
//
//	func main() {
//		if err := ebitenframe.Run(&game{}); err != nil {
//			log.Fatal(err)
//		}
//	}
//
//	func (g *game) Update() error {
//		frame := ebitenframe.Frame()
//		g.visible = framealloc.Slice[*Unit](frame, len(g.units))
//		…
//	}
//
// # Two frames
//
// Ebitengine calls Update at a fixed rate and Draw at the display's, so between
// two Draws there may be several Updates, or none. There are two frames, then:
//
//   - the tick frame begins with an Update and ends when the next one begins. Every
//     Draw in between may read what Update has left there;
//   - the draw frame begins with a Draw and ends with it, or after DrawFinalScreen
//     where the game has that.
//
// [Frame] returns the one that belongs to where it is called: the tick frame in
// Update, the draw frame in Draw, DrawFinalScreen and Layout. The tick frame is the
// allocator's main worker's, the draw frame that of a worker named "draw". A game
// that would rather be handed its frames implements [Game] and is started with
// Run(ByArgument(game)).
//
// What must outlive the next Update belongs into pools, groups or the heap. To
// interpolate between the last two ticks, set FramesInFlight to 1: see [WithConfig].
//
// # Handing frame memory to Ebitengine
//
// Ebitengine copies vertices, indices and pixels before DrawTriangles32,
// DrawTrianglesShader32 and WritePixels return, so all of them may be frame memory.
// [Quads] collects sprites that way, and [Font] prints text without garbage. What
// Ebitengine keeps must not be in a frame: readers given to package audio, and
// images and shaders themselves.
//
// # The panel
//
// F3 shows the frame times, memory by worker and tag with its budgets, garbage and
// diagnostics inside of the game; see [WithPanel].
//
// # Mistakes
//
// Asking for a frame in a game that was not started through this package panics
// with FA101. FA102 is reported when Ebitengine counted Updates that the adapter
// did not see, and is what Frame panics with where it is called outside of the
// adapter's callbacks.
//
// Nothing here depends on which goroutine a callback runs on: in a browser, each
// frame has a new one.
package ebitenframe
