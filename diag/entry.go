package diag

// Category groups the codes that concern the same part of a program.
type Category string

// The categories of the library's own codes. An engine's own codes may use
// these or categories of their own.
const (
	CategoryFrame        Category = "frame"        // FA0xx
	CategoryEngine       Category = "engine"       // FA1xx
	CategoryThreading    Category = "threading"    // FA2xx
	CategoryBudget       Category = "budget"       // FA3xx
	CategoryHandle       Category = "handle"       // FA4xx
	CategoryBehavior     Category = "behavior"     // FA5xx
	CategoryLifetime     Category = "lifetime"     // FA6xx
	CategoryAsync        Category = "async"        // FA7xx
	CategoryArchitecture Category = "architecture" // FA8xx
	CategoryInternal     Category = "internal"     // FA9xx
)

// Found says when a mistake is found. The values are bits: Both is RunTime
// and BuildTime together.
type Found uint8

const (
	RunTime   Found                 = 1 << iota // by the library, while the program runs
	BuildTime                                   // by the analyzer, fa
	Both      = RunTime | BuildTime             // by either, under the same code
)

// String returns "run time", "build time" or "run time and build time".
func (f Found) String() string {
	switch f {
	case RunTime:
		return "run time"
	case BuildTime:
		return "build time"
	case Both:
		return "run time and build time"
	}
	return "never"
}

// Entry is what the catalogue knows about one code. Its texts are plain
// English with `code` in backquotes; blank lines separate paragraphs.
type Entry struct {
	Code     Code
	Name     string // a few words: "frame memory escapes its frame"
	Category Category
	Severity Severity // of a finding that does not state its own
	Found    Found

	Summary     string // one sentence: what went wrong
	Explanation string // what happens, and why it matters in a program with frames
	Detection   string // how it is found, and what is not seen
	Help        string // one or two sentences: what to write instead

	// Bad and Good are Go declarations: the mistake, and the same code put
	// right. They have no package clause and no imports; see [Entry.BadFile].
	Bad, Good string
}
