package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/report"
)

func TestExplainCommand(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	for e := range diag.All() {
		if o := fa("explain", strings.ToLower(string(e.Code))); o.code != 0 || !strings.Contains(o.stdout, e.Name) {
			t.Errorf("%s: %+v", e.Code, o)
		}
	}
	if o := fa("explain", "601", "FA606"); o.code != 0 || !strings.Contains(o.stdout, "FA601: ") || !strings.Contains(o.stdout, "\nFA606: ") {
		t.Errorf("two codes: %+v", o)
	}
	if o := fa("explain", "FA666"); o.code != 2 || !strings.Contains(o.stderr, `unknown code "FA666", did you mean "FA60`) {
		t.Errorf("%+v", o)
	}
	if o := fa("explain"); o.code != 2 {
		t.Errorf("without a code: %+v", o)
	}
	if o := fa("explain", "FA601", "--color=always"); !strings.Contains(o.stdout, "\x1b[") {
		t.Error("no color")
	}
}

func TestListCommand(t *testing.T) {
	o := fa("list")
	for _, e := range codes.All() {
		if !strings.Contains(o.stdout, "  "+string(e.Code)+"  ") {
			t.Errorf("%s is not listed", e.Code)
		}
	}
	for _, c := range codes.Categories() {
		for _, name := range append(c.Aliases, c.Flag, string(c.Category)) {
			got := fa("list", "--category", name)
			if got.code != 0 || !strings.HasPrefix(got.stdout, "--"+c.Flag) || strings.Contains(got.stdout, "\n\n") {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
	if o := fa("list", "--category=lifetme"); o.code != 2 || !strings.Contains(o.stderr, `did you mean "lifetime"?`) {
		t.Errorf("%+v", o)
	}
}

func TestShowCommand(t *testing.T) {
	module(t, library, game)
	o := fa("show", "game.go")
	for _, want := range []string{"14 | }", "^^^^^^^^^^^^ error[FA601]", "- FA601, step 1: allocated here"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("no %q in\n%s", want, o.stdout)
		}
	}
	if o.code != 1 || strings.Contains(o.stdout, "tools") {
		t.Errorf("%+v", o)
	}
	if o := fa("show", "game_test.go", "--color=always"); !strings.Contains(o.stdout, "error[FA601]") || !strings.Contains(o.stdout, "\x1b[") {
		t.Errorf("%+v", o)
	}
}

// What init writes loads, as it is and with every key switched on.
func TestInitCommand(t *testing.T) {
	module(t, library, game)
	if o := fa("init"); o.code != 0 {
		t.Fatalf("%+v", o)
	}
	if o := fa("--format=compact"); o.code != 1 || o.stderr != "" {
		t.Errorf("with the new file: %+v", o)
	}
	if o := fa("init"); o.code != 2 || !strings.Contains(o.stderr, "--force") {
		t.Errorf("a second time: %+v", o)
	}
	write(t, config.Name, "broken")
	if o := fa("init", "--force"); o.code != 0 || read(t, config.Name) != config.Template() {
		t.Errorf("by force: %+v", o)
	}
	var all []string
	for line := range strings.SplitSeq(config.Template(), "\n") {
		if rest, ok := strings.CutPrefix(line, "# "); ok && (strings.Contains(rest, " = ") || strings.HasPrefix(rest, "[")) {
			line = rest
		}
		all = append(all, line)
	}
	c, err := config.Parse(config.Name, []byte(strings.Join(all, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Paths) != 1 || len(c.Levels) != 2 || len(c.Format) != 2 || c.Baseline == "" || len(c.Intents) != 1 || c.Thresholds.LoopTurns == nil {
		t.Errorf("%+v", c)
	}
	for _, key := range config.Keys() {
		name := key[strings.LastIndex(key, ".")+1:]
		if !strings.Contains(config.Template(), name+" =") && !strings.Contains(config.Template(), name+"]") {
			t.Errorf("the template does not mention %s", key)
		}
	}
}

func TestVersionCommand(t *testing.T) {
	if o := fa("version"); o.code != 0 || !strings.HasPrefix(o.stdout, "fa ") || !strings.Contains(o.stdout, " go1.") {
		t.Errorf("%+v", o)
	}
}

// Shells get scripts, and values where there is a choice.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if o := fa("completion", shell); o.code != 0 || len(o.stdout) < 500 {
			t.Errorf("%s: %d, %s", shell, o.code, o.stderr)
		}
	}
	for args, want := range map[string]string{
		"--format ":            "sarif",
		"--deny ":              "FA601\t",
		"--only FA":            "FA201\t",
		"--min-severity ":      "warning",
		"--color ":             "always",
		"explain ":             "FA601\t",
		"list --category ":     "architecture",
		"expl":                 "explain\t",
		"--new":                "--new-from",
		"baseline --min-sever": "--min-severity",
	} {
		if o := fa(append([]string{"__complete"}, strings.Split(args, " ")...)...); !strings.Contains(o.stdout, want) {
			t.Errorf("%q offers no %q:\n%s", args, want, o.stdout)
		}
	}
}

// Every format writes something of its own, to a file as well as to standard
// output, and several at once.
func TestFormats(t *testing.T) {
	module(t, library, game)
	seen := make(map[string]string)
	args := []string{"--format", "compact"}
	for _, f := range report.Formats() {
		o := fa("--format", f.Name)
		if other, ok := seen[o.stdout]; ok || o.stdout == "" || o.code != 1 {
			t.Errorf("%s is like %s: %+v", f.Name, other, o)
		}
		seen[o.stdout] = f.Name
		args = append(args, "-f", f.Name+"=out."+f.Name)
	}
	if o := fa(args...); seen[o.stdout] != "compact" {
		t.Errorf("%+v", o)
	}
	for _, f := range report.Formats() {
		if info, err := os.Stat("out." + f.Name); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// The help names every flag and command.
func TestHelp(t *testing.T) {
	o := fa("--help")
	for _, want := range []string{"--dirtymem", "--new-from revision", "explain", "completion", "Exit codes:", "name=file"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("no %q in\n%s", want, o.stdout)
		}
	}
}
