package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/load"
	"github.com/framealloc/framealloc/fa/internal/report"
)

// session is a run that is ready to go: flags and configuration together.
type session struct {
	dir      string // the working directory
	root     string // the top of the repository or module
	config   *config.Config
	job      driver.Job
	baseline string // file, "" for none
	formats  []string
	color    string
	failFast bool
	whole    bool // the run looks at everything, so what it misses is gone
}

// prepare reads the configuration and joins it with the flags.
func (t *Tool) prepare(o *options, patterns []string) (*session, error) {
	dir, err := workingDir()
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	c, err := readConfig(o.config, dir)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	if err := checkPatterns(patterns); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	s := &session{
		dir:      dir,
		root:     findRoot(dir),
		config:   c,
		color:    o.color,
		failFast: o.failFast || c.FailFast,
		whole:    len(o.only)+len(o.skip)+len(o.categories) == 0 && len(patterns) == 1 && patterns[0] == "./...",
	}
	p, err := o.policy(c, s.root, dir)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	s.job = driver.Job{
		Load: load.Options{
			Dir:      dir,
			Patterns: patterns,
			Tags:     o.tags,
			Tests:    o.tests || c.Tests,
		},
		Policy:    p,
		Analyzers: t.Analyzers(c),
		Root:      s.root,
	}
	if len(o.tags) == 0 {
		s.job.Load.Tags = c.BuildTags
	}
	s.baseline = o.baselineFile(c, dir)
	s.formats = o.formats
	if len(s.formats) == 0 {
		s.formats = c.Format
	}
	return s, nil
}

// baselineFile returns the baseline that a flag names, or the configuration that
// was found from dir, or "".
func (o *options) baselineFile(c *config.Config, dir string) string {
	if o.baseline == "" && c.Baseline != "" {
		return filepath.Join(c.Dir(dir), filepath.FromSlash(c.Baseline))
	}
	return o.baseline
}

// readConfig reads the configuration that a flag names, or the nearest one.
func readConfig(flag, dir string) (*config.Config, error) {
	path := flag
	switch flag {
	case noConfig:
		return new(config.Config), nil
	case "":
		if path = config.Find(dir); path == "" {
			return new(config.Config), nil
		}
	}
	return config.Read(path)
}

// checkPatterns catches a misspelt subcommand, which otherwise the go command
// would take for a package.
func checkPatterns(patterns []string) error {
	first := patterns[0]
	if strings.ContainsAny(first, "./\\@") {
		return nil
	}
	if _, err := os.Stat(first); err == nil {
		return nil
	}
	commands := []string{"baseline", "completion", "explain", "help", "init", "list", "lsp", "show", "version"}
	if best := codes.Closest(first, commands); best != "" {
		return fmt.Errorf("no package %q, did you mean fa %s?", first, best)
	}
	return nil
}

// findRoot returns the directory that a project's tools see paths from: the
// repository's, or the module's if there is none.
func findRoot(dir string) string {
	for _, marker := range []string{".git", "go.work", "go.mod"} {
		for d := dir; ; d = filepath.Dir(d) {
			if _, err := os.Stat(filepath.Join(d, marker)); err == nil {
				return d
			}
			if d == filepath.Dir(d) {
				break
			}
		}
	}
	return dir
}

// target is a report that is to be written.
type target struct {
	format report.Format
	path   string // "": standard output
	style  report.Style
}

// targets resolves the formats of a run.
func (s *session) targets(o *options) ([]target, error) {
	formats := s.formats
	if len(formats) == 0 {
		formats = []string{"terminal"}
	}
	style, err := terminalStyle(o.color)
	if err != nil {
		return nil, err
	}
	var all []target
	taken := make(map[string]string)
	for _, spec := range formats {
		name, path, _ := strings.Cut(spec, "=")
		format, err := report.Lookup(name)
		if err != nil {
			return nil, err
		}
		if path == "-" {
			path = ""
		}
		if other, ok := taken[path]; ok {
			where := path
			if where == "" {
				where = "standard output"
			}
			return nil, fmt.Errorf("formats %s and %s both go to %s: write one to a file, as %s=FILE", other, name, where, name)
		}
		taken[path] = name
		tg := target{format: format, path: path}
		if path == "" {
			tg.style = style
		}
		all = append(all, tg)
	}
	return all, nil
}

// write writes the report to its file or to standard output.
func (t *target) write(rep *report.Report, stdout io.Writer) error {
	if t.path == "" {
		return t.format.Write(stdout, rep, t.style)
	}
	f, err := os.Create(t.path)
	if err != nil {
		return err
	}
	return errors.Join(t.format.Write(f, rep, t.style), f.Close())
}

// terminalStyle asks the terminal, and the variables that people set to
// overrule it, whether to use color.
func terminalStyle(color string) (report.Style, error) {
	fd := int(os.Stdout.Fd())
	tty := term.IsTerminal(fd)
	var s report.Style
	switch color {
	case "always":
		s.Color = true
	case "never":
	case "auto":
		switch {
		case os.Getenv("NO_COLOR") != "":
		case os.Getenv("CLICOLOR_FORCE") != "" && os.Getenv("CLICOLOR_FORCE") != "0":
			s.Color = true
		default:
			s.Color = tty && os.Getenv("TERM") != "dumb"
		}
	default:
		return s, fmt.Errorf("--color: %q is neither auto, always nor never", color)
	}
	if tty {
		if width, _, err := term.GetSize(fd); err == nil {
			s.Width = width
		}
	}
	return s, nil
}
