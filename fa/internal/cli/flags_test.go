package cli_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/framealloc/framealloc/fa/internal/cli"
)

// Every flag of fa changes what a run says or does. The table names how; a
// flag without an entry fails the test.
func TestEveryFlagHasAnEffect(t *testing.T) {
	const base = "game.go:9:2: error: FA601: frame memory is stored in sink\n" +
		"game.go:11:7: hint: FA602: allocation in a hot loop\n" +
		"game.go:13:6: warning: FA607: heap allocation in a hot path\n" +
		"tools/tools.go:7:35: error: FA601: frame memory is stored in sink\n"
	lines := strings.SplitAfter(base, "\n")
	updated, hint, warning, tools := lines[0], lines[1], lines[2], lines[3]

	tests := map[string]struct {
		args  []string
		setup func(t *testing.T)
		want  string // on standard output, in the compact format
		code  int
		check func(t *testing.T, o outcome)
	}{
		"lifetime":     {args: []string{"--lifetime"}, want: base, code: 1},
		"dirtymem":     {args: []string{"--dirtymem"}, want: base, code: 1},
		"threading":    {args: []string{"--threading"}},
		"budgets":      {args: []string{"--budgets"}},
		"async":        {args: []string{"--async"}},
		"async-safety": {args: []string{"--async-safety"}},
		"architecture": {args: []string{"--architecture"}},
		"all":          {args: []string{"--threading", "--all"}, want: base, code: 1},
		"deny":         {args: []string{"--deny", "FA607"}, want: updated + hint + strings.Replace(warning, "warning", "error", 1) + tools, code: 1},
		"allow":        {args: []string{"-D", "all", "--allow", "FA601,602,607"}},
		"only":         {args: []string{"--only", "FA607"}, want: warning},
		"skip":         {args: []string{"--skip", "lifetime"}},
		"min-severity": {args: []string{"--min-severity", "warning"}, want: updated + warning + tools, code: 1},
		"deny-warnings": {args: []string{"--only=607", "--deny-warnings"},
			want: strings.Replace(warning, "warning", "error", 1), code: 1},
		"exclude":   {args: []string{"--exclude", "tools/**"}, want: updated + hint + warning, code: 1},
		"fail-fast": {args: []string{"--fail-fast"}, want: updated, code: 1},
		"tests":     {args: []string{"--tests", "--exclude=tools"}, want: updated + hint + warning + "game_test.go:6:2: error: FA601: frame memory is stored in sink\n", code: 1},
		"tags":      {args: []string{"--tags", "debug", "--exclude=tools,game.go"}, want: "debug.go:5:16: error: FA601: frame memory is stored in sink\n", code: 1},
		"format": {args: []string{"--format", "github", "--only=607"},
			want: "::warning file=game.go,line=13,endLine=13,col=6,endColumn=20,title=FA607%3A heap allocation in a frame's hot path::heap allocation in a hot path\n"},
		"color": {args: []string{"--format", "terminal", "--only=607", "--color=always"}, check: func(t *testing.T, o outcome) {
			if !strings.Contains(o.stdout, "\x1b[") {
				t.Errorf("no color in %q", o.stdout)
			}
		}},
		"config": {args: []string{"--config", "strict.toml", "--only=607"}, want: strings.Replace(warning, "warning", "error", 1), code: 1,
			setup: func(t *testing.T) { write(t, "strict.toml", "deny-warnings = true\n") }},
		"baseline": {args: []string{"--baseline", "accepted.json"}, setup: func(t *testing.T) {
			if o := fa("baseline", "--baseline", "accepted.json"); o.code != 0 {
				t.Fatal(o)
			}
		}},
		"new-from": {args: []string{"--new-from", "HEAD"}, want: "game.go:10:2: error: FA601: frame memory is stored in sink\n", code: 1,
			setup: func(t *testing.T) {
				git(t, "init", "-q")
				git(t, "add", ".")
				git(t, "commit", "-qm", "all")
				write(t, "game.go", strings.Replace(game["game.go"], "sink = enemy", "sink = enemy\n\tsink = enemy", 1))
			}},
		"fix": {args: []string{"--fix"}, want: updated + warning + tools, code: 1, check: func(t *testing.T, _ outcome) {
			if got := read(t, "game.go"); got != strings.Replace(game["game.go"], "_ = framealloc.New(", "_ = framealloc.NewValue(", 1) {
				t.Errorf("game.go was fixed to:\n%s", got)
			}
		}},
		"dry-run": {args: []string{"--dry-run"}, code: 1, check: func(t *testing.T, o outcome) {
			want := "+\t\t_ = framealloc.NewValue(f)\n"
			if !strings.HasPrefix(o.stdout, "--- a/game.go\n+++ b/game.go\n") || !strings.Contains(o.stdout, want) {
				t.Errorf("want a diff with %q, got:\n%s", want, o.stdout)
			}
			if read(t, "game.go") != game["game.go"] {
				t.Error("a dry run changed the file")
			}
		}},
	}

	cli.VisitFlags(func(f *pflag.Flag) {
		if _, ok := tests[f.Name]; !ok && f.Name != "help" {
			t.Errorf("--%s is not in the table", f.Name)
		}
	})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			module(t, library, game)
			if o := fa("--format=compact"); o.code != 1 || o.stdout != base {
				t.Fatalf("without flags: %+v", o)
			}
			if test.setup != nil {
				test.setup(t)
			}
			args := test.args
			if name != "format" && name != "color" {
				args = append([]string{"--format=compact"}, args...)
			}
			o := fa(args...)
			if o.code != test.code {
				t.Errorf("exit code %d, want %d; standard error: %s", o.code, test.code, o.stderr)
			}
			if test.check != nil {
				test.check(t, o)
			}
			if (test.check == nil || test.want != "") && o.stdout != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", o.stdout, test.want)
			}
		})
	}
}

// The later one of --deny and --allow wins.
func TestOrderOfLevels(t *testing.T) {
	module(t, library, game)
	if o := fa("--format=compact", "--allow=all", "--deny=FA607"); o.stdout != "game.go:13:6: error: FA607: heap allocation in a hot path\n" || o.code != 1 {
		t.Errorf("%+v", o)
	}
	if o := fa("--format=compact", "--deny=FA607", "--allow=all"); o.stdout != "" || o.code != 0 {
		t.Errorf("%+v", o)
	}
}

func git(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
