package cli_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/config"
)

// Every flag of every subcommand changes what it says or does. The table names
// how; a flag without an entry fails the test.
func TestEveryCommandFlagHasAnEffect(t *testing.T) {
	strict := func(t *testing.T) { write(t, "strict.toml", "[levels]\nall = 'allow'\n") }
	accepted := func(t *testing.T) {
		if o := fa("baseline", "--baseline=accepted.json", "--only=FA607"); o.code != 0 {
			t.Fatal(o)
		}
	}
	// What baseline writes and show prints follows the flags that choose.
	choose := map[string]struct {
		args  []string
		setup func(t *testing.T)
	}{
		"lifetime":      {args: []string{"--threading", "--lifetime"}},
		"dirtymem":      {args: []string{"--threading", "--dirtymem"}},
		"threading":     {args: []string{"--threading"}},
		"budgets":       {args: []string{"--budgets"}},
		"async":         {args: []string{"--async"}},
		"async-safety":  {args: []string{"--async-safety"}},
		"architecture":  {args: []string{"--architecture"}},
		"all":           {args: []string{"--threading", "--all"}},
		"deny":          {args: []string{"--min-severity=error", "--deny=FA607"}},
		"allow":         {args: []string{"--allow=FA601"}},
		"only":          {args: []string{"--only=FA602"}},
		"skip":          {args: []string{"--skip=FA602"}},
		"min-severity":  {args: []string{"--min-severity=error"}},
		"deny-warnings": {args: []string{"--min-severity=error", "--deny-warnings"}},
		"exclude":       {args: []string{"--exclude=game.go"}},
		"baseline":      {args: []string{"--baseline=accepted.json"}, setup: accepted},
		"config":        {args: []string{"--config=strict.toml"}, setup: strict},
		"tags":          {args: []string{"--tags=debug"}},
		"tests":         {args: []string{"--tests"}},
	}
	// With these, the flag that is tested is the second one: what the first
	// one does alone is what it is compared with.
	second := map[string]bool{"lifetime": true, "dirtymem": true, "all": true, "deny": true, "deny-warnings": true}
	// These change something else than which findings there are in game.go.
	own := map[string]func(t *testing.T){
		"show tags": func(t *testing.T) {
			if with, without := fa("show", "--tags=debug", "debug.go"), fa("show", "debug.go"); with.stdout == without.stdout && with.stderr == without.stderr {
				t.Errorf("%+v", with)
			}
		},
		"show color": func(t *testing.T) {
			if o := fa("show", "--color=always", "game.go"); !strings.Contains(o.stdout, "\x1b[") {
				t.Errorf("%+v", o)
			}
		},
		"explain color": func(t *testing.T) {
			if o := fa("explain", "--color=always", "FA601"); !strings.Contains(o.stdout, "\x1b[") {
				t.Errorf("%+v", o)
			}
		},
		"list category": func(t *testing.T) {
			if with, without := fa("list", "--category=async"), fa("list"); with.stdout == without.stdout || with.code != 0 {
				t.Errorf("%+v", with)
			}
		},
		"init force": func(t *testing.T) {
			write(t, config.Name, "broken")
			if without, with := fa("init"), fa("init", "--force"); without.code != 2 || with.code != 0 {
				t.Errorf("%+v, %+v", without, with)
			}
		},
		"lsp stdio": func(t *testing.T) { // editors pass it, and there is nothing else
			if o := fa("lsp", "--stdio=true"); strings.Contains(o.stderr, "unknown flag") {
				t.Errorf("%+v", o)
			}
		},
	}

	seen := make(map[string]bool)
	cli.VisitCommandFlags(func(command string, f *pflag.Flag) {
		if f.Name == "help" || f.Name == "version" || f.Name == "no-descriptions" { // cobra's
			return
		}
		name := command + " " + f.Name
		if seen[name] {
			return
		}
		seen[name] = true
		if test, ok := own[name]; ok {
			t.Run(name, func(t *testing.T) {
				module(t, library, game)
				test(t)
			})
			return
		}
		test, ok := choose[f.Name]
		if !ok || command != "baseline" && command != "show" && command != "lsp" {
			t.Errorf("fa %s --%s is not in the table", command, f.Name)
			return
		}
		t.Run(name, func(t *testing.T) {
			dir := module(t, library, game)
			if test.setup != nil {
				test.setup(t)
			}
			run := func(args ...string) string {
				t.Helper()
				switch command {
				case "show":
					o := fa(append([]string{"show", "game.go"}, args...)...)
					return o.stdout
				case "lsp":
					return open(t, dir, args...)
				}
				file := config.Name + ".json"
				if f.Name == "baseline" {
					file = "other.json"
					args = []string{"--baseline", file}
				} else {
					args = append(args, "--baseline", file)
				}
				if o := fa(append([]string{"baseline"}, args...)...); o.code != 0 {
					t.Fatal(o)
				}
				return file + read(t, file)
			}
			var without []string
			if second[f.Name] {
				without = test.args[:1]
			}
			a := run(without...)
			if command == "baseline" && f.Name == "baseline" {
				a = ""
			}
			if b := run(test.args...); a == b {
				t.Errorf("with %q as with %q:\n%s", test.args, without, a)
			}
		})
	})
	for name := range own {
		if !seen[name] {
			t.Errorf("there is no fa %s", name)
		}
	}
}

// A file that an editor shows may be a test, so show and lsp look at tests
// without being told.
func TestShowsTests(t *testing.T) {
	dir := module(t, library, game)
	if o := fa("show", "game_test.go"); !strings.Contains(o.stdout, "error[FA601]") {
		t.Errorf("%+v", o)
	}
	if found := open(t, dir); !strings.Contains(found, "game_test.go:6: FA601 error") {
		t.Error(found)
	}
}

// The baseline of the configuration holds in the editor, too.
func TestOpenBaseline(t *testing.T) {
	dir := module(t, library, game)
	write(t, config.Name, "baseline = 'accepted.json'\ntests = true\n")
	if o := fa("baseline"); o.code != 0 {
		t.Fatal(o)
	}
	if found := open(t, dir); found != "" {
		t.Error(found)
	}
}

// open returns what an editor shows of the package in dir.
func open(t *testing.T, dir string, args ...string) string {
	t.Helper()
	found, err := (&cli.Tool{Analyzers: tinyAnalyzers}).Open(dir, args...)
	if err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	for _, f := range found {
		fmt.Fprintf(&list, "%s:%d: %s %s\n", filepath.Base(f.Range.File), f.Range.Start.Line, f.Code, f.Severity)
	}
	return list.String()
}
