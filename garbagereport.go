package framealloc

import (
	"cmp"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
)

// A GarbageReport says where heap allocations were made during frames. It is made
// by [FindGarbage] and [TraceGarbage] and belongs to the caller.
type GarbageReport struct {
	Frames      int    `json:"frames"` // looked at
	Allocations uint64 `json:"allocations"`
	Bytes       uint64 `json:"bytes"`

	// Sites are the places, those with the most allocations first.
	Sites []GarbageSite `json:"sites"`
	// Own are what framealloc itself allocated, apart and not counted above:
	// frame memory and pools that grew, and heap intent.
	Own []GarbageSite `json:"own"`
}

// A GarbageSite is a line of the program that makes garbage, for one cause.
type GarbageSite struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Cause    string `json:"cause"`   // "make", "append", "closure", "fmt.Sprintf", …
	Type     string `json:"type"`    // of the values, "" where it cannot be told
	Instead  string `json:"instead"` // what to use
	// Allocations and Bytes are those of all the frames.
	Allocations uint64 `json:"allocations"`
	Bytes       uint64 `json:"bytes"`
	// Stack is the calls that led there, the innermost first.
	Stack []string `json:"stack"`
}

// String returns a table for people, empty of sites if there are none.
func (g *GarbageReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "garbage in %d frames: %d allocations, %d bytes", g.Frames, g.Allocations, g.Bytes)
	if g.Frames > 0 && g.Allocations > 0 {
		fmt.Fprintf(&b, " (%.1f and %.0f a frame)", float64(g.Allocations)/float64(g.Frames), float64(g.Bytes)/float64(g.Frames))
	}
	b.WriteByte('\n')
	g.rows(&b, g.Sites)
	if len(g.Own) > 0 {
		b.WriteString("and framealloc itself:\n")
		g.rows(&b, g.Own)
	}
	return b.String()
}

func (g *GarbageReport) rows(b *strings.Builder, sites []GarbageSite) {
	frames := float64(max(1, g.Frames))
	for _, s := range sites {
		fmt.Fprintf(b, "%10.1f/frame %10.0f B/frame  %s  %s in %s\n", float64(s.Allocations)/frames, float64(s.Bytes)/frames, s.Place(), s.what(), path.Base(s.Function))
		if s.Instead != "" {
			fmt.Fprintf(b, "%38s use %s\n", "", s.Instead)
		}
	}
}

// what names the cause and the type.
func (s GarbageSite) what() string {
	if s.Type == "" {
		return s.Cause
	}
	return s.Cause + " of " + s.Type
}

// Place returns "dir/file.go:12".
func (s GarbageSite) Place() string { return place(s.File, s.Line) }

// garbageReport is a GarbageReport in the making.
type garbageReport struct {
	GarbageReport
	sites, own map[siteKey]*GarbageSite
	source     sourceFiles
}

type siteKey struct {
	file  string
	line  int
	cause string
}

func newGarbageReport(frames int) *garbageReport {
	return &garbageReport{
		GarbageReport: GarbageReport{Frames: frames, Sites: []GarbageSite{}, Own: []GarbageSite{}},
		sites:         make(map[siteKey]*GarbageSite), own: make(map[siteKey]*GarbageSite),
		source: make(sourceFiles),
	}
}

// add books what was allocated with one stack.
func (g *garbageReport) add(stack profileKey, objects, bytes uint64) {
	pcs := stack[:]
	if i := slices.Index(pcs, 0); i >= 0 {
		pcs = pcs[:i]
	}
	s, own := g.site(runtime.CallersFrames(pcs))
	if s.Function == "" || s.Cause == "" {
		return // what the trace itself allocates
	}
	sites := g.sites
	if own {
		sites = g.own
	} else {
		g.Allocations += objects
		g.Bytes += bytes
	}
	k := siteKey{s.File, s.Line, s.Cause}
	known := sites[k]
	if known == nil {
		known = &s
		sites[k] = known
	}
	known.Allocations += objects
	known.Bytes += bytes
}

// sort lists the sites, in an order that is the same each time.
func (g *garbageReport) sort() {
	list := func(sites map[siteKey]*GarbageSite) []GarbageSite {
		l := make([]GarbageSite, 0, len(sites))
		for _, s := range sites {
			l = append(l, *s)
		}
		slices.SortFunc(l, func(a, b GarbageSite) int {
			return cmp.Or(
				cmp.Compare(b.Allocations, a.Allocations), cmp.Compare(b.Bytes, a.Bytes),
				cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Cause, b.Cause),
			)
		})
		return l
	}
	g.Sites, g.Own = list(g.sites), list(g.own)
}
