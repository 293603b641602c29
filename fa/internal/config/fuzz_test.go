package config

import (
	"errors"
	"strings"
	"testing"
)

// Whatever a file holds, reading it gives a configuration or errors that name
// the file and a line in it.
func FuzzParse(f *testing.F) {
	f.Add(Template())
	f.Add("[[paths]]\nmatch = ['a']\n[paths.levels]\nFA601 = 'on'\n")
	f.Add("levels = { FA601 = 'on', x = { y = 1 } }\n")
	f.Add("a.b.c = 1\n[a.b]\nd = [[{e = 2}]]\n")
	f.Add("[[intents]]\npackages = ['[']\n[[intents]]\nallow = ['x']\n")
	f.Add("\"\\u0000\" = 1")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("x.toml", []byte(text))
		if err == nil {
			c.Settings()
			return
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%T: %v", err, err)
		}
		if e.File != "x.toml" || e.Line < 0 || e.Line > 1+strings.Count(text, "\n") {
			t.Errorf("%v in %q", err, text)
		}
	})
}
