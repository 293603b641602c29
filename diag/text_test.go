package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/framealloc/framealloc/diag"
)

var full = diag.Diagnostic{
	Code: diag.FA601, Severity: diag.SeverityError,
	Message: "*game.Path, taken in frame 7, is still reachable",
	Note:    "held by game.cache\n(first of 3)\n",
	Help:    "clone it",
	Frame:   7, Worker: "main", Tag: "ai/path", Phase: "update",
	Caller: "world/ai.go:12", Suppressed: 41,
}

func TestForms(t *testing.T) {
	tests := []struct {
		name, got, want string
	}{
		{"long, full", full.Text(), `error[FA601]: *game.Path, taken in frame 7, is still reachable
  --> world/ai.go:12
   = frame 7, worker main, tag ai/path, phase update
   = note: held by game.cache
     (first of 3)
   = help: clone it
   = 41 more like this since the last report
`},
		{"long, bare", diag.Diagnostic{Severity: diag.SeverityHint, Message: "m"}.Text(), "hint: m\n"},
		{"one line, full", full.String(),
			"error FA601: *game.Path, taken in frame 7, is still reachable at world/ai.go:12 (frame 7, worker main, tag ai/path, phase update)"},
		{"one line, bare", diag.Diagnostic{Message: "m"}.String(), "warning: m"},
		{"one line, from the catalogue", diag.Diagnostic{Code: diag.FA602, Caller: "a.go:1"}.String(), "hint FA602: allocation in a hot loop at a.go:1"},
		{"long, from the catalogue", diag.Diagnostic{Code: diag.FA901, Message: "m"}.Text(),
			"error[FA901]: m\n   = help: please report it, with the message, the Go version and what the frame was doing\n"},
		{"error, from the catalogue", (&diag.Error{Diagnostic: diag.Diagnostic{Code: diag.FA901, Caller: "a.go:1"}}).Error(),
			"FA901: internal error at a.go:1; help: please report it, with the message, the Go version and what the frame was doing"},
		{"where, no caller", diag.Diagnostic{Worker: "w"}.Where(), "(worker w)"},
		{"where, caller alone", diag.Diagnostic{Caller: "a.go:1"}.Where(), "a.go:1"},
		{"where, nothing", diag.Diagnostic{}.Where(), ""},
		{"error", (&diag.Error{Diagnostic: diag.Diagnostic{Code: diag.FA003, Message: "no room", Caller: "a.go:1", Help: "raise it"}, Err: io.ErrShortWrite}).Error(),
			"FA003: no room: short write at a.go:1; help: raise it"},
		{"error, bare", (&diag.Error{Diagnostic: diag.Diagnostic{Message: "m"}}).Error(), "framealloc: m"},
		{"code", fmt.Sprint(diag.FA601), "FA601"},
		{"severity", fmt.Sprint(diag.SeverityHint, diag.SeverityWarning, diag.SeverityError, diag.Severity(0)), "hint warning error severity(0)"},
		{"found", fmt.Sprint(diag.RunTime, ", ", diag.BuildTime, ", ", diag.Both, ", ", diag.Found(0)), "run time, build time, run time and build time, never"},
		{"strict", fmt.Sprint(diag.StrictFromEnv, ", ", diag.StrictWarnings, ", ", diag.StrictLevel(9)), "from FRAMEALLOC_STRICT, warnings, strict(9)"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, tt.got, tt.want)
		}
	}
}

func TestPlaceComesFromThePC(t *testing.T) {
	d := diag.Diagnostic{Code: diag.FA901, Message: "m", PC: diag.CallerPC()}
	e := diag.Error{Diagnostic: d}
	for form, text := range map[string]string{"Where": d.Where(), "String": d.String(), "Text": d.Text(), "Error": e.Error()} {
		if !strings.Contains(text, "diag/text_test.go:") {
			t.Errorf("%s does not show the place: %s", form, text)
		}
	}
}

func TestJSON(t *testing.T) {
	d := full
	d.PC = diag.CallerPC()
	data, err := json.Marshal(diag.Occurrence{Diagnostic: d, Count: 42})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"code":"FA601","severity":"error","message":"*game.Path, taken in frame 7, is still reachable",` +
		`"note":"held by game.cache\n(first of 3)\n","help":"clone it","frame":7,"worker":"main","tag":"ai/path",` +
		`"phase":"update","caller":"world/ai.go:12","suppressed":41,"count":42}`
	if string(data) != want {
		t.Errorf("wrote\n%s, want\n%s", data, want)
	}
	var got diag.Occurrence
	if err := json.Unmarshal(data, &got); err != nil || got.Diagnostic != full || got.Count != 42 {
		t.Errorf("read back %+v, %v", got, err)
	}

	if data, err := json.Marshal(diag.Diagnostic{}); err != nil || string(data) != `{"message":""}` {
		t.Errorf("an empty diagnostic is %s, %v", data, err)
	}
	for _, s := range []diag.Severity{0, diag.SeverityHint, diag.SeverityWarning, diag.SeverityError} {
		text, err := s.MarshalText()
		var back diag.Severity
		if err2 := back.UnmarshalText(text); err != nil || err2 != nil || back != s {
			t.Errorf("%v is written as %q and read as %v; %v, %v", s, text, back, err, err2)
		}
	}
	if err := new(diag.Severity).UnmarshalText([]byte("fatal")); err == nil {
		t.Error("reads a severity that does not exist")
	}
}

func TestErrorsIsAndAs(t *testing.T) {
	err := fmt.Errorf("loading: %w", diag.NewError(diag.Diagnostic{Code: diag.FA003, Tag: "ai"}, io.ErrUnexpectedEOF))
	if !errors.Is(err, diag.FA003) || errors.Is(err, diag.FA001) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("errors.Is")
	}
	var e *diag.Error
	var c diag.Code
	if !errors.As(err, &e) || e.Tag != "ai" || !errors.As(err, &c) || c != diag.FA003 {
		t.Errorf("errors.As: %v, %v", e, c)
	}
	if entry, _ := diag.Lookup(diag.FA003); e.Message != entry.Name || e.Help != entry.Help || e.Severity != diag.SeverityError {
		t.Errorf("not completed: %+v", e)
	}
	var closed interface{ Close() }
	if errors.As(err, &closed) {
		t.Error("errors.As finds what is not there")
	}
}

func TestWriterSink(t *testing.T) {
	var out bytes.Buffer
	s := diag.NewWriterSink(&out)
	s.Report(full)
	s.Report(full)
	if want := strings.Repeat(full.Text(), 2); out.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", &out, want)
	}
	diag.NewWriterSink(failing{}).Report(full) // no panic, no hang
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestSlogSink(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{AddSource: true, Level: slog.LevelWarn}))
	sink := diag.NewSlogSink(logger)

	d := full
	d.PC = diag.CallerPC()
	sink.Report(d)
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"level": "ERROR", "msg": d.Message, "code": "FA601", "note": d.Note, "help": d.Help, "frame": 7.0, "worker": "main",
		"tag": "ai/path", "phase": "update", "caller": d.Caller, "suppressed": 41.0,
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s = %v, want %v", k, got[k], v)
		}
	}
	if source, _ := got["source"].(map[string]any); source == nil || !strings.HasSuffix(fmt.Sprint(source["file"]), "diag/text_test.go") {
		t.Errorf("source %v is not where the program was", got["source"])
	}

	out.Reset()
	sink.Report(diag.Diagnostic{Code: diag.FA602, Severity: diag.SeverityHint, Message: "m"})
	if out.Len() != 0 {
		t.Errorf("a hint passes a logger of level Warn: %s", &out)
	}
	sink.Report(diag.Diagnostic{Severity: diag.SeverityWarning, Message: "m"})
	if s := out.String(); !strings.Contains(s, `"level":"WARN"`) || strings.Contains(s, "tag") || strings.Contains(s, "code") {
		t.Errorf("empty fields are written: %s", s)
	}
}

func FuzzText(f *testing.F) {
	f.Add("m", "n", "h", "a.go:1", "w", "t", uint64(3), uint8(2))
	f.Add("two\nlines\n", "\n\n", "", "", "", "", uint64(0), uint8(0))
	f.Fuzz(func(t *testing.T, message, note, help, caller, worker, tag string, frame uint64, severity uint8) {
		d := diag.Diagnostic{
			Code: diag.FA601, Severity: diag.Severity(severity), Message: message, Note: note, Help: help,
			Caller: caller, Worker: worker, Tag: tag, Frame: frame,
		}
		text := d.Text()
		if !strings.HasSuffix(text, "\n") {
			t.Errorf("last line not ended: %q", text)
		}
		if utf8.ValidString(strings.Join([]string{message, note, help, caller, worker, tag}, "|")) && !utf8.ValidString(text) {
			t.Errorf("text is not UTF-8: %q", text)
		}
		for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if i > 0 && !strings.HasPrefix(line, "  ") && caller+worker+tag == "" {
				t.Errorf("line %d is not under the first: %q", i, text)
			}
		}
		if len(d.String()) == 0 || len((&diag.Error{Diagnostic: d}).Error()) == 0 {
			t.Error("empty form")
		}
	})
}
