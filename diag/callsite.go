package diag

import (
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// CallerPC returns the program counter of the innermost call on the calling
// goroutine's stack that lies in the user's program, outside the library and
// the runtime: the line that a diagnostic is about. It returns 0 if there is
// none. After the first call from a place it does not allocate.
//
// The result is a return address, as in [runtime.Callers]; give it to
// [Diagnostic.PC].
func CallerPC() uintptr {
	var pcs [16]uintptr
	skip := 2 // runtime.Callers, CallerPC
	for {
		n := runtime.Callers(skip, pcs[:])
		for _, pc := range pcs[:n] {
			if !placeOf(pc).library {
				return pc
			}
		}
		if n < len(pcs) {
			return 0
		}
		skip += n
	}
}

// place is what is known of a program counter.
type place struct {
	library bool   // in the library, not in the user's program
	site    string // "dir/file.go:12", or ""
}

// places remembers program counters, since looking one up allocates. It cannot
// outgrow the program: one key for each call that ever led to a diagnostic.
var places = struct {
	sync.RWMutex
	of map[uintptr]place
}{}

func placeOf(pc uintptr) place {
	places.RLock()
	p, known := places.of[pc]
	places.RUnlock()
	if known {
		return p
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	p = place{library: isLibrary(f.Function, f.File), site: shortSite(f.File, f.Line)}
	places.Lock()
	defer places.Unlock()
	if places.of == nil {
		places.of = make(map[uintptr]place)
	}
	places.of[pc] = p
	return p
}

const modulePath = "github.com/framealloc/framealloc"

// isLibrary reports whether a function is part of the library, or of the
// runtime underneath it, and not of a user's program. The library's tests,
// examples and commands are users.
func isLibrary(function, file string) bool {
	if rest, ok := strings.CutPrefix(function, modulePath); ok {
		if strings.HasSuffix(file, "_test.go") {
			return false
		}
		for _, user := range [...]string{"/examples/", "/cmd/", "/bench/"} {
			if strings.HasPrefix(rest, user) {
				return false
			}
		}
		return strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/")
	}
	for _, std := range [...]string{"runtime.", "runtime/", "internal/", "sync.", "sync/", "reflect."} {
		if strings.HasPrefix(function, std) {
			return true
		}
	}
	return function == ""
}

// siteOf returns "dir/file.go:12" for a program counter, or "".
func siteOf(pc uintptr) string {
	if pc == 0 {
		return ""
	}
	return placeOf(pc).site
}

// shortSite leaves the last directory of a path: enough to find the file, and
// the same on every machine.
func shortSite(file string, line int) string {
	if file == "" {
		return ""
	}
	dir, short := path.Split(file)
	if dir = path.Base(dir); dir != "." && dir != "/" {
		short = dir + "/" + short
	}
	return short + ":" + strconv.Itoa(line)
}
