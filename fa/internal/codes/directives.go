package codes

import "github.com/framealloc/framealloc/diag"

// Directives is the code of findings about directives. It is not in the
// catalogue, for it is about what is said to fa, not about memory.
const Directives diag.Code = "FAIGNORE"

var directives = diag.Entry{
	Code:     Directives,
	Name:     "directive that does nothing",
	Category: "directives",
	Severity: diag.SeverityWarning,
	Found:    diag.BuildTime,
	Summary:  "A `//fa:` comment is misspelt, gives no reason, or silences nothing.",
	Explanation: "`//fa:ignore` accepts one place, and says why. One that no finding needs any more hides the next\n" +
		"mistake at that place; one without a reason tells nobody whether it is still right; one that is misspelt\n" +
		"does nothing, and nobody sees it.",
	Help: "remove the directive, or write //fa:ignore FA601 and the reason",
	Bad: `func spawn(w *world, frame *framealloc.Frame) {
	w.boss = framealloc.New[enemy](frame) //fa:ignore FA601
}`,
	Good: `func spawn(w *world, frame *framealloc.Frame) {
	w.boss = framealloc.New[enemy](frame) //fa:ignore FA601 the world is made anew in each frame
}`,
}
