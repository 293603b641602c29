//go:build (linux || darwin) && (amd64 || arm64)

package tracyframe

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unsafe"

	"github.com/ebitengine/purego"
)

// A recorder is a stand-in for Tracy's client: a library that writes down its
// calls.
type recorder struct {
	t                     *testing.T
	file                  string
	recordedFn, connectFn uintptr
}

// newRecorder compiles testdata/recorder.c, which takes a C compiler.
func newRecorder(t *testing.T, flags ...string) *recorder {
	t.Helper()
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "cc"
	}
	file := filepath.Join(t.TempDir(), "libRecorder.so")
	args := append(flags, "-shared", "-fPIC", "-o", file, "testdata/recorder.c", "-lpthread")
	if out, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		t.Fatalf("these tests need a C compiler (test.sh installs gcc and libc6-dev): %v\n%s", err, out)
	}
	handle, err := open(file)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{t: t, file: file}
	for name, to := range map[string]*uintptr{"recorded": &r.recordedFn, "connect_to": &r.connectFn} {
		if *to, err = find(handle, name); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *recorder) connect(on uintptr) { purego.SyscallN(r.connectFn, on) }

var thread = regexp.MustCompile(` @[0-9a-f]+`)

// calls returns what was called since the last time, without the threads.
func (r *recorder) calls() []string {
	return strings.Split(thread.ReplaceAllString(r.text(), ""), "\n")
}

func (r *recorder) text() string {
	b := make([]byte, 1<<22)
	n, _, _ := purego.SyscallN(r.recordedFn, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return strings.TrimSuffix(string(b[:n]), "\n")
}

// expect compares the calls since the last time with lines.
func (r *recorder) expect(want ...string) {
	r.t.Helper()
	got := r.calls()
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			r.t.Errorf("call %d is %q, want %q, of\n%s", i, g, w, strings.Join(got, "\n"))
			return
		}
	}
}
