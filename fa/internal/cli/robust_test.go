package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What cannot be analyzed is said in words, with the exit code for it.
func TestWhatDoesNotLoad(t *testing.T) {
	tests := map[string]struct {
		files  map[string]string
		args   []string
		code   int
		stdout string // part of it
		stderr string
	}{
		"clean":                 {args: []string{"--only=FA201"}, code: 0},
		"nothing to check":      {args: []string{"./plain"}, code: 0, stdout: "nothing to check: none of 1 package reaches framealloc"},
		"unknown flag":          {args: []string{"--formt=json"}, code: 2, stderr: `unknown flag --formt, did you mean "--format"?`},
		"unknown format":        {args: []string{"--format=sarfi"}, code: 2, stderr: `unknown format "sarfi", did you mean "sarif"?`},
		"unknown code":          {args: []string{"--only=FA6011"}, code: 2, stderr: `unknown code or category "FA6011", did you mean "FA601"?`},
		"unknown severity":      {args: []string{"--min-severity=warn"}, code: 2, stderr: `unknown severity "warn", did you mean "warning"?`},
		"unknown color":         {args: []string{"--color=blue"}, code: 2, stderr: "--color"},
		"bad glob":              {args: []string{"--exclude=["}, code: 2, stderr: `bad glob "["`},
		"unknown command":       {args: []string{"explian", "FA601"}, code: 2, stderr: `no package "explian", did you mean fa explain?`},
		"two formats, one pipe": {args: []string{"--format=json,sarif"}, code: 2, stderr: "formats json and sarif both go to standard output"},
		"no such config":        {args: []string{"--config=nope.toml"}, code: 2, stderr: "nope.toml: cannot be read: no such file or directory"},
		"config is a directory": {args: []string{"--config=tools"}, code: 2, stderr: "tools: cannot be read: is a directory"},
		"no such baseline":      {args: []string{"--baseline=nope.json"}, code: 2, stderr: "baseline nope.json does not exist: `fa baseline` writes it"},
		"broken baseline":       {args: []string{"--baseline=go.mod"}, code: 2, stderr: "baseline go.mod: invalid character"},
		"no such revision":      {args: []string{"--new-from=nope"}, code: 2, stderr: "git"},
		"unwritable report":     {args: []string{"--format=json=no/such/dir.json"}, code: 2, stderr: "no/such/dir.json"},
		"no such package":       {args: []string{"./nope"}, code: 3, stdout: "nope"},
		"no such import path":   {args: []string{"example.com/nope"}, code: 3, stdout: "example.com/nope"},
		"no Go files":           {files: map[string]string{"empty/README": ""}, args: []string{"./empty"}, code: 3, stdout: "no Go files"},
		"files for another system": {
			files: map[string]string{"win/win_windows.go": "package win\n", "win/x_plan9.go": "package win\n"},
			args:  []string{"./win"}, code: 3, stdout: "build constraints exclude all Go files",
		},
		"outside of the module": {args: []string{"../elsewhere"}, code: 3, stdout: "run fa in the directory of the module that holds it"},
		"type error": {
			files: map[string]string{"bad/bad.go": "package bad\n\nimport \"github.com/framealloc/framealloc\"\n\nvar x string = framealloc.New(nil)\n"},
			args:  []string{"./bad"}, code: 3, stdout: "error: bad/bad.go:5:16: cannot use framealloc.New(nil)",
		},
		"syntax error": {
			files: map[string]string{"bad/bad.go": "package bad\n\nimport \"github.com/framealloc/framealloc\"\n\nfunc F( {\n\tframealloc.New(nil)\n}\n"},
			args:  []string{"./bad"}, code: 3, stdout: "error: bad/bad.go:5:9: ",
		},
		"import of nothing": {
			files: map[string]string{"bad/bad.go": "package bad\n\nimport _ \"github.com/framealloc/framealloc\"\nimport _ \"example.com/nope\"\n"},
			args:  []string{"./bad"}, code: 3, stdout: "error: bad/bad.go:4:10: could not import example.com/nope",
		},
		"not UTF-8": {
			files: map[string]string{"bad/bad.go": "package bad\n\nimport \"github.com/framealloc/framealloc\"\n\n// caf\xe9\nvar x = framealloc.New(nil)\n"},
			args:  []string{"./bad"}, code: 3, stdout: "the file is not UTF-8 text",
		},
		"the rest is analyzed": {
			files: map[string]string{"bad/bad.go": "package bad\n\nimport \"github.com/framealloc/framealloc\"\n\nvar x string = framealloc.New(nil)\n"},
			args:  []string{"--format=compact", "./..."}, code: 3, stdout: "game.go:9:2: error: FA601",
		},
		"errors elsewhere do not matter": {
			files: map[string]string{"plain/bad.go": "package plain\n\nvar x string = 1\n"},
			args:  []string{"--only=FA201", "./..."}, code: 0, stdout: "no findings in 2 packages",
		},
		"show":                       {args: []string{"show", "nope.go"}, code: 3, stdout: "", stderr: "nope.go"},
		"show outside of the module": {args: []string{"show", "/dev/null"}, code: 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := module(t, map[string]string{"module/.keep": "", "elsewhere/e.go": "package elsewhere\n"})
			inside := filepath.Join(dir, "module")
			for _, set := range []map[string]string{library, game, test.files} {
				for name, text := range set {
					write(t, filepath.Join(inside, name), text)
				}
			}
			t.Chdir(inside)
			o := fa(test.args...)
			if o.code != test.code || !strings.Contains(o.stdout, test.stdout) || !strings.Contains(o.stderr, test.stderr) {
				t.Errorf("exit code %d, want %d\nstandard output:\n%s\nwant: %s\nstandard error:\n%s\nwant: %s",
					o.code, test.code, o.stdout, test.stdout, o.stderr, test.stderr)
			}
			if o.code == 2 && o.stdout != "" {
				t.Errorf("a usage error wrote a report: %s", o.stdout)
			}
		})
	}
}

// A directory without a module is not a crash.
func TestNoModule(t *testing.T) {
	module(t, map[string]string{"x.go": "package x\n"})
	if o := fa(); o.code != 3 || !strings.Contains(o.stdout+o.stderr, "go.mod") {
		t.Errorf("%+v", o)
	}
}

// Without the go command fa says so.
func TestNoGoCommand(t *testing.T) {
	module(t, library, game)
	t.Setenv("PATH", t.TempDir())
	if o := fa(); o.code != 3 || !strings.Contains(o.stderr, `"go"`) {
		t.Errorf("%+v", o)
	}
}

// A configuration that is there and cannot be read is named; here it is a link
// that leads nowhere, for root can read anything else.
func TestUnreadableConfig(t *testing.T) {
	module(t, library, game)
	if err := os.Symlink("nowhere", ".fa.toml"); err != nil {
		t.Fatal(err)
	}
	if o := fa(); o.code != 2 || !strings.Contains(o.stderr, ".fa.toml: cannot be read") {
		t.Errorf("%+v", o)
	}
}
