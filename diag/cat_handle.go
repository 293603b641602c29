package diag

// Handles and streams.
var handleEntries = []Entry{
	{
		Code:     FA401,
		Name:     "stale or foreign handle",
		Category: CategoryHandle,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "A handle was used whose value was freed, or that belongs to another table.",
		Explanation: `A handle names a value by its place and a generation. When the value is freed,
the generation of the place moves on; whoever still holds the handle gets this
code instead of whatever lives in the place by then. The same goes for a handle
of one table that is given to another, and for the zero handle.

In a game a stale handle is often no mistake of memory but of the rules: a
missile whose target died. Where that can happen, ask before use, and handle
the answer.`,
		Detection: `Every access compares generation and table: always on, one compare.`,
		Help:      "drop the handle where the value is freed; where the value may be gone, use the form that returns ok",
		Bad: `type ship struct {
	hull   float32
	target handle.Handle[ship]
}

func fire(fleet *handle.Table[ship], from handle.Handle[ship]) {
	fleet.Get(fleet.Get(from).target).hull -= 0.1 // which may be sunk
}
`,
		Good: `type ship struct {
	hull   float32
	target handle.Handle[ship]
}

func fire(fleet *handle.Table[ship], from handle.Handle[ship]) {
	if target, ok := fleet.Lookup(fleet.Get(from).target); ok {
		target.hull -= 0.1
	}
}
`,
	},
	{
		Code:     FA402,
		Name:     "stream budget exhausted",
		Category: CategoryHandle,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "A stream could not take in more data, because what it holds fills its budget.",
		Explanation: `A stream keeps data that comes and goes with the player's place in the world:
textures, sound, terrain. Its budget is the memory that all of it may take. When
what is in use fills it, nothing can be evicted, and the request fails with this
code.

What frames use is not evicted before they end, nor is what is being loaded, nor
what has a higher priority. The usual cause is a frame that uses more than what is in
view, and a budget that was set for less. Trying again at once does not help: the
stream itself tries again when a later frame wants the entry.`,
		Detection: `Always on, when a request would not fit even if everything unused were evicted.`,
		Help:      "use what is in view only, ask for a smaller version, or raise the stream's budget",
		Bad: `// draw wants every texture of the world in every frame.
func draw(f *framealloc.Frame, world []*stream.Entry[byte]) (pixels int) {
	for _, texture := range world {
		if p, ok := texture.Use(f); ok {
			pixels += len(p)
		}
	}
	return pixels
}
`,
		Good: `// draw wants what is in view, and takes a placeholder for what is not there.
func draw(f *framealloc.Frame, view []*stream.Entry[byte], missing []byte) (pixels int) {
	for _, texture := range view {
		p, ok := texture.Use(f)
		if !ok {
			p = missing
		}
		pixels += len(p)
	}
	return pixels
}
`,
	},
}
