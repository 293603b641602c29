package profile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/trace"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
)

// events parses an execution trace with go tool trace: one event a line.
func events(t *testing.T, recording []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "recording.trace")
	if err := os.WriteFile(name, recording, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("go", "tool", "trace", "-d=parsed", name)
	c.Env = append(os.Environ(), "GOOS=", "GOARCH=")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("go tool trace: %v\n%s", err, out)
	}
	return string(out)
}

// record records an execution trace of what fn does.
func record(t *testing.T, fn func()) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := trace.Start(&out); err != nil {
		t.Fatal(err)
	}
	fn()
	trace.Stop()
	return out.Bytes()
}

func TestFramesAreTasks(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	stop := Trace(a)
	frame := func() {
		f := a.BeginFrame()
		f.WithPhase("update", func() {
			f.WithTag("ai", func() { framealloc.New[[8]uint64](f) })
			framealloc.Parallel(f, 2, func(f *framealloc.Frame, _ int) {
				f.WithPhase("physics", func() { framealloc.New[[8]uint64](f) })
			})
		})
		a.EndFrame()
	}
	frame() // nobody records
	log := events(t, record(t, func() { frame(); frame() }))
	begins := regexp.MustCompile(`TaskBegin .*Task\((\d+)\).*Type="frame"|TaskBegin .*ID=(\d+).*Type="frame"`).FindAllStringSubmatch(log, -1)
	if len(begins) != 2 {
		t.Fatalf("%d tasks in\n%s", len(begins), matching(log, "Task|Region|Log"))
	}
	for i, m := range begins {
		id := m[1] + m[2]
		for what, n := range map[string]int{
			`TaskEnd .*ID=` + id + ` `:                                                            1,
			`RegionBegin .*Task=` + id + ` .*"update"`:                                            1,
			`RegionBegin .*Task=` + id + ` .*"update/physics"`:                                    2,
			`Log .*Task=` + id + ` .*"frame".*"frame ` + string(rune('2'+i)) + ` of worker main"`: 1,
			`Log .*Task=` + id + ` .*"tag".*"ai"`:                                                 1,
			`Log .*Task=` + id + ` .*"ai left after .*: 64 bytes in 1 allocations"`:               1,
			`Log .*Task=` + id + ` .*"192 bytes in 3 allocations, .* collections"`:                1,
		} {
			if got := len(regexp.MustCompile(what).FindAllString(log, -1)); got != n {
				t.Errorf("frame %d: %d events match %s, want %d", i+2, got, what, n)
			}
		}
	}
	if t.Failed() {
		t.Log(matching(log, "Task|Region|Log"))
	}
	stop()
	if log := events(t, record(t, frame)); strings.Contains(log, "TaskBegin") {
		t.Errorf("tasks after stop:\n%s", matching(log, "Task"))
	}
}

func matching(text, pattern string) string {
	re := regexp.MustCompile(pattern)
	var b strings.Builder
	for line := range strings.Lines(text) {
		if re.MatchString(line) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestTracingAllocatesNothingWhileNobodyRecords(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	defer Trace(a)()
	frame := func() {
		f := a.BeginFrame()
		f.WithPhase("update", func() { f.WithTag("ai", func() { framealloc.New[[8]uint64](f) }) })
		a.EndFrame()
	}
	frame()
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%g heap allocations a frame", n)
	}
}
