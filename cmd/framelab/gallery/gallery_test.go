package gallery

import (
	"fmt"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// TestMistakesAreFound makes every mistake, and every twin: the one is found, with
// its code and no other, the other is silent.
func TestMistakesAreFound(t *testing.T) {
	for _, x := range All {
		t.Run(string(x.Code)+" "+x.Title, func(t *testing.T) {
			if !x.Possible() {
				if guard.Supported {
					t.Error("the platform is said not to have what it has")
				}
				return
			}
			found, err := Run(x.Mistake)
			if err != nil {
				t.Errorf("the mistake meets with %v", err)
			}
			if len(found) == 0 {
				t.Error("the mistake is not found")
			}
			for _, d := range found {
				if d.Code != x.Code {
					t.Errorf("found instead:\n%s", d.Text())
				}
				if d.Message == "" || d.Help == "" || d.Severity == 0 {
					t.Errorf("incomplete: %+v", d)
				}
				if d.Caller != "" && !strings.HasPrefix(d.Caller, "gallery/") {
					t.Errorf("the place is %s, not in the program:\n%s", d.Caller, d.Text())
				}
			}
			found, err = Run(x.Twin)
			if err != nil {
				t.Errorf("the twin meets with %v", err)
			}
			for _, d := range found {
				t.Errorf("the twin is not silent:\n%s", d.Text())
			}
		})
	}
}

// TestEveryCodeIsThere compares the gallery with the catalogue.
func TestEveryCodeIsThere(t *testing.T) {
	var last diag.Code
	for _, x := range All {
		if x.Code < last {
			t.Errorf("%s stands behind %s", x.Code, last)
		}
		last = x.Code
	}
	known := map[diag.Code]bool{}
	for e := range diag.All() {
		if e.Found&diag.RunTime == 0 {
			continue
		}
		known[e.Code] = true
		reason, absent := Absent[e.Code]
		switch exhibits := len(Of(e.Code)); {
		case exhibits == 0 && !absent:
			t.Errorf("%s is neither in the gallery nor among the absent", e.Code)
		case exhibits > 0 && absent:
			t.Errorf("%s is in the gallery and among the absent", e.Code)
		case absent && len(reason) < 10:
			t.Errorf("%s is absent without a reason", e.Code)
		}
	}
	for _, x := range All {
		if !known[x.Code] {
			t.Errorf("%s is no run-time code", x.Code)
		}
	}
	for code := range Absent {
		if !known[code] {
			t.Errorf("%s is no run-time code", code)
		}
	}
}

func TestRunTellsOtherErrors(t *testing.T) {
	for name, program := range map[string]func(*Lab) error{
		"returned":    func(*Lab) error { return fmt.Errorf("out of paint") },
		"panic":       func(*Lab) error { panic("out of paint") },
		"panic error": func(*Lab) error { panic(fmt.Errorf("out of paint")) },
	} {
		if found, err := Run(program); err == nil || !strings.Contains(err.Error(), "out of paint") || found != nil {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

func TestSourcesAreShown(t *testing.T) {
	for _, x := range All {
		for _, program := range []func(*Lab) error{x.Mistake, x.Twin} {
			s, err := SourceOf(program)
			if err != nil {
				t.Fatalf("%s %s: %v", x.Code, x.Title, err)
			}
			if s.Line == 0 || !strings.HasPrefix(s.Text, "func ") || !strings.HasSuffix(s.Text, "}") || !strings.HasPrefix(s.File, "gallery/") {
				t.Errorf("%s %s: %+v", x.Code, x.Title, s)
			}
		}
	}
}
