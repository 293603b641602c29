// Package vettool makes the command a tool of go vet and go fix.
//
// The go command runs such a tool once for each package, with the name of a
// file that describes it, and caches what it prints under a key that includes
// what the tool answers to -V=full. The answer here includes the project's
// configuration, so that a changed configuration is seen.
package vettool

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/policy"
	"github.com/framealloc/framealloc/fa/internal/wrap"
)

// Invoked reports whether the arguments are those that the go command gives a
// tool, not those of a person.
func Invoked(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return strings.HasSuffix(last, ".cfg") && !strings.HasPrefix(last, "-") && !slices.Contains(args, "--config") ||
		len(args) == 1 && (last == "-V=full" || last == "-flags")
}

// Main answers the go command. It does not return.
func Main(args []string, analyzers func(*config.Config) []*analysis.Analyzer) {
	dir, err := os.Getwd()
	if err != nil {
		fail(err)
	}
	path := config.Find(dir)
	if args[0] == "-V=full" {
		id, err := buildID(path)
		if err != nil {
			fail(err)
		}
		fmt.Printf("%s version devel fa buildID=%s\n", filepath.Base(os.Args[0]), id)
		os.Exit(0)
	}
	c := new(config.Config)
	if path != "" && args[0] != "-flags" { // go vet hides what -flags complains of
		if c, err = config.Read(path); err != nil {
			fail(err)
		}
	}
	p := &policy.Policy{Config: c, ConfigDir: c.Dir(dir)}
	if c.MinSeverity == "" {
		// go vet fails on whatever is printed, so advice stays unsaid.
		p.MinSeverity = diag.SeverityWarning
	}
	unitchecker.Main(wrap.Analyzers(analyzers(c), p)...)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "fa:", err)
	os.Exit(2)
}

// buildID identifies this binary together with a configuration file.
func buildID(configFile string) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range []string{exe, configFile} {
		if name == "" {
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "\x00%s\x00", configFile)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:20]), nil
}
