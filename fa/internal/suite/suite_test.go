package suite_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/codes"
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

	write := module(t)
	for name, text := range program {
		write(name, text)
	}
	for key, test := range tests {
		write(config.Name, test.toml)
		stdout, stderr, _ := fa("--format=compact")
		lines := strings.SplitAfter(stdout, "\n")
		lines = lines[:len(lines)-1]
		ok := len(lines) == len(test.want)
		for i := range lines {
			ok = ok && strings.HasPrefix(lines[i], test.want[i])
		}
		if !ok {
			t.Errorf("%q: got\n%s%swant\n%s", key, stdout, stderr, strings.Join(test.want, "\n"))
		}
	}
}

// The fixes of the catalogue's mistakes leave code that compiles and that does
// not have the mistake.
func TestFixesOfTheCatalogue(t *testing.T) {
	defer settings.Set(settings.Default())
	write := module(t)
	for _, e := range codes.All() {
		if e.Code != codes.Directives {
			write(strings.ToLower(string(e.Code))+"/x.go", e.BadFile())
		}
	}
	before, stderr, code := fa("--format=compact")
	if code != 1 {
		t.Fatalf("exit code %d\n%s%s", code, before, stderr)
	}
	after, stderr, _ := fa("--format=compact", "--fix")
	if !strings.Contains(stderr, "fixed ") || strings.Contains(stderr, "left out") {
		t.Errorf("fa --fix says: %s", stderr)
	}
	if out, err := exec.Command("go", "build", "./...").CombinedOutput(); err != nil {
		t.Errorf("the fixed code does not compile:\n%s", out)
	}
	again, _, _ := fa("--format=compact")
	if n := strings.Count(again, "\n"); n != strings.Count(after, "\n") || n >= strings.Count(before, "\n") {
		t.Errorf("before:\n%s\nleft by --fix:\n%s\nfound again:\n%s", before, after, again)
	}
}

// module makes a new directory with a module that uses this checkout's library
// the working directory, and returns a function that writes files into it.
func module(t *testing.T) (write func(name, text string)) {
	t.Helper()
	library, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	write = func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/game\n\ngo 1.25.0\n\nrequire github.com/framealloc/framealloc v0.1.0\n\nreplace github.com/framealloc/framealloc => "+library+"\n")
	return write
}

func fa(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	tool := cli.Tool{Analyzers: suite.Analyzers, Stdout: &out, Stderr: &errs}
	code = tool.Main(args)
	return out.String(), errs.String(), code
}
