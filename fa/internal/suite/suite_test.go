package suite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/suite"
	"github.com/framealloc/framealloc/fa/settings"
)

// program breaks rules that it has no configuration for, except one.
var program = map[string]string{
	"net/net.go": `package net

func Wait() {}
`,
	"audio/audio.go": `package audio

import "github.com/framealloc/framealloc"

func Mix(f *framealloc.Frame) int {
	return len(framealloc.Slice[float32](f, 512))
}
`,
	"physics/physics.go": `package physics

import (
	"github.com/framealloc/framealloc"

	"example.com/game/net"
)

type Body struct{ x int }

func Step(f *framealloc.Frame) *Body {
	defer f.Tag("physics")()
	return framealloc.New[Body](f)
}

func Lost(f *framealloc.Frame) {
	defer f.Tag("phyiscs")()
	framealloc.New[Body](f)
}

func Wait(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	b := framealloc.New[Body](f)
	net.Wait()
	b.x++
}

func Loop(f *framealloc.Frame) (sum int) {
	for i := range 12 {
		b := framealloc.New[Body](f)
		b.x = i
		sum += b.x
	}
	return sum
}

func After(a *framealloc.Allocator) int {
	f := a.BeginFrame()
	b := framealloc.New[Body](f)
	a.EndFrame()
	return b.x
}
`,
}

// Every key that only the checks read changes what they find.
func TestEveryCheckKeyHasAnEffect(t *testing.T) {
	defer settings.Set(settings.Default())
	const after = "physics/physics.go:42:2: error: FA606: "
	tests := map[string]struct {
		toml string
		want []string // what lines begin with
	}{
		"":                            {"", []string{after}},
		"blocking":                    {"blocking = ['example.com/game/net.Wait']", []string{"physics/physics.go:25:2: warning: FA701: ", after}},
		"tags.known":                  {"[tags]\nknown = ['physics']", []string{"physics/physics.go:17:2: warning: FA802: ", after}},
		"tags.packages":               {"[tags.packages]\nphysics = ['solver']", []string{"physics/physics.go:12:2: warning: FA801: ", after}},
		"budgets.required":            {"[budgets]\nrequired = true", []string{"physics/physics.go:12:2: hint: FA302: ", "physics/physics.go:17:2: hint: FA302: ", after}},
		"budgets.elsewhere":           {"[budgets]\nrequired = true\nelsewhere = ['physics']", []string{"physics/physics.go:17:2: hint: FA302: ", after}},
		"intents.packages":            {"[[intents]]\npackages = ['audio']\nallow = ['pool']", []string{"audio/audio.go:6:2: warning: FA803: ", after}},
		"intents.allow":               {"[[intents]]\npackages = ['audio']\nallow = ['pool', 'frame']", []string{after}},
		"thresholds.loop-turns":       {"[thresholds]\nloop-turns = 8", []string{"physics/physics.go:31:3: hint: FA602: ", after}},
		"thresholds.frames-in-flight": {"[thresholds]\nframes-in-flight = 1", nil},
	}
	for _, key := range config.Keys() {
		top, rest, nested := strings.Cut(key, ".")
		if !slices.Contains([]string{"blocking", "tags", "budgets", "intents", "thresholds"}, top) || !nested && top != "blocking" {
			continue
		}
		if _, ok := tests[key]; !ok {
			t.Errorf("%s (%s) is not in the table", key, rest)
		}
	}

	library, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/game\n\ngo 1.25.0\n\nrequire github.com/framealloc/framealloc v0.1.0\n\nreplace github.com/framealloc/framealloc => "+library+"\n")
	for name, text := range program {
		write(name, text)
	}
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")

	for key, test := range tests {
		write(config.Name, test.toml)
		var stdout, stderr bytes.Buffer
		tool := cli.Tool{Analyzers: suite.Analyzers, Stdout: &stdout, Stderr: &stderr}
		tool.Main([]string{"--format=compact"})
		lines := strings.SplitAfter(stdout.String(), "\n")
		lines = lines[:len(lines)-1]
		ok := len(lines) == len(test.want)
		for i := range lines {
			ok = ok && strings.HasPrefix(lines[i], test.want[i])
		}
		if !ok {
			t.Errorf("%q: got\n%s%swant\n%s", key, stdout.String(), stderr.String(), strings.Join(test.want, "\n"))
		}
	}
}
