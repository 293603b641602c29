package framealloc

import (
	"cmp"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A LeakReport lists what was not given back, by place. It is made by
// [Allocator.Leaks] and belongs to the caller.
type LeakReport struct {
	Objects int `json:"objects"`
	Bytes   int `json:"bytes"`
	// Sites are the places, those with the most bytes first.
	Sites []LeakSite `json:"sites"`
}

// A LeakSite is a line of the program that took things which were not given
// back.
type LeakSite struct {
	Kind     string `json:"kind"` // "pool", "buffer", "scratch", "group", "transfer", or as given to Track
	Type     string `json:"type"` // or name
	Tag      string `json:"tag"`  // path of the tag they were taken under
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Objects  int    `json:"objects"`
	Bytes    int    `json:"bytes"`
	// Lost, of the objects, can no longer be given back: the collector has taken
	// them.
	Lost int `json:"lost"`
	// FirstFrame and LastFrame are the numbers of the frames in which the
	// oldest and the newest were taken.
	FirstFrame uint64 `json:"first_frame"`
	LastFrame  uint64 `json:"last_frame"`
	// Stack is the calls that led there, the innermost first.
	Stack []string `json:"stack"`

	pc uintptr
}

// String returns a table for people, without lines if nothing leaks.
func (r *LeakReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "not given back: %d objects, %d bytes\n", r.Objects, r.Bytes)
	for _, s := range r.Sites {
		fmt.Fprintf(&b, "%8d of %10d B  %s  %s", s.Objects, s.Bytes, s.Place(), s.what())
		if s.Tag != "" {
			fmt.Fprintf(&b, ", tag %s", s.Tag)
		}
		fmt.Fprintf(&b, ", %s", s.frames())
		if s.Lost > 0 {
			fmt.Fprintf(&b, ", %d lost to the collector", s.Lost)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Place returns "dir/file.go:12".
func (s LeakSite) Place() string { return place(s.File, s.Line) }

func (s LeakSite) what() string { return s.Kind + " " + s.Type }

func (s LeakSite) frames() string {
	if s.FirstFrame == s.LastFrame {
		return fmt.Sprintf("frame %d", s.FirstFrame)
	}
	return fmt.Sprintf("frames %d to %d", s.FirstFrame, s.LastFrame)
}

// Since returns what there is more of in r than in an earlier report: places with
// more objects, with the differences. What grows from minute to minute while a
// game does the same leaks, and what stays is in use.
func (r *LeakReport) Since(earlier *LeakReport) *LeakReport {
	before := make(map[leakPlace]LeakSite, len(earlier.Sites))
	for _, s := range earlier.Sites {
		before[s.place()] = s
	}
	grown := &LeakReport{Sites: []LeakSite{}}
	for _, s := range r.Sites {
		old := before[s.place()]
		if s.Objects <= old.Objects {
			continue
		}
		s.Objects -= old.Objects
		s.Bytes -= old.Bytes
		s.Lost = max(0, s.Lost-old.Lost)
		grown.Sites = append(grown.Sites, s)
		grown.Objects += s.Objects
		grown.Bytes += s.Bytes
	}
	grown.sort()
	return grown
}

func (r *LeakReport) sort() {
	slices.SortFunc(r.Sites, func(a, b LeakSite) int {
		return cmp.Or(
			cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Objects, a.Objects),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Tag, b.Tag),
		)
	})
}

// diagnostic says that the site leaks.
func (s LeakSite) diagnostic(code diag.Code) diag.Diagnostic {
	objects, were := "objects", "were"
	if s.Objects == 1 {
		objects, were = "object", "was"
	}
	d := diag.Diagnostic{
		Code: code, PC: s.pc, Tag: s.Tag,
		Message: fmt.Sprintf("%d %s of %d bytes (%s) %s never given back", s.Objects, objects, s.Bytes, s.what(), were),
		Note:    "taken in " + s.frames(),
	}
	if s.Lost > 0 {
		d.Note += fmt.Sprintf("; %d of them are lost to the collector", s.Lost)
	}
	d.Note += "; by way of " + strings.Join(s.Stack, ", ")
	return d
}

// A leakPlace tells sites apart.
type leakPlace struct {
	kind, typ, tag, file string
	line                 int
}

func (s LeakSite) place() leakPlace { return leakPlace{s.Kind, s.Type, s.Tag, s.File, s.Line} }

// leakBook is a LeakReport in the making.
type leakBook struct {
	sites map[leakPlace]*LeakSite
	known map[*leakKey]*LeakSite
}

func (b *leakBook) add(r leakRecord, lost bool) {
	s := b.known[r.key]
	if s == nil {
		found := r.key.site()
		found.FirstFrame = r.frame
		if s = b.sites[found.place()]; s == nil {
			s = &found
			b.sites[found.place()] = s
		}
		if b.known == nil {
			b.known = make(map[*leakKey]*LeakSite)
		}
		b.known[r.key] = s
	}
	s.Objects += r.objects
	s.Bytes += r.bytes
	s.FirstFrame, s.LastFrame = min(s.FirstFrame, r.frame), max(s.LastFrame, r.frame)
	if lost {
		s.Lost += r.objects
	}
}

func (b *leakBook) report() *LeakReport {
	r := &LeakReport{Sites: make([]LeakSite, 0, len(b.sites))}
	for _, s := range b.sites {
		r.Objects += s.Objects
		r.Bytes += s.Bytes
		r.Sites = append(r.Sites, *s)
	}
	r.sort()
	return r
}

// site finds the line of the program: the innermost call outside of framealloc.
func (k *leakKey) site() LeakSite {
	s := LeakSite{Kind: k.kind, Type: k.name, Tag: k.tag}
	if k.typ != nil {
		s.Type = nameOf(typeinfo.Reflect(k.typ))
	}
	pcs := k.pcs[:]
	if i := slices.Index(pcs, 0); i >= 0 {
		pcs = pcs[:i]
	}
	frames := runtime.CallersFrames(pcs)
	for more := len(pcs) > 0; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if strings.HasPrefix(f.Function, "github.com/framealloc/framealloc/group.") && s.Kind == "scratch" {
			s.Kind = "group"
		}
		if f.Function == "" || f.Function == "runtime.goexit" || f.Function == "runtime.main" || isPlumbing(f) || s.File == "" && layerOf(f) != userLayer {
			continue
		}
		if s.File == "" {
			s.Function, s.File, s.Line = f.Function, f.File, f.Line
			s.pc = f.PC + 1 // as of a return address
		}
		s.Stack = append(s.Stack, fmt.Sprintf("%s in %s", place(f.File, f.Line), path.Base(f.Function)))
	}
	return s
}

// place returns "dir/file.go:12".
func place(file string, line int) string {
	dir, file := path.Split(file)
	if dir = path.Base(dir); dir != "." && dir != "/" {
		file = dir + "/" + file
	}
	return fmt.Sprintf("%s:%d", file, line)
}
