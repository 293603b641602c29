// Package display gives tests a display for programs that open windows: a virtual
// one, so that they run on machines that have none, and look the same everywhere.
package display

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Environ returns the environment for a program that opens windows. On Linux it
// starts an X server without hardware for the time of the test, and has Mesa draw
// in software; elsewhere it returns the test's own environment. The test fails if
// there is no such server to start, and no display either.
func Environ(tb testing.TB) []string {
	tb.Helper()
	if runtime.GOOS != "linux" {
		return os.Environ()
	}
	server, err := exec.LookPath("Xvfb")
	if err != nil {
		if os.Getenv("DISPLAY") != "" {
			return os.Environ()
		}
		tb.Fatal("no display and no Xvfb: install it (apt-get install xvfb), or run test.sh, which does so")
	}
	return append(software(os.Environ()), "DISPLAY=:"+start(tb, server))
}

// software returns the environment without its display, for drawing in software.
func software(env []string) []string {
	env = slices.DeleteFunc(env, func(v string) bool {
		return strings.HasPrefix(v, "DISPLAY=") || strings.HasPrefix(v, "WAYLAND_DISPLAY=")
	})
	return append(env, "LIBGL_ALWAYS_SOFTWARE=1")
}

// start runs the server until the test ends and returns the number of its display,
// which it chooses itself and writes to a pipe when it is ready.
func start(tb testing.TB, server string) (number string) {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	x := exec.Command(server, "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{w}
	var said strings.Builder
	x.Stdout, x.Stderr = &said, &said
	err = x.Start()
	w.Close()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = x.Process.Signal(os.Interrupt)
		_ = x.Wait()
	})
	_ = r.SetReadDeadline(time.Now().Add(time.Minute))
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		_ = x.Process.Kill()
		_ = x.Wait()
		tb.Fatalf("Xvfb did not come up: %v\n%s", err, said.String())
	}
	return strings.TrimSpace(line)
}
