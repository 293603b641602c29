package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestMain lets the test binary be the command, for tests that need processes.
func TestMain(m *testing.M) {
	if os.Getenv("FRAMEDEMO_TEST_RUN") != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "FRAMEDEMO_TEST_RUN=1")
	return cmd
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-mode", "stack"}, {"-frames", "0"}, {"-frames", "-5"}, {"-live-mb", "-1"}, {"-budget", "0"}, {"-budget", "-3"},
		{"extra"}, {"-nonsense"}, {"-frames", "many"},
	} {
		var out, err bytes.Buffer
		if code := run(args, &out, &err); code != 2 || err.Len() == 0 || out.Len() != 0 {
			t.Errorf("framedemo %v exits with %d and says %q", args, code, err.String())
		}
	}
}

func TestMixedNamesLines(t *testing.T) {
	cmd := command(t, "-mode", "mixed", "-frames", "5", "-live-mb", "1", "-out", t.TempDir())
	var out, progress bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &progress
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	for _, part := range []string{"what mixed leaves on the heap, garbage in 20 frames", "scene/framemem.go:", "new of triangle in scene.(*frameMemory).Triangle", "use framealloc.New"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("there is no %q in\n%s", part, out.String())
		}
	}
}

func TestComparesAllModes(t *testing.T) {
	dir := t.TempDir()
	cmd := command(t, "-frames", "5", "-live-mb", "1", "-json", "-out", dir)
	var out, progress bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &progress
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	var got struct {
		Modes []struct {
			Mode         string
			Frames       int
			Image_sha256 string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("standard output is no JSON object: %v\n%s", err, out.String())
	}
	if len(got.Modes) != 3 || got.Modes[0].Image_sha256 != got.Modes[2].Image_sha256 || got.Modes[0].Frames != 5 {
		t.Errorf("%+v", got)
	}
	for _, name := range []string{"frametimes.png", "frame.png"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		f.Close()
	}
	for _, name := range []string{"index.html", "result.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !strings.Contains(progress.String(), "collector CPU") {
		t.Errorf("no table beside the JSON:\n%s", progress.String())
	}
}

// watcher calls found once when what it is written contains the text.
type watcher struct {
	mu    sync.Mutex
	all   bytes.Buffer
	text  string
	found func()
}

func (w *watcher) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.Write(p)
	if w.found != nil && strings.Contains(w.all.String(), w.text) {
		w.found()
		w.found = nil
	}
	return len(p), nil
}

func TestInterruptShowsWhatThereIs(t *testing.T) {
	cmd := command(t, "-frames", "1000000", "-live-mb", "1", "-mode", "framealloc", "-json", "-out", t.TempDir())
	var out bytes.Buffer
	cmd.Stdout = &out
	cmd.Stderr = &watcher{text: "frame ", found: func() { cmd.Process.Signal(syscall.SIGINT) }}
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Fatalf("interrupted, it ends with %v", err)
	}
	var got struct{ Modes []struct{ Frames int } }
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got.Modes) != 1 || got.Modes[0].Frames == 0 {
		t.Errorf("%v, %+v: want the frames until the interrupt", err, got)
	}
}
