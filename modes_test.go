package framealloc

import (
	"errors"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestParseModes(t *testing.T) {
	for _, c := range []struct {
		text    string
		want    Modes
		unknown string
	}{
		{"", 0, ""},
		{"none", 0, ""},
		{"debug", ModeDebug, ""},
		{"debug,guard", ModeDebug | ModeGuard, ""},
		{" Poison ,, ESCAPE\tgarbage ", ModePoison | ModeEscape | ModeGarbage, ""},
		{"leaks,leaks", ModeLeaks, ""},
		{"all", ModeDebug | ModePoison | ModeGuard | ModeEscape | ModeGarbage | ModeLeaks, ""},
		{"debug,gaurd,x", ModeDebug, `"gaurd" and "x"`},
		{"-1", 0, `"-1"`},
	} {
		got, err := ParseModes(c.text)
		if got != c.want {
			t.Errorf("ParseModes(%q) = %v, want %v", c.text, got, c.want)
		}
		if (err != nil) != (c.unknown != "") {
			t.Errorf("ParseModes(%q): error %v", c.text, err)
		} else if err != nil && !(strings.Contains(err.Error(), c.unknown) && strings.Contains(err.Error(), "poison")) {
			t.Errorf("ParseModes(%q): error %v, want one that names %s and the modes there are", c.text, err, c.unknown)
		}
	}
}

func TestModesReadBackAsWritten(t *testing.T) {
	for m := range allModes + 1 {
		if got, err := ParseModes(m.String()); got != m || err != nil {
			t.Errorf("%q reads as %v, %v", m.String(), got, err)
		}
	}
	if got, want := (ModeDebug | 1<<15).String(), "debug,Modes(0x8000)"; got != want {
		t.Errorf("unknown modes are written %q, want %q", got, want)
	}
}

// usedElsewhere allocates from f on another goroutine and returns its panic.
func usedElsewhere(f *Frame) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { err, _ = recover().(error) }()
		New[int](f)
	}()
	<-done
	return err
}

func TestModesChangeWithTheNextFrame(t *testing.T) {
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	w := a.NewWorker("other")
	f, g := a.BeginFrame(), w.BeginFrame()
	s := a.Scratch("level").Frame()

	a.SetModes(ModeDebug)
	if a.Modes() != ModeDebug {
		t.Fatalf("Modes() = %v", a.Modes())
	}
	if err := usedElsewhere(f); err != nil {
		t.Errorf("the frame that was active when the mode was set: %v", err)
	}
	a.EndFrame()
	f = a.BeginFrame()
	for name, frame := range map[string]*Frame{"frame": f, "fork": f.Fork(), "scratch": s} {
		New[int](frame) // a fork belongs to whom uses it first
		if err := usedElsewhere(frame); !errors.Is(err, diag.FA201) {
			t.Errorf("%s: use from another goroutine: %v, want FA201", name, err)
		}
		if frame.forked != nil {
			frame.Join()
		}
	}
	if err := usedElsewhere(g); err != nil {
		t.Errorf("a worker whose frame goes on: %v", err)
	}

	a.SetModes(0)
	if err := usedElsewhere(f); !errors.Is(err, diag.FA201) {
		t.Errorf("until the frame ends the mode stays: %v", err)
	}
	a.EndFrame()
	if err := usedElsewhere(a.BeginFrame()); err != nil {
		t.Errorf("the mode is off: %v", err)
	}
	a.EndFrame()
	w.EndFrame()
}

func TestModesFromConfigAndEnvironment(t *testing.T) {
	for _, c := range []struct {
		env    string
		config Config
		want   Modes
		report string
	}{
		{"", Config{}, 0, ""},
		{"", Config{Debug: true}, ModeDebug, ""},
		{"", Config{Modes: ModePoison}, ModePoison, ""},
		{"leaks", Config{Modes: ModePoison, Debug: true}, ModeDebug | ModePoison | ModeLeaks, ""},
		{"leaks,posion", Config{}, ModeLeaks, `"posion"`},
	} {
		t.Setenv(ModesVariable, c.env)
		reports := diag.NewCollector(t)
		c.config.Reporter = reports.Reporter()
		a := NewAllocator(c.config)
		if a.Modes() != c.want {
			t.Errorf("%s=%q, Modes %v, Debug %v: %v, want %v", ModesVariable, c.env, c.config.Modes, c.config.Debug, a.Modes(), c.want)
		}
		got := reports.Diagnostics()
		if c.report == "" && len(got) > 0 || c.report != "" && (len(got) != 1 || !strings.Contains(got[0].Message, c.report)) {
			t.Errorf("%s=%q: reports %v, want %s", ModesVariable, c.env, got, c.report)
		}
		a.Close()
	}
}
