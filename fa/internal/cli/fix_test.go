package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Fixed code compiles, keeps its permissions, and has nothing left to fix.
func TestFixedCodeCompiles(t *testing.T) {
	module(t, library, game)
	if err := os.Chmod("game.go", 0o600); err != nil {
		t.Fatal(err)
	}
	o := fa("--fix", "--only=FA602")
	if o.code != 0 || !strings.Contains(o.stderr, "fixed 1 finding in 1 file") || !strings.Contains(o.stdout, "no findings") {
		t.Errorf("%+v", o)
	}
	if out, err := exec.Command("go", "build", "./...").CombinedOutput(); err != nil {
		t.Errorf("%s", out)
	}
	if info, err := os.Stat("game.go"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(".fa-*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if o := fa("--fix", "--only=FA602"); o.code != 0 || !strings.Contains(o.stderr, "nothing to fix") {
		t.Errorf("a second time: %+v", o)
	}
}

// A fix that would break the program is not made; those in other packages are.
func TestFixThatDoesNotCompile(t *testing.T) {
	broken := "package broken\n\nimport \"github.com/framealloc/framealloc\"\n\nfunc broken(f *framealloc.Frame) {\n\tfor range 3 {\n\t\tframealloc.New(f)\n\t}\n}\n"
	module(t, library, game, map[string]string{"broken/broken.go": broken})
	o := fa("--fix", "--only=FA602", "--format=compact")
	if !strings.Contains(o.stderr, "the fixes in example.com/game/broken are left out") || !strings.Contains(o.stdout, "broken/broken.go:7:3: hint: FA602") {
		t.Errorf("%+v", o)
	}
	if read(t, "broken/broken.go") != broken {
		t.Error("the broken fix was made")
	}
	if !strings.Contains(read(t, "game.go"), "framealloc.NewValue(f)\n\t}") {
		t.Error("the good fix was not made")
	}
}

// A dry run's output is a patch.
func TestDryRunIsAPatch(t *testing.T) {
	module(t, library, game)
	o := fa("--dry-run", "--only=FA602", "--format", "json=report.json")
	git(t, "init", "-q")
	write(t, "fix.patch", o.stdout)
	git(t, "apply", "fix.patch")
	if !strings.Contains(read(t, "game.go"), "_ = framealloc.NewValue(f)") {
		t.Errorf("the patch changed nothing:\n%s", o.stdout)
	}
	if !strings.Contains(read(t, "report.json"), `"code": "FA602"`) {
		t.Error("the other format was not written")
	}
}

// A finding in the baseline stays accepted when lines come and go above it,
// and the same line a second time is new.
func TestBaseline(t *testing.T) {
	module(t, library, game)
	if o := fa("baseline"); o.code != 0 || !strings.Contains(o.stderr, "wrote 4 findings to .fa-baseline.json") {
		t.Fatalf("%+v", o)
	}
	if o := fa("--baseline=.fa-baseline.json"); o.code != 0 || !strings.Contains(o.stdout, "4 findings accepted by the baseline") {
		t.Errorf("unchanged: %+v", o)
	}
	moved := strings.Replace(game["game.go"], "var sink", "// A comment.\n\nvar sink", 1)
	write(t, "game.go", strings.Replace(moved, "\tsink = enemy\n", "\tsink = enemy\n\tsink = enemy\n", 1))
	o := fa("--baseline=.fa-baseline.json", "--format=compact")
	if o.code != 1 || o.stdout != "game.go:12:2: error: FA601: frame memory is stored in sink\n" {
		t.Errorf("moved and doubled: %+v", o)
	}
	write(t, "game.go", "package game\n")
	if o := fa("--baseline=.fa-baseline.json"); o.code != 0 || !strings.Contains(o.stderr, "3 findings in ") {
		t.Errorf("gone: %+v", o)
	}
}

// A package that does not load makes no baseline: what it holds is unknown.
func TestBaselineOfBrokenCode(t *testing.T) {
	module(t, library, game, map[string]string{"tools/bad.go": "package tools\n\nvar x string = 1\n"})
	if o := fa("baseline"); o.code != 3 || !strings.Contains(o.stderr, "tools/bad.go:3:16") {
		t.Errorf("%+v", o)
	}
	if _, err := os.Stat(".fa-baseline.json"); err == nil {
		t.Error("a baseline was written")
	}
}

// --new-from looks at lines, through renames of the working directory, in files
// that git does not know, and below the top of the repository.
func TestNewFrom(t *testing.T) {
	dir := module(t, library, game)
	git(t, "init", "-q")
	git(t, "add", ".")
	git(t, "commit", "-qm", "all")
	if o := fa("--new-from=HEAD"); o.code != 0 || !strings.Contains(o.stdout, "4 findings in unchanged lines") {
		t.Errorf("unchanged: %+v", o)
	}
	write(t, "tools/new file.go", "package tools\n\nfunc Again() { sink = nil }\n")
	text := strings.Replace(game["game.go"], "make([]int, 3)", "make([]int, 4)", 1)
	write(t, "game.go", strings.Replace(text, "import", "// ++ nothing\n\nimport", 1))
	want := "game.go:15:6: warning: FA607: heap allocation in a hot path\n" +
		"tools/new file.go:3:16: error: FA601: frame memory is stored in sink\n"
	if o := fa("--new-from=HEAD", "--format=compact"); o.code != 1 || o.stdout != want {
		t.Errorf("%+v\nwant %s", o, want)
	}
	t.Chdir(filepath.Join(dir, "tools"))
	if o := fa("--new-from=HEAD", "--format=compact"); o.stdout != "new file.go:3:16: error: FA601: frame memory is stored in sink\n" {
		t.Errorf("below the top: %+v", o)
	}
}
