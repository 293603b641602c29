package snapshot

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

// TestFullDevice writes to a device of the system that is always full.
func TestFullDevice(t *testing.T) {
	r := newRig(t, func(c *Config) {
		c.Files = &brokenFiles{create: func(string) (File, error) { return os.OpenFile("/dev/full", os.O_WRONLY, 0) }}
	})
	r.frames(3)
	if err := r.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Close: %v, want no space left", err)
	}
	if st := r.Stats(); st.Failed != 3 || st.Written != 0 {
		t.Errorf("stats %+v", st)
	}
	if n := len(r.diags.Diagnostics()); n != 1 {
		t.Errorf("%d reports, want 1", n)
	}
}

// TestNoDirectory: /proc takes no files from anyone, root included, and a file is
// no directory.
func TestNoDirectory(t *testing.T) {
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"/proc", "/proc/framealloc", file, file + "/below"} {
		r := newRig(t, func(c *Config) { c.Dir = dir })
		r.frames(2)
		if err := r.Close(); err == nil {
			t.Errorf("%s: Close says nothing", dir)
		}
		if st := r.Stats(); st.Failed != 2 || st.Written != 0 || len(r.diags.Diagnostics()) != 1 {
			t.Errorf("%s: stats %+v, %d reports", dir, st, len(r.diags.Diagnostics()))
		}
	}
}
