package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/fa/internal/config"
)

// Every key of the configuration changes what a run says. The table names how;
// a key without an entry fails the test.
func TestEveryConfigKeyHasAnEffect(t *testing.T) {
	const (
		updated = "game.go:9:2: error: FA601: frame memory is stored in sink\n"
		hint    = "game.go:11:7: hint: FA602: allocation in a hot loop\n"
		warning = "game.go:13:6: warning: FA607: heap allocation in a hot path\n"
		tools   = "tools/tools.go:7:35: error: FA601: frame memory is stored in sink\n"
	)
	tests := map[string]struct {
		toml  string
		setup func(t *testing.T)
		want  string
	}{
		"min-severity":  {toml: `min-severity = "error"`, want: updated + tools},
		"deny-warnings": {toml: `deny-warnings = true`, want: updated + hint + strings.Replace(warning, "warning", "error", 1) + tools},
		"fail-fast":     {toml: `fail-fast = true`, want: updated},
		"exclude":       {toml: `exclude = ["tools"]`, want: updated + hint + warning},
		"tests": {toml: "tests = true\nexclude = ['tools', 'game.go']",
			want: "game_test.go:6:2: error: FA601: frame memory is stored in sink\n"},
		"build-tags": {toml: "build-tags = ['debug']\nexclude = ['tools', 'game.go']",
			want: "debug.go:5:16: error: FA601: frame memory is stored in sink\n"},
		"format": {toml: "format = ['checkstyle']\nmin-severity = 'error'\nexclude = ['tools']", want: `<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="8.0">
  <file name="game.go">
    <error line="9" column="2" severity="error" message="FA601: frame memory is stored in sink" source="fa.FA601"></error>
  </file>
</checkstyle>
`},
		"baseline": {toml: `baseline = "accepted.json"`, setup: func(t *testing.T) {
			if o := fa("baseline", "--only=FA602"); o.code != 0 {
				t.Fatal(o)
			}
		}, want: updated + warning + tools},
		"levels":       {toml: "[levels]\nFA607 = 'allow'\nFA602 = 'deny'", want: updated + strings.Replace(hint, "hint", "error", 1) + tools},
		"paths":        {toml: "[[paths]]\nmatch = ['tools']\nlevels = { all = 'allow' }", want: updated + hint + warning},
		"paths.match":  {toml: "[[paths]]\nmatch = ['*.go']\nlevels = { lifetime = 'allow' }", want: tools},
		"paths.levels": {toml: "[[paths]]\nmatch = ['tools/*']\nlevels = { FA6 = 'allow', FA601 = 'warn' }", want: updated + hint + warning + strings.Replace(tools, "error", "warning", 1)},
	}
	for _, key := range config.Keys() {
		if _, ok := tests[key]; !ok && !slices.Contains(checkKeys, key) {
			t.Errorf("%s is not in the table", key)
		}
	}
	for key, test := range tests {
		t.Run(key, func(t *testing.T) {
			module(t, library, game)
			write(t, config.Name, test.toml)
			if test.setup != nil {
				test.setup(t)
			}
			args := []string{"--format=compact"}
			if key == "format" {
				args = nil
			}
			if o := fa(args...); o.stdout != test.want {
				t.Errorf("got:\n%s%s\nwant:\n%s", o.stdout, o.stderr, test.want)
			}
		})
	}
}

// checkKeys are the keys that only the checks themselves read; package suite
// tests their effect.
var checkKeys = []string{
	"blocking",
	"tags", "tags.known", "tags.packages",
	"budgets", "budgets.required", "budgets.elsewhere",
	"intents", "intents.packages", "intents.allow",
	"thresholds", "thresholds.loop-turns", "thresholds.frames-in-flight",
}

// A mistake in the configuration is an error with its line and a suggestion.
func TestConfigMistakes(t *testing.T) {
	tests := map[string]struct{ toml, want string }{
		"key":       {"tests = true\n\ndeny-warning = true\n", `.fa.toml:3: unknown key "deny-warning", did you mean "deny-warnings"?`},
		"far":       {"colour = true\n", `.fa.toml:1: unknown key "colour"; known are min-severity,`},
		"nested":    {"[[paths]]\nmatch = ['a']\nlevel = {}\n", `.fa.toml:3: unknown key "level" in [paths], did you mean "levels"?`},
		"code":      {"[levels]\nFA601 = 'deny'\nFA699 = 'deny'\n", `.fa.toml:3: unknown code or category "FA699", did you mean "FA60`},
		"category":  {"[levels]\nlifetme = 'deny'\n", `.fa.toml:2: unknown code or category "lifetme", did you mean "lifetime"?`},
		"run time":  {"[levels]\nFA401 = 'deny'\n", `.fa.toml:2: FA401 is found at run time only: fa does not report it`},
		"level":     {"[levels]\nFA601 = 'alow'\n", `.fa.toml:2: unknown level "alow", did you mean "allow"?`},
		"severity":  {"\nmin-severity = 'eror'\n", `.fa.toml:2: unknown severity "eror", did you mean "error"?`},
		"in a rule": {"[[paths]]\nmatch = ['a']\n\n[[paths]]\nmatch = ['b']\nlevels = { FA601 = 'on' }\n", `.fa.toml:6: unknown level "on"`},
		"sub table": {"[[paths]]\nmatch = ['a']\n[paths.levels]\nFA601 = 'on'\n", `.fa.toml:4: unknown level "on"`},
		"no match":  {"tests = true\n[[paths]]\nlevels = {}\n", `.fa.toml:2: a [[paths]] rule needs match`},
		"glob":      {"exclude = ['[']\n", `.fa.toml:1: bad glob "["`},
		"intent":    {"[[intents]]\npackages = ['audio']\nallow = ['frame', 'pol']\n", `.fa.toml:3: unknown intent "pol", did you mean "pool"?`},
		"nobody":    {"[[intents]]\nallow = ['frame']\n", `.fa.toml:1: an [[intents]] rule needs packages`},
		"pattern":   {"[tags.packages]\nai = ['[']\n", `.fa.toml:2: bad package pattern "["`},
		"turns":     {"[thresholds]\nloop-turns = 0\n", `.fa.toml:2: loop-turns must be at least 1`},
		"frames":    {"[thresholds]\nframes-in-flight = 4\n", `.fa.toml:2: frames-in-flight must be 0 to 3`},
		"deep":      {"[tags]\nknwon = []\n", `.fa.toml:2: unknown key "knwon" in [tags], did you mean "known"?`},
		"syntax":    {"tests = true\nexclude = [\n", `.fa.toml:`},
		"type":      {"\ntests = 'yes'\n", `.fa.toml:2: `},
		"format":    {"format = ['xml']\n", `unknown format "xml"`},
	}
	module(t, library, game)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			write(t, config.Name, test.toml)
			o := fa()
			if o.code != 2 || !strings.Contains(o.stderr, test.want) || o.stdout != "" {
				t.Errorf("exit code %d\n%s\nwant: %s", o.code, o.stderr, test.want)
			}
		})
	}
}
