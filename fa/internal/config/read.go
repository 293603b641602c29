package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	pathpkg "path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/settings"
)

// Error is a mistake in a configuration file.
type Error struct {
	File    string
	Line    int // from 1; 0: the file as a whole
	Message string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// Read reads a configuration file. Its errors are of type [*Error], joined if
// there are several.
func Read(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, &Error{File: path, Message: "cannot be read: " + err.Error()}
	}
	return Parse(path, data)
}

// Parse reads a configuration from memory; path is what errors call it.
func Parse(path string, data []byte) (*Config, error) {
	c := new(Config)
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		return nil, decodeError(path, err)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &Error{File: path, Message: err.Error()}
	}
	c.File = abs
	v := validator{file: path, at: lines(data)}
	v.config(c)
	if err := errors.Join(v.errs...); err != nil {
		return nil, err
	}
	return c, nil
}

func decodeError(path string, err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) {
		var errs []error
		for _, e := range missing.Errors {
			line, _ := e.Position()
			errs = append(errs, &Error{path, line, unknownKey(e.Key())})
		}
		return errors.Join(errs...)
	}
	var de *toml.DecodeError
	if errors.As(err, &de) {
		line, _ := de.Position()
		return &Error{path, line, strings.TrimPrefix(de.Error(), "toml: ")}
	}
	return &Error{File: path, Message: err.Error()}
}

// validator collects what is wrong with values that decoded.
type validator struct {
	file string
	at   positions
	errs []error
}

func (v *validator) fail(key, format string, args ...any) {
	v.errs = append(v.errs, &Error{v.file, v.at.line(key), fmt.Sprintf(format, args...)})
}

func (v *validator) config(c *Config) {
	if _, ok := ParseSeverity(c.MinSeverity); !ok && c.MinSeverity != "" {
		names := []string{"hint", "warning", "error"}
		v.fail("min-severity", "unknown severity %q%s (hint, warning or error)", c.MinSeverity, codes.DidYouMean(c.MinSeverity, names))
	}
	v.globs("exclude", c.Exclude)
	v.levels("levels", c.Levels)
	for i, p := range c.Paths {
		key := fmt.Sprintf("paths[%d]", i)
		if len(p.Match) == 0 {
			v.fail(key, "a [[paths]] rule needs match = [\"glob\", …]")
		}
		v.globs(key+".match", p.Match)
		v.levels(key+".levels", p.Levels)
	}
	for tag, packages := range c.Tags.Packages {
		v.packages("tags.packages."+tag, packages)
	}
	for i, r := range c.Intents {
		v.intents(fmt.Sprintf("intents[%d]", i), r)
	}
	if n := c.Thresholds.LoopTurns; n != nil && *n < 1 {
		v.fail("thresholds.loop-turns", "loop-turns must be at least 1")
	}
	if n := c.Thresholds.FramesInFlight; n < 0 || n > 3 {
		v.fail("thresholds.frames-in-flight", "frames-in-flight must be 0 to 3")
	}
}

func (v *validator) intents(key string, r IntentRule) {
	if len(r.Packages) == 0 {
		v.fail(key, "an [[intents]] rule needs packages = [\"pattern\", …]")
	}
	v.packages(key+".packages", r.Packages)
	for _, name := range r.Allow {
		if known := settings.Intents(); !slices.Contains(known, name) {
			v.fail(key+".allow", "unknown intent %q%s (%s)", name, codes.DidYouMean(name, known), strings.Join(known, ", "))
		}
	}
}

func (v *validator) packages(key string, patterns []string) {
	for _, p := range patterns {
		if _, err := pathpkg.Match(p, ""); err != nil || p == "" {
			v.fail(key, "bad package pattern %q", p)
		}
	}
}

func (v *validator) levels(key string, ls Levels) {
	for selector, name := range ls {
		k := key + "." + selector
		if _, err := codes.Select(selector); err != nil {
			v.fail(k, "%v", err)
		}
		if _, ok := ParseLevel(name); !ok {
			v.fail(k, "unknown level %q%s (allow, hint, warn or deny)", name, codes.DidYouMean(name, levelNames[Allow:]))
		}
	}
}

func (v *validator) globs(key string, globs []string) {
	if err := CheckGlobs(globs); err != nil {
		v.fail(key, "%v", err)
	}
}
