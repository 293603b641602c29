package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// rig is an allocator with an emitter that takes a snapshot at every boundary,
// unless set up otherwise.
type rig struct {
	*Emitter
	alloc *framealloc.Allocator
	diags *diag.Collector
	dir   string
}

func newRig(t *testing.T, setUp func(*Config)) *rig {
	t.Helper()
	r := &rig{diags: diag.NewCollector(t), dir: filepath.Join(t.TempDir(), "a", "b")}
	r.alloc = framealloc.NewAllocator(framealloc.Config{Reporter: r.diags.Reporter()})
	t.Cleanup(func() { _ = r.alloc.Close() })
	o := Observe(r.alloc)
	t.Cleanup(o.Stop)
	c := Config{Dir: r.dir, Every: 1, MinInterval: -1, RequestPoll: -1, Queue: 100, Keep: -1, KeepBytes: -1}
	if setUp != nil {
		setUp(&c)
	}
	e, err := NewEmitter(o, c)
	if err != nil {
		t.Fatal(err)
	}
	r.Emitter = e
	t.Cleanup(func() { _ = e.Close() })
	return r
}

// frames runs n frames.
func (r *rig) frames(n int) {
	for range n {
		r.alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 64) })
	}
}

func TestEmitterWritesAtBoundaries(t *testing.T) {
	r := newRig(t, nil)
	r.frames(4)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	names := written(t, r.dir)
	if len(names) != 4 {
		t.Fatalf("files %q, want 4", names)
	}
	for i, name := range names { // each is of the frames before the one it was taken in
		s := read(t, filepath.Join(r.dir, name))
		if s.Frame.Number != uint64(i) || s.Totals.Frames != uint64(i) || s.Totals.Frame.Bytes != uint64(64*i) || s.Totals.Frame.Bytes != s.Workers[0].Frame.Bytes {
			t.Errorf("snapshot %d: frame %+v, totals %+v", i, s.Frame, s.Totals)
		}
	}
	st := r.Stats()
	if st.Taken != 4 || st.Written != 4 || st.Dropped != 0 || st.Failed != 0 || st.Bytes == 0 || st.LastError != nil || filepath.Base(st.LastPath) != names[3] {
		t.Errorf("stats %+v", st)
	}
	r.frames(3) // after Close, nothing happens
	if err := r.Close(); err != nil || r.Stats().Taken != 4 {
		t.Errorf("after Close: %v, %+v", err, r.Stats())
	}
	r.diags.RequireNone()
}

func TestEmitterConfig(t *testing.T) {
	o, _ := scene(t)
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{}, "Config.Dir is empty"},
		{Config{Dir: "x", Every: -1}, "Config.Every is -1ns"},
		{Config{Dir: "x", Queue: -1}, "Config.Queue is -1"},
	} {
		if e, err := NewEmitter(o, c.config); err == nil || !strings.Contains(err.Error(), c.want) || e != nil {
			t.Errorf("%+v: %v, want %q", c.config, err, c.want)
		}
	}
	c := Config{Dir: "x"}
	if err := c.complete("main"); err != nil {
		t.Fatal(err)
	}
	c.Files = nil
	want := Config{Dir: "x", MinInterval: 500 * time.Millisecond, RequestFile: "snapshot.request", RequestPoll: 250 * time.Millisecond,
		Keep: 30, KeepBytes: 64 << 20, Queue: 4, Worker: "main"}
	if c != want {
		t.Errorf("defaults %+v, want %+v", c, want)
	}
}

func TestEmitterAtClose(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Every, c.AtClose = 0, true })
	r.frames(3)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	names := written(t, r.dir)
	if len(names) != 1 {
		t.Fatalf("files %q, want 1", names)
	}
	if s := read(t, filepath.Join(r.dir, names[0])); s.Frame.Number != 3 || s.Totals.Frame.Bytes != 192 {
		t.Errorf("frame %+v, totals %+v", s.Frame, s.Totals)
	}
}

func TestEmitterOfAnotherWorker(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Worker = "render" })
	w := r.alloc.NewWorker("render")
	defer w.Close()
	r.frames(5)
	for range 2 {
		w.Frame(func(*framealloc.Frame) {})
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	names := written(t, r.dir)
	if len(names) != 2 {
		t.Fatalf("files %q, want 2", names)
	}
	if s := read(t, filepath.Join(r.dir, names[1])); s.Frame.Worker != "render" || s.Frame.Number != 1 || s.Totals.Frames != 6 {
		t.Errorf("frame %+v, totals %+v", s.Frame, s.Totals)
	}
}

// TestEmitterInterval runs on a clock of its own: a frame every 10 ms.
func TestEmitterInterval(t *testing.T) {
	for _, c := range []struct {
		name            string
		every, interval time.Duration
		requests        []int // asked for before these frames, of 101 that begin at 0, 10, … 1000 ms
		want            []int64
	}{
		{"periodic", 300 * time.Millisecond, -1, nil, []int64{300, 600, 900}},
		{"on request", 0, -1, []int{10, 11, 40}, []int64{100, 110, 400}},
		{"requests that wait", 0, 200 * time.Millisecond, []int{10, 11, 12, 90}, []int64{100, 300, 900}},
		{"too often", 50 * time.Millisecond, 400 * time.Millisecond, nil, []int64{50, 450, 850}},
		{"both", 300 * time.Millisecond, -1, []int{10, 50}, []int64{100, 300, 500, 600, 900}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(k *Config) { k.Every, k.MinInterval = c.every, c.interval })
				begin := time.Now()
				for i := range 101 {
					for _, at := range c.requests {
						if at == i {
							r.Request()
						}
					}
					r.frames(1)
					time.Sleep(10 * time.Millisecond)
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
				var got []int64
				for _, name := range written(t, r.dir) {
					got = append(got, read(t, filepath.Join(r.dir, name)).Taken.Sub(begin).Milliseconds())
				}
				if fmt.Sprint(got) != fmt.Sprint(c.want) {
					t.Errorf("taken after %v ms, want %v", got, c.want)
				}
			})
		})
	}
}

// touch makes the request file, or makes it newer.
func touch(t *testing.T, dir, name string, at time.Time) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// run runs a frame every 10 ms, for a while.
func (r *rig) run(d time.Duration) {
	for range d / (10 * time.Millisecond) {
		r.frames(1)
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
	}
}

func TestRequestFile(t *testing.T) {
	for _, name := range []string{"", "now"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func(c *Config) { c.Every, c.RequestPoll, c.RequestFile = 0, 100*time.Millisecond, name })
			if name == "" {
				name = RequestFile
			}
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			r.run(time.Second)
			if got := r.Stats(); got.Taken != 0 {
				t.Errorf("taken without a request: %+v", got)
			}
			for i := range 2 {
				touch(t, r.dir, name, at) // the second time, a new file of the same age
				r.run(time.Second)
				if got := r.Stats(); got.Written != uint64(i+1) {
					t.Errorf("after request %d: %+v", i+1, got)
				}
				if _, err := os.Stat(filepath.Join(r.dir, name)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the request file is still there: %v", err)
				}
			}
			if n := len(written(t, r.dir)); n != 2 {
				t.Errorf("%d files, want 2", n)
			}
			_ = r.Close()
		})
	}
}

// TestRequestFileThatStays: where it cannot be removed, it asks once each time it
// is touched.
func TestRequestFileThatStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(c *Config) {
			c.Every, c.RequestPoll = 0, 100*time.Millisecond
			c.Files = &brokenFiles{remove: func(path string) error { return &fs.PathError{Op: "remove", Path: path, Err: fs.ErrPermission} }}
		})
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range 3 {
			touch(t, r.dir, RequestFile, at.Add(time.Duration(i)*time.Second))
			r.run(time.Second)
			if got := r.Stats(); got.Written != uint64(i+1) || got.LastError != nil {
				t.Errorf("after touch %d: %+v", i+1, got)
			}
		}
		written(t, r.dir, RequestFile)
		_ = r.Close()
		r.diags.RequireNone()
	})
}

// TestRequestDuringWriting: a touch between the boundary and the end of writing is
// a request of its own, and its file stays until that is answered.
func TestRequestDuringWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var r *rig
		writes := 0
		r = newRig(t, func(c *Config) {
			c.Every, c.RequestPoll = 0, 100*time.Millisecond
			c.Files = &brokenFiles{write: func(p []byte) (int, error) {
				if writes++; writes == 1 {
					touch(t, c.Dir, RequestFile, at.Add(time.Hour))
				}
				return len(p), nil
			}}
		})
		touch(t, r.dir, RequestFile, at)
		r.run(time.Second)
		if got := r.Stats(); got.Written != 2 {
			t.Errorf("%+v, want two snapshots", got)
		}
		written(t, r.dir) // and no request file
		_ = r.Close()
	})
}

func TestRetention(t *testing.T) {
	t.Run("files", func(t *testing.T) {
		r := newRig(t, func(c *Config) { c.Keep = 3 })
		touch(t, r.dir, "mine.json", time.Now())
		touch(t, r.dir, "framealloc-20200101T000000.000000000Z-000001.json", time.Now()) // of an earlier run
		r.frames(8)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		names := written(t, r.dir, "mine.json")
		if len(names) != 3 || read(t, filepath.Join(r.dir, names[2])).Sequence != 8 {
			t.Errorf("files %q, want the last 3 of 8", names)
		}
		if got := r.Stats(); got.Removed != 6 {
			t.Errorf("%d removed, want 6", got.Removed)
		}
	})
	t.Run("bytes", func(t *testing.T) {
		r := newRig(t, func(c *Config) { c.KeepBytes = 1 })
		r.frames(5)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if names := written(t, r.dir); len(names) != 1 || read(t, filepath.Join(r.dir, names[0])).Sequence != 5 {
			t.Errorf("files %q, want the last: it stays though it is too large", names)
		}
	})
	t.Run("some bytes", func(t *testing.T) {
		r := newRig(t, func(c *Config) { c.KeepBytes = 16 << 10 })
		r.frames(30)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for _, name := range written(t, r.dir) {
			info, err := os.Stat(filepath.Join(r.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			total += info.Size()
		}
		if total > 16<<10 || total < 8<<10 {
			t.Errorf("%d bytes are kept of 16 KiB", total)
		}
	})
}

// TestSweep: what a program that was killed has left is removed when it is old.
func TestSweep(t *testing.T) {
	r := newRig(t, nil)
	touch(t, r.dir, ".framealloc-old.tmp", time.Now().Add(-2*time.Hour))
	touch(t, r.dir, ".framealloc-new.tmp", time.Now()) // of another program that is writing it
	touch(t, r.dir, ".other.tmp", time.Now().Add(-2*time.Hour))
	r.frames(1)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	written(t, r.dir, ".framealloc-new.tmp", ".other.tmp")
}

// TestFaults: whatever fails, frames go on, nothing torn is visible, nothing is
// left behind, it is counted and reported once, and when the fault is gone, so is
// the trouble.
func TestFaults(t *testing.T) {
	full := func(op string) error {
		return &fs.PathError{Op: op, Path: "disk", Err: syscall.ENOSPC}
	}
	for _, c := range []struct {
		name  string
		fault func(b *brokenFiles, on func() bool)
		want  string
	}{
		{"no directory", func(b *brokenFiles, on func() bool) {
			b.mkdir = func() error {
				if on() {
					return &fs.PathError{Op: "mkdir", Path: "disk", Err: fs.ErrPermission}
				}
				return nil
			}
		}, "permission denied"},
		{"read-only directory", func(b *brokenFiles, on func() bool) {
			real := &brokenFiles{}
			b.create = func(path string) (File, error) {
				if on() {
					return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.EROFS}
				}
				return real.Create(path)
			}
		}, syscall.EROFS.Error()},
		{"full disk", func(b *brokenFiles, on func() bool) {
			b.write = func(p []byte) (int, error) {
				if on() {
					return len(p) / 2, full("write")
				}
				return len(p), nil
			}
		}, syscall.ENOSPC.Error()},
		{"short write", func(b *brokenFiles, on func() bool) {
			b.write = func(p []byte) (int, error) {
				if on() {
					return 100, nil
				}
				return len(p), nil
			}
		}, "100 of "},
		{"sync fails", func(b *brokenFiles, on func() bool) {
			b.sync = func() error {
				if on() {
					return full("sync")
				}
				return nil
			}
		}, syscall.ENOSPC.Error()},
		{"close fails", func(b *brokenFiles, on func() bool) {
			b.shut = func() error {
				if on() {
					return full("close")
				}
				return nil
			}
		}, syscall.ENOSPC.Error()},
		{"rename fails", func(b *brokenFiles, on func() bool) {
			b.rename = func() error {
				if on() {
					return full("rename")
				}
				return nil
			}
		}, syscall.ENOSPC.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			attempts := 0 // of the writing goroutine
			var files brokenFiles
			c.fault(&files, func() bool { attempts++; return attempts <= 3 })
			r := newRig(t, func(k *Config) { k.Files, k.Sync = &files, true })
			r.frames(5)
			if err := r.Close(); err != nil {
				t.Errorf("the last attempt succeeded, and Close says %v", err)
			}
			if names := written(t, r.dir); len(names) != 2 {
				t.Errorf("files %q, want 2", names)
			}
			if st := r.Stats(); st.Taken != 5 || st.Failed != 3 || st.Written != 2 {
				t.Errorf("stats %+v", st)
			}
			list := r.diags.Diagnostics()
			if len(list) != 1 || !strings.Contains(list[0].Message, c.want) || !strings.Contains(list[0].Message, r.dir) || list[0].Severity != diag.SeverityWarning {
				t.Errorf("reported %+v, want one warning with %q", list, c.want)
			}
			if len(list) > 0 && !strings.Contains(list[0].Caller, "emitter_test.go:") {
				t.Errorf("the warning is about %q, want where the emitter was made", list[0].Caller)
			}
		})
	}
}

// TestRetentionFails: the snapshot is written all the same.
func TestRetentionFails(t *testing.T) {
	for name, files := range map[string]*brokenFiles{
		"list":   {readDir: func() error { return fs.ErrPermission }},
		"remove": {remove: func(path string) error { return &fs.PathError{Op: "remove", Path: path, Err: fs.ErrPermission} }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(c *Config) { c.Files, c.Keep = files, 1 })
			r.frames(3)
			if err := r.Close(); !errors.Is(err, fs.ErrPermission) {
				t.Errorf("Close: %v", err)
			}
			if st := r.Stats(); st.Written != 3 || st.Failed != 0 || st.Removed != 0 {
				t.Errorf("stats %+v", st)
			}
			if n := len(written(t, r.dir)); n != 3 {
				t.Errorf("%d files, want 3", n)
			}
			if n := len(r.diags.Diagnostics()); n != 1 {
				t.Errorf("%d reports, want 1", n)
			}
		})
	}
}

// TestSync: with Sync, file and directory are synced; without, neither is.
func TestSync(t *testing.T) {
	for _, on := range []bool{true, false} {
		var files brokenFiles
		r := newRig(t, func(c *Config) { c.Files, c.Sync = &files, on })
		r.frames(2)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		want := 0
		if on {
			want = 2
		}
		if len(files.synced) != want || files.syncDirs != want {
			t.Errorf("Sync %v: %d files and %d directories synced, want %d", on, len(files.synced), files.syncDirs, want)
		}
	}
}

// TestStrictModeSurvivesAFullDisk: strict mode panics on the goroutine that made a
// mistake. The writing goroutine has made none.
func TestStrictModeSurvivesAFullDisk(t *testing.T) {
	var seen diag.Collector
	reporter := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&seen}, Strict: diag.StrictWarnings})
	alloc := framealloc.NewAllocator(framealloc.Config{Reporter: reporter})
	defer alloc.Close()
	o := Observe(alloc)
	defer o.Stop()
	e, err := NewEmitter(o, Config{Dir: t.TempDir(), Every: 1, MinInterval: -1, RequestPoll: -1,
		Files: &brokenFiles{write: func([]byte) (int, error) { return 0, syscall.ENOSPC }}})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		alloc.Frame(func(*framealloc.Frame) {})
	}
	if err := e.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Close: %v", err)
	}
	if n := len(seen.Diagnostics()); n != 1 {
		t.Errorf("%d reports, want 1", n)
	}
}

// TestSlowDisk: while nothing can be written, frames go on, and what does not fit
// into the queue is dropped.
func TestSlowDisk(t *testing.T) {
	stuck, resume := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r := newRig(t, func(c *Config) {
		c.Queue = 3
		c.Files = &brokenFiles{write: func(p []byte) (int, error) {
			once.Do(func() { close(stuck) })
			<-resume
			return len(p), nil
		}}
	})
	r.frames(1)
	<-stuck // one is being written
	r.frames(99)
	if st := r.Stats(); st.Taken != 3 || st.Dropped != 97 || st.Written != 0 {
		t.Errorf("while the disk hangs: %+v", st)
	}
	r.Request() // is answered when there is room
	close(resume)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(written(t, r.dir)); n != 3 {
		t.Errorf("%d files, want 3", n)
	}
}

// TestDroppedRequestStaysOpen: a request for which there was no room is answered
// later.
func TestDroppedRequestStaysOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		resume := make(chan struct{})
		r := newRig(t, func(c *Config) {
			c.Every, c.Queue = 0, 1
			c.Files = &brokenFiles{write: func(p []byte) (int, error) { <-resume; return len(p), nil }}
		})
		r.Request()
		r.frames(1)
		r.Request()
		r.frames(1)
		if st := r.Stats(); st.Taken != 1 || st.Dropped != 1 {
			t.Errorf("while the disk hangs: %+v", st)
		}
		close(resume)
		synctest.Wait()
		r.frames(1)
		synctest.Wait()
		r.frames(1)
		if st := r.Stats(); st.Taken != 2 || st.Dropped != 1 {
			t.Errorf("afterwards: %+v", st)
		}
		_ = r.Close()
	})
}

// TestNothingTornIsVisible reads the directory all the while it is written to.
func TestNothingTornIsVisible(t *testing.T) {
	var r *rig
	looked := 0
	r = newRig(t, func(c *Config) {
		c.Files = &brokenFiles{write: func(p []byte) (int, error) {
			// Half of it is in the file by now, as far as a reader can know.
			entries, err := os.ReadDir(c.Dir)
			if err != nil {
				return 0, err
			}
			for _, e := range entries {
				if strings.HasPrefix(e.Name(), namePrefix) {
					read(t, filepath.Join(c.Dir, e.Name()))
					looked++
				}
			}
			return len(p), nil
		}}
	})
	r.frames(10)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if len(written(t, r.dir)) != 10 || looked != 45 {
		t.Errorf("looked at %d files, want 0+1+…+9", looked)
	}
}
