package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func page() []byte {
	var b bytes.Buffer
	render(&b, diag.All())
	return b.Bytes()
}

func TestPageIsUpToDate(t *testing.T) {
	got, err := os.ReadFile("../../../docs/codes.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), page()) {
		t.Error("docs/codes.md is not what the catalogue says: run go generate ./diag")
	}
}

func TestPageHasEveryCode(t *testing.T) {
	text := string(page())
	for e := range diag.All() {
		code := string(e.Code)
		for _, part := range []string{
			"| [" + code + "](#" + strings.ToLower(code) + ") |", "\n### " + code + "\n", "```go\n" + e.Bad + "```", "```go\n" + e.Good + "```",
		} {
			if strings.Count(text, part) != 1 {
				t.Errorf("%d times in the page: %q", strings.Count(text, part), part)
			}
		}
		if titles[e.Category] == "" {
			t.Errorf("category %q has no title", e.Category)
		}
	}
	if n := strings.Count(text, "\n## "); n != len(titles) {
		t.Errorf("%d categories have a heading, want %d", n, len(titles))
	}
}

func TestMarkdown(t *testing.T) {
	if got, want := markdown("a *b* _c_ <d> [e] `f` |g| #h \\i"), "a \\*b\\* \\_c\\_ &lt;d&gt; \\[e\\] \\`f\\` \\|g\\| \\#h \\\\i"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for in, want := range map[string]string{"put it": "Put it", "x.Y is": "x.Y is", "F(x) is": "F(x) is"} {
		if got := capital(in); got != want {
			t.Errorf("capital(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "codes.md")
	if err := write(file, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "x" {
		t.Errorf("wrote %q, %v", got, err)
	}
	if err := write(filepath.Join(file, "no"), nil); err == nil {
		t.Error("no error for a file that cannot be written")
	}
}
