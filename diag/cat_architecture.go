package diag

// The program's own rules about tags and intents, written in .fa.toml.
var architectureEntries = []Entry{
	{
		Code:     FA801,
		Name:     "tag not allowed here",
		Category: CategoryArchitecture,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "A package uses a tag that the configuration gives to other packages.",
		Explanation: `Tags say whose memory it is. If the renderer allocates under "physics", budgets
stop the wrong system, and the table by tag sends whoever reads it to the wrong
team. The configuration can say which packages may use which tags.

Mostly it is a line that was copied together with its tag.`,
		Detection: `fa compares constant tag names with the section about tags in .fa.toml. A helper
that is called under the caller's tag and sets none of its own is never wrong.`,
		Help: "use the package's own tag, or let the caller set it; if the rule is out of date, change it in .fa.toml",
		Bad: `// package render; .fa.toml gives "physics" to package physics alone.
func cull(frame *framealloc.Frame, n int) {
	defer frame.Tag("physics")()
	_ = framealloc.Slice[uint32](frame, n)
}
`,
		Good: `// package render
func cull(frame *framealloc.Frame, n int) {
	defer frame.Tag("render/cull")()
	_ = framealloc.Slice[uint32](frame, n)
}
`,
	},
	{
		Code:     FA802,
		Name:     "unknown tag",
		Category: CategoryArchitecture,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "A tag is used that the configuration does not list.",
		Explanation: `A tag that is misspelt is a new tag: it has no budget, and its bytes are missing
where one looks for them. So a configuration may list all tags, and everything
else is a mistake, mostly of one letter.

Constants for tags make the compiler find the same mistake, as in the second
example.`,
		Detection: `Only where .fa.toml lists the known tags. fa compares constant names, and suggests
the nearest known one.`,
		Help: "correct the name, or add the tag to the list in .fa.toml",
		Bad: `func think(frame *framealloc.Frame, n int) {
	defer frame.Tag("ai/pathfinidng")()
	_ = framealloc.Slice[int32](frame, n)
}
`,
		Good: `const tagPathfinding = "ai/pathfinding"

func think(frame *framealloc.Frame, n int) {
	defer frame.Tag(tagPathfinding)()
	_ = framealloc.Slice[int32](frame, n)
}
`,
	},
	{
		Code:     FA803,
		Name:     "intent against the package's rule",
		Category: CategoryArchitecture,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "A package allocates with an intent that the configuration does not allow it.",
		Explanation: `The configuration can say with which intents a package may allocate: the audio
callback with pools alone, the renderer without the heap.

Such a rule keeps what was once made free of garbage that way, when somebody adds
to it a year later.`,
		Detection: `fa compares the functions that allocate (frame, pool, scratch, group, heap) with
the intents that .fa.toml allows the package.`,
		Help: "use an intent that the package may use; if the rule is out of date, change it in .fa.toml",
		Bad: `// package audio; .fa.toml allows it intent "pool" alone.
func mix(w *framealloc.Worker, samples int) []float32 {
	return framealloc.HeapSlice[float32](w, samples)
}
`,
		Good: `// package audio
type block struct{ samples [512]float32 }

func mix(w *framealloc.Worker) *block {
	return framealloc.PoolGet[block](w)
}
`,
	},
}
