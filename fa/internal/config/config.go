// Package config reads .fa.toml: the levels, rules and thresholds that a
// project has agreed on.
package config

import (
	"os"
	"path/filepath"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/fa/internal/codes"
)

// Name is the file's name. It is looked for in the working directory and above.
const Name = ".fa.toml"

// Config is the content of a configuration file. The zero value means that
// everything is as the catalogue says. Globs are relative to the directory of
// the file, with slashes; ** matches any number of directories, and a glob
// that matches a directory matches everything below it.
type Config struct {
	// File is the path that the configuration was read from, "" if there is none.
	File string `toml:"-"`

	MinSeverity  string   `toml:"min-severity"`  // "hint", "warning" or "error"
	DenyWarnings bool     `toml:"deny-warnings"` // warnings fail the run, too
	FailFast     bool     `toml:"fail-fast"`     // stop at the first finding that fails the run
	Exclude      []string `toml:"exclude"`       // globs of files that are not reported on
	Tests        bool     `toml:"tests"`         // analyze tests, too
	BuildTags    []string `toml:"build-tags"`    // as for go build -tags
	Format       []string `toml:"format"`        // as for --format
	Baseline     string   `toml:"baseline"`      // file of findings that are accepted

	Blocking []string `toml:"blocking"` // further functions that wait, for FA701 and FA702

	Levels     Levels       `toml:"levels"` // by code, prefix or category
	Paths      []PathRule   `toml:"paths"`  // levels for parts of the program
	Tags       Tags         `toml:"tags"`
	Budgets    Budgets      `toml:"budgets"`
	Intents    []IntentRule `toml:"intents"`
	Thresholds Thresholds   `toml:"thresholds"`
}

// Tags are the project's rules about tags. A tag stands for itself and for
// those below it: "ai" for "ai/path".
type Tags struct {
	Known    []string            `toml:"known"`    // empty: any (FA802)
	Packages map[string][]string `toml:"packages"` // who may use a tag (FA801)
}

// Budgets are the project's rules about budgets.
type Budgets struct {
	Required  bool     `toml:"required"`  // for every tag and worker (FA302, FA203)
	Elsewhere []string `toml:"elsewhere"` // tags whose budget the code does not show
}

// IntentRule names the ways to allocate that some packages may use (FA803).
type IntentRule struct {
	Packages []string `toml:"packages"`
	Allow    []string `toml:"allow"`
}

// Thresholds are numbers that checks compare with.
type Thresholds struct {
	LoopTurns      *int `toml:"loop-turns"`       // from which a loop is hot (FA602)
	FramesInFlight int  `toml:"frames-in-flight"` // as in the library's Config
}

// PathRule changes levels in the files that one of its globs matches. Of two
// rules that match a file, the later one wins.
type PathRule struct {
	Match  []string `toml:"match"`
	Levels Levels   `toml:"levels"`
}

// Levels maps selectors, as [codes.Select] takes them, to the names of levels.
type Levels map[string]string

// Level says what becomes of the findings of a code.
type Level uint8

// The levels, by the names that a file uses.
const (
	Default Level = iota // as the catalogue says
	Allow                // "allow": not reported
	Hint                 // "hint"
	Warn                 // "warn"
	Deny                 // "deny": an error
)

var levelNames = []string{Allow: "allow", Hint: "hint", Warn: "warn", Deny: "deny"}

// ParseLevel returns the level of a name.
func ParseLevel(name string) (Level, bool) {
	for l := Allow; l <= Deny; l++ {
		if name == levelNames[l] {
			return l, true
		}
	}
	return Default, false
}

// Severity returns the severity that a level gives a finding whose own is own.
func (l Level) Severity(own diag.Severity) diag.Severity {
	switch l {
	case Hint:
		return diag.SeverityHint
	case Warn:
		return diag.SeverityWarning
	case Deny:
		return diag.SeverityError
	}
	return own
}

// ParseSeverity returns the severity of a name.
func ParseSeverity(name string) (diag.Severity, bool) {
	for s := diag.SeverityHint; s <= diag.SeverityError; s++ {
		if name == s.String() {
			return s, true
		}
	}
	return 0, false
}

// For returns the level that applies to a code: the entry that names it most
// closely wins, so "FA601" goes before "FA6", "lifetime" and "all".
func (ls Levels) For(code diag.Code) Level {
	best, closest := Default, 0
	for selector, name := range ls {
		list, err := codes.Select(selector)
		if err != nil {
			continue // reported when the file was read
		}
		for _, c := range list {
			if c == code && (closest == 0 || len(list) < closest) {
				best, _ = ParseLevel(name)
				closest = len(list)
			}
		}
	}
	return best
}

// Dir returns the directory that the globs are relative to: the file's, or
// fallback if there is no file.
func (c *Config) Dir(fallback string) string {
	if c.File == "" {
		return fallback
	}
	return filepath.Dir(c.File)
}

// Find returns the path of the configuration that holds in dir: in dir itself
// or in the nearest directory above it, up to the root of the repository. It
// returns "" if there is none.
func Find(dir string) string {
	for {
		path := filepath.Join(dir, Name)
		if _, err := os.Lstat(path); err == nil { // whether it can be read is for Read to say
			return path
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return ""
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
