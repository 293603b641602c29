package snapshot

import (
	"io"
	"io/fs"
	"os"
	"runtime"
)

// Files is the part of a file system that an [Emitter] uses, for tests that
// make it fail, and for writing elsewhere. Paths are those of package
// path/filepath. It is called from one goroutine at a time.
type Files interface {
	// MkdirAll makes a directory and those above it. One that is there is no
	// error.
	MkdirAll(dir string) error
	// Create makes a file that must not exist.
	Create(path string) (File, error)
	// Rename gives a file another name in its directory, at once, and replaces
	// what has that name.
	Rename(from, to string) error
	Remove(path string) error
	ReadDir(dir string) ([]fs.DirEntry, error)
	Stat(path string) (fs.FileInfo, error)
	// SyncDir makes the names in a directory survive a crash of the system.
	SyncDir(dir string) error
}

// File is a file that is being written.
type File interface {
	io.WriteCloser
	// Sync makes what was written survive a crash of the system.
	Sync() error
}

// osFiles is the file system of the operating system.
type osFiles struct{}

func (osFiles) MkdirAll(dir string) error                 { return os.MkdirAll(dir, 0o755) }
func (osFiles) Rename(from, to string) error              { return os.Rename(from, to) }
func (osFiles) Remove(path string) error                  { return os.Remove(path) }
func (osFiles) ReadDir(dir string) ([]fs.DirEntry, error) { return os.ReadDir(dir) }
func (osFiles) Stat(path string) (fs.FileInfo, error)     { return os.Stat(path) }

func (osFiles) Create(path string) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func (osFiles) SyncDir(dir string) error {
	switch runtime.GOOS {
	case "windows", "plan9", "js", "wasip1": // directories cannot be synced, or need not
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
