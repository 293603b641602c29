package framealloc

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// Modes is a set of debug modes: Modes values are combined with |. Each looks for
// one kind of mistake and costs nothing while it is off. See [Config.Modes] and
// [Allocator.SetModes].
type Modes uint16

// The debug modes, from the cheapest to the dearest.
const (
	// ModeDebug checks every allocation: the use of a frame from a goroutine
	// other than the one that began it (FA201), objects put into a pool twice or
	// into a foreign one (FA208). The pool of a type is checked for as long as it
	// exists if the mode was on when the type was first pooled.
	ModeDebug Modes = 1 << iota
	// ModePoison fills frame memory that was given back, and reports who wrote
	// to it since (FA606).
	ModePoison
	// ModeGuard makes frame memory that was given back inaccessible for some
	// frames, so that a use panics on the spot (FA606).
	ModeGuard
	// ModeEscape reports what is still referred to after its frame (FA601).
	ModeEscape
	// ModeGarbage reports heap allocations that are made during frames (FA531).
	ModeGarbage
	// ModeLeaks reports objects that were never given back (FA609): pools take their
	// slow path and book each object. Switch it on before they are used.
	ModeLeaks

	allModes Modes = 1<<iota - 1
)

// modeNames are the modes' names by bit.
var modeNames = [...]string{"debug", "poison", "guard", "escape", "garbage", "leaks"}

// String returns the modes as [ParseModes] reads them: "debug,guard", or "none".
func (m Modes) String() string {
	if m == 0 {
		return "none"
	}
	var names []string
	for i, name := range modeNames {
		if m&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if rest := m &^ allModes; rest != 0 {
		names = append(names, fmt.Sprintf("Modes(%#x)", uint16(rest)))
	}
	return strings.Join(names, ",")
}

// ParseModes reads a set of modes: names in any case, separated by commas or
// spaces, such as "debug,guard". "all" stands for all of them, "none" and the
// empty string for none. An unknown name is an error that lists those there are;
// the modes that were understood are returned with it.
func ParseModes(s string) (Modes, error) {
	var m Modes
	var unknown []string
words:
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		switch low := strings.ToLower(word); low {
		case "none":
		case "all":
			m |= allModes
		default:
			for i, name := range modeNames {
				if low == name {
					m |= 1 << i
					continue words
				}
			}
			unknown = append(unknown, fmt.Sprintf("%q", word))
		}
	}
	if len(unknown) > 0 {
		return m, fmt.Errorf("framealloc: unknown debug mode %s: want some of %s, separated by commas, or all or none",
			strings.Join(unknown, " and "), strings.Join(modeNames[:], ", "))
	}
	return m, nil
}

// Modes returns the debug modes that are on, or will be with each worker's next
// frame. It may be called from any goroutine.
func (a *Allocator) Modes() Modes { return a.settings.Load().modes }

// SetModes replaces the set of debug modes that are on, those from [Config.Modes]
// and the environment included. Each worker changes over when its next frame
// begins. It may be called from any goroutine.
func (a *Allocator) SetModes(m Modes) {
	m = a.possible(m & allModes)
	a.change(func(s *settings) {
		s.modes = m
		a.leaks.switchTo(m&ModeLeaks != 0)
	})
}

// possible drops, and reports, what the platform cannot do.
func (a *Allocator) possible(m Modes) Modes {
	if m&ModeGuard != 0 && !guard.Supported {
		m &^= ModeGuard
		a.reporter.Report(diag.Diagnostic{
			Severity: diag.SeverityWarning, PC: diag.CallerPC(),
			Message: "guard mode stays off: " + runtime.GOOS + "/" + runtime.GOARCH + " cannot protect pages",
			Help:    "use poison mode here, which finds writes, and guard mode on Linux, macOS, BSD or Windows",
		})
	}
	return m
}

// ModesVariable is the environment variable in which every new allocator looks
// for debug modes, in the form of [ParseModes], besides those of its Config:
//
//	FRAMEALLOC=debug,poison ./game
const ModesVariable = "FRAMEALLOC"

// initialModes are those of the configuration and the environment. A mistake in
// the environment is reported and otherwise ignored.
func (a *Allocator) initialModes() Modes {
	m := a.config.Modes
	if a.config.Debug {
		m |= ModeDebug
	}
	env, err := ParseModes(os.Getenv(ModesVariable))
	if err != nil {
		a.reporter.Report(diag.Diagnostic{
			Severity: diag.SeverityWarning, PC: diag.CallerPC(),
			Message: fmt.Sprintf("the environment variable %s is %q: %s", ModesVariable, os.Getenv(ModesVariable),
				strings.TrimPrefix(err.Error(), "framealloc: ")),
			Note: fmt.Sprintf("modes that are on: %v", m|env),
		})
	}
	return a.possible(m | env)
}
