package snapshot

import (
	"cmp"
	"slices"

	"github.com/framealloc/framealloc"
)

// Garbage counts heap allocations made by anyone while frames were active; see
// framealloc.Garbage for how exact that is.
type Garbage struct {
	Frames      uint64 `json:"frames"` // looked at
	Allocations uint64 `json:"allocations"`
	Bytes       uint64 `json:"bytes"`
	LastFrame   Last   `json:"last_frame"`

	// Sites are the lines that were last found to make garbage, at most
	// MaxSites, the largest first. Their figures are of the TracedFrames that
	// were looked at for them; both are empty before anyone did. SitesOmitted
	// counts the lines beyond.
	TracedFrames uint64 `json:"traced_frames"`
	Sites        []Site `json:"sites"`
	SitesOmitted int    `json:"sites_omitted"`
}

// MaxSites bounds the list of lines in a snapshot.
const MaxSites = 20

// Site is a place in the program that makes garbage.
type Site struct {
	Function    string `json:"function"`
	Caller      string `json:"caller"`  // file:line
	Cause       string `json:"cause"`   // "make", "append", "fmt.Sprintf"
	Type        string `json:"type"`    // "": unknown
	Instead     string `json:"instead"` // what to use, "" if nobody knows
	Allocations uint64 `json:"allocations"`
	Bytes       uint64 `json:"bytes"`
}

// foundGarbage is a report in the form of a snapshot, made once for each report.
type foundGarbage struct {
	report *framealloc.GarbageReport
	sites  []Site
}

// addGarbage adds what the garbage finder knows. The caller holds the lock.
func (o *Observer) addGarbage(s *Snapshot) {
	sum := o.alloc.Garbage()
	if s.Garbage = nil; sum.Frames == 0 && sum.Found == nil && o.modes&framealloc.ModeGarbage == 0 {
		return
	}
	o.garbage.set(sum.Found)
	s.garbage = Garbage{
		Frames: sum.Frames, Allocations: sum.Allocations, Bytes: sum.Bytes,
		LastFrame: last(sum.LastFrameBytes, sum.LastFrameAllocations),
		Sites:     append(notNil(s.garbage.Sites), o.garbage.sites...),
	}
	if r := sum.Found; r != nil {
		s.garbage.TracedFrames = uint64(r.Frames)
		s.garbage.SitesOmitted = len(r.Sites) - len(o.garbage.sites)
	}
	s.Garbage = &s.garbage
}

// set takes over another report.
func (f *foundGarbage) set(r *framealloc.GarbageReport) {
	if r == f.report {
		return
	}
	f.report, f.sites = r, f.sites[:0]
	if r == nil {
		return
	}
	all := slices.Clone(r.Sites) // a report is shared, and stays as it is
	slices.SortStableFunc(all, func(a, b framealloc.GarbageSite) int { return cmp.Compare(b.Bytes, a.Bytes) })
	for _, x := range all[:min(len(all), MaxSites)] {
		f.sites = append(f.sites, Site{
			Function: x.Function, Caller: x.Place(), Cause: x.Cause, Type: x.Type, Instead: x.Instead,
			Allocations: x.Allocations, Bytes: x.Bytes,
		})
	}
}
