package framealloc

import (
	"os"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// site finds the line of the program that a stack of an allocation belongs to:
// the innermost call outside of the runtime, the standard library and framealloc.
// own says that framealloc allocated, on that line's behalf.
func (g *garbageReport) site(frames *runtime.Frames) (s GarbageSite, own bool) {
	var inner string // the runtime's function that the program called
	var outer string // the standard library's
	beyond := false  // of the runtime
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if f.Function == "" || f.Function == "runtime.goexit" || f.Function == "runtime.main" {
			continue
		}
		s.Stack = append(s.Stack, f.Function)
		if s.File != "" {
			continue
		}
		layer := layerOf(f)
		if layer == runtimeLayer && !beyond {
			inner = f.Function
			continue
		}
		if !beyond {
			beyond, own = true, layer == libraryLayer
			if own && ofTrace[strings.TrimPrefix(f.Function, "github.com/framealloc/framealloc.")] {
				return GarbageSite{}, true
			}
		}
		switch layer {
		case userLayer:
			s.Function, s.File, s.Line = f.Function, f.File, f.Line
		case standardLayer:
			outer = f.Function
		case libraryLayer: // which called the standard library
			own = true
		}
		if s.File == "" && !more { // a goroutine of the standard library
			s.Function, s.File, s.Line = f.Function, f.File, f.Line
		}
	}
	switch {
	case !beyond: // the runtime, for itself
	case own:
		s.Cause, s.Instead = ownCause(s.Stack)
	case outer != "":
		s.Cause = path.Base(outer)
		s.Instead = insteadOfCall(s.Cause)
	default:
		s.Cause, s.Type, s.Instead = causeOf(inner, g.source.line(s.File, s.Line))
	}
	return s, own
}

// ofTrace are the functions with which a trace allocates for itself.
var ofTrace = map[string]bool{"recordAllocations": true, "shiftBlocks": true, "readHeapProfile": true, "startHeapProfile": true}

// A layer says whose a function is.
type layer uint8

const (
	userLayer     layer = iota
	libraryLayer        // framealloc
	standardLayer       // the standard library
	runtimeLayer        // what the compiler calls, and what the library allocates through
)

func layerOf(f runtime.Frame) layer {
	for _, prefix := range [...]string{"runtime.", "runtime/", "internal/", "reflect."} {
		if strings.HasPrefix(f.Function, prefix) {
			return runtimeLayer
		}
	}
	if rest, ok := strings.CutPrefix(f.Function, "github.com/framealloc/framealloc"); ok && !strings.HasSuffix(f.File, "_test.go") {
		user := strings.HasPrefix(rest, "/examples/") || strings.HasPrefix(rest, "/cmd/") || strings.HasPrefix(rest, "/bench/")
		if !user && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/")) {
			return libraryLayer
		}
	}
	if standard(f) {
		return standardLayer
	}
	return userLayer
}

// standardRoot is the directory of the standard library's source in this program,
// "" in one that was built with -trimpath.
var standardRoot = sync.OnceValue(func() string {
	pc := reflect.ValueOf(runtime.GC).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	root, _, _ := strings.Cut(file, "runtime/mgc.go")
	return root
})

// userModules are the paths of the modules that the program was built from.
var userModules = sync.OnceValue(func() []string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	paths := []string{info.Main.Path}
	for _, m := range info.Deps {
		paths = append(paths, m.Path)
	}
	return paths
})

// standard reports whether f is of the standard library.
func standard(f runtime.Frame) bool {
	if root := standardRoot(); root != "" {
		return strings.HasPrefix(f.File, root)
	}
	first, _, _ := strings.Cut(f.Function, "/")
	if strings.Contains(first, ".") && strings.Contains(f.Function, "/") || strings.HasPrefix(f.Function, "main.") {
		return false
	}
	for _, m := range userModules() {
		if rest, ok := strings.CutPrefix(f.Function, m); m != "" && ok && rest != "" && strings.ContainsRune("./", rune(rest[0])) {
			return false
		}
	}
	return true
}

// causes name what the compiler calls the runtime for, by the beginning of the
// runtime function's name.
var causes = []struct{ prefix, cause, instead string }{
	{"runtime.growslice", "append", "framealloc.Append, or NewVec with a capacity"},
	{"runtime.makeslice", "make", "framealloc.Slice"},
	{"runtime.concat", "strings put together", "framealloc.NewText"},
	{"runtime.slicebytetostring", "conversion to string", "framealloc.String, or Text.String without a copy"},
	{"runtime.stringtoslice", "conversion to slice", "framealloc.Append on a byte slice of the frame"},
	{"runtime.slicerunetostring", "conversion to string", "framealloc.NewText and its Rune"},
	{"runtime.intstring", "conversion to string", "framealloc.NewText and its Rune"},
	{"runtime.convT", "value in an interface", "a pointer, or a function that takes the type itself"},
	{"runtime.mapassign", "map", "framealloc.NewMap, or a map that is kept and cleared"},
	{"runtime.makemap", "map", "framealloc.NewMap, or a map that is kept and cleared"},
	{"internal/runtime/maps.", "map", "framealloc.NewMap, or a map that is kept and cleared"},
	{"runtime.makechan", "channel", "a channel that is kept"},
	{"runtime.newproc", "go statement", "goroutines that are kept, or framealloc.Parallel"},
	{"runtime.deferproc", "defer in a loop", "a function of its own for the loop's body"},
}

var (
	newOf       = regexp.MustCompile(`\bnew\(([^()]+)\)`)
	compositeOf = regexp.MustCompile(`&((?:\[[^\]]*\])*[\w.]+(?:\[[^\]]*\])?)\{`)
	makeOf      = regexp.MustCompile(`\bmake\(((?:[^(),]|\([^()]*\))+)`)
)

// causeOf names what the source does, for a call of the runtime's function inner.
func causeOf(inner, source string) (cause, typ, instead string) {
	for _, c := range causes {
		if strings.HasPrefix(inner, c.prefix) {
			if c.cause == "make" || c.cause == "map" || c.cause == "channel" {
				if m := makeOf.FindStringSubmatch(source); m != nil {
					typ = strings.TrimSpace(m[1])
				}
			}
			if strings.Contains(source, "fmt.") { // what it is converted for
				return c.cause, typ, "framealloc.NewText, which takes numbers as numbers"
			}
			return c.cause, typ, c.instead
		}
	}
	if !strings.HasPrefix(inner, "runtime.newobject") && inner != "runtime.mallocgc" {
		return "allocation", "", "frame memory, or a pool"
	}
	if m := newOf.FindStringSubmatch(source); m != nil {
		return "new", m[1], "framealloc.New"
	}
	if m := compositeOf.FindStringSubmatch(source); m != nil {
		return "composite literal", m[1], "framealloc.NewValue"
	}
	if strings.Contains(source, "func(") {
		return "closure", "", "a method, or a function that is made once"
	}
	if strings.Contains(source, "[]") && strings.Contains(source, "{") {
		return "slice literal", "", "framealloc.Append"
	}
	return "variable that escapes", "", "framealloc.New, or a value that does not leave the function"
}

// insteadOfCall suggests what to call instead of a function of the standard
// library.
func insteadOfCall(function string) string {
	switch pkg, _, _ := strings.Cut(function, "."); pkg {
	case "fmt", "strconv", "strings":
		return "framealloc.NewText"
	case "bytes", "bufio", "io":
		return "framealloc.NewBuffer"
	case "sort":
		return "slices.SortFunc"
	case "slices", "maps":
		return "the function of the package that works in place, on framealloc.Slice"
	case "time":
		return "a timer that is kept, or Text.Time"
	case "errors":
		return "an error that is made once"
	}
	return "a form of it that takes memory from the caller"
}

// ownCause says why framealloc allocated.
func ownCause(stack []string) (cause, instead string) {
	for _, f := range stack {
		switch name := f[strings.LastIndexByte(f, '/')+1:]; {
		case strings.HasPrefix(name, "framealloc.Heap"), strings.HasPrefix(name, "framealloc.TryHeap"):
			return "heap intent", ""
		case strings.HasPrefix(name, "arena.spill"):
			return "spilled by a budget's policy", "a larger budget"
		case strings.Contains(name, "addChunk"), strings.Contains(name, "newBlock"), strings.Contains(name, "mergeChunks"):
			return "frame memory grows", "framealloc.Reserve"
		case strings.Contains(name, "(*pool)"), strings.Contains(name, "getSlow"):
			return "pool grows", ""
		}
	}
	for _, f := range stack {
		if strings.HasPrefix(f, "github.com/framealloc/framealloc") {
			return path.Base(f) + " of framealloc's", ""
		}
	}
	return "framealloc", ""
}

// sourceFiles are source files by lines, read when first needed.
type sourceFiles map[string][]string

// line returns a line's text, "" where the source cannot be read.
func (s sourceFiles) line(file string, n int) string {
	lines, known := s[file]
	if !known {
		if text, err := os.ReadFile(file); err == nil {
			lines = strings.Split(string(text), "\n")
		}
		s[file] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return lines[n-1]
}
