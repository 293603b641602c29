package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The test binary is fa, when it is told to be or the go command asks.
func TestMain(m *testing.M) {
	if os.Getenv("FA_TEST_MAIN") != "" {
		logVet(os.Getenv("FA_TEST_VET_LOG"))
		main()
		return
	}
	os.Exit(m.Run())
}

// program uses the real library and makes mistakes within and across packages.
var program = map[string]string{
	"world/world.go": `package world

import "github.com/framealloc/framealloc"

type Enemy struct{ Target *Enemy }

type World struct {
	alloc *framealloc.Allocator
	best  *Enemy
}

var last *Enemy

func (w *World) Update() {
	frame := w.alloc.BeginFrame()
	defer w.alloc.EndFrame()
	e := Spawn(frame)
	last = e
}

func Spawn(f *framealloc.Frame) *Enemy { return framealloc.New[Enemy](f) }

func (w *World) After() int {
	frame := w.alloc.BeginFrame()
	s := framealloc.Slice[int](frame, 3)
	w.alloc.EndFrame()
	return s[0]
}
`,
	"app/app.go": `package app

import (
	"github.com/framealloc/framealloc"

	"example.com/game/world"
)

var Boss *world.Enemy

func Run(a *framealloc.Allocator) {
	a.Frame(func(f *framealloc.Frame) {
		Boss = world.Spawn(f)
	})
}

func Good(a *framealloc.Allocator) int {
	frame := a.BeginFrame()
	defer a.EndFrame()
	return len(framealloc.Slice[int](frame, 8))
}
`,
}

// game writes the program as a module, see [gameOf].
func game(t *testing.T) {
	t.Helper()
	gameOf(t, program)
}

// gameOf writes a program as a module that uses this checkout's library.
func gameOf(t *testing.T, program map[string]string) {
	t.Helper()
	library, err := filepath.Abs("..")
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
	t.Setenv("FA_TEST_MAIN", "1")
}

func run(t *testing.T, name string, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// fa and go vet find the same in the same program, through packages.
func TestCommandAndVetAgree(t *testing.T) {
	game(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, code := run(t, exe, "--format=compact", "--min-severity=warning")
	finding := regexp.MustCompile(`(?m)^(\w+/\w+\.go:\d+:\d+): (?:error: |warning: )?(FA\d+)`)
	mine := finding.FindAllString(out, -1)
	want := []string{
		"app/app.go:13:3: error: FA601",
		"world/world.go:18:2: error: FA601",
		"world/world.go:27:2: error: FA606",
	}
	if code != 1 || !slices.Equal(mine, want) {
		t.Errorf("exit code %d, found %q, want %q\n%s", code, mine, want, out)
	}
	vet, code := run(t, "go", "vet", "-vettool="+exe, "./...")
	theirs := finding.FindAllString(vet, -1)
	slices.Sort(theirs)
	for i := range mine {
		mine[i] = strings.Replace(mine[i], "error: ", "", 1)
	}
	if code == 0 || !slices.Equal(mine, theirs) {
		t.Errorf("fa finds %q, go vet %q\n%s", mine, theirs, vet)
	}
}

// The flow is shown from where memory was taken to where it went.
func TestFlow(t *testing.T) {
	game(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, _ := run(t, exe, "./world")
	for _, part := range []string{"e := Spawn(frame)", "1. allocated", "last = e", "2. "} {
		if !strings.Contains(out, part) {
			t.Errorf("no %q in\n%s", part, out)
		}
	}
}
