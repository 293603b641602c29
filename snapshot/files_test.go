package snapshot

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// brokenFiles is the operating system's file system with faults: each function
// that is set comes before the real one, and its error instead of it.
type brokenFiles struct {
	osFiles
	mu       sync.Mutex
	mkdir    func() error
	create   func(path string) (File, error) // instead
	write    func(p []byte) (keep int, err error)
	sync     func() error
	shut     func() error
	rename   func() error
	remove   func(path string) error
	readDir  func() error
	synced   []string
	syncDirs int
}

func (b *brokenFiles) MkdirAll(dir string) error {
	if b.mkdir != nil {
		if err := b.mkdir(); err != nil {
			return err
		}
	}
	return b.osFiles.MkdirAll(dir)
}

func (b *brokenFiles) Create(path string) (File, error) {
	if b.create != nil {
		return b.create(path)
	}
	f, err := b.osFiles.Create(path)
	if err != nil {
		return nil, err
	}
	return &brokenFile{f, b, path}, nil
}

func (b *brokenFiles) Rename(from, to string) error {
	if b.rename != nil {
		if err := b.rename(); err != nil {
			return err
		}
	}
	return b.osFiles.Rename(from, to)
}

func (b *brokenFiles) Remove(path string) error {
	if b.remove != nil {
		if err := b.remove(path); err != nil {
			return err
		}
	}
	return b.osFiles.Remove(path)
}

func (b *brokenFiles) ReadDir(dir string) ([]fs.DirEntry, error) {
	if b.readDir != nil {
		if err := b.readDir(); err != nil {
			return nil, err
		}
	}
	return b.osFiles.ReadDir(dir)
}

func (b *brokenFiles) SyncDir(dir string) error {
	b.mu.Lock()
	b.syncDirs++
	b.mu.Unlock()
	return b.osFiles.SyncDir(dir)
}

type brokenFile struct {
	File
	b    *brokenFiles
	path string
}

func (f *brokenFile) Write(p []byte) (int, error) {
	if f.b.write == nil {
		return f.File.Write(p)
	}
	keep, err := f.b.write(p)
	if err == nil && keep == len(p) {
		return f.File.Write(p)
	}
	n, _ := f.File.Write(p[:keep])
	return n, err
}

func (f *brokenFile) Sync() error {
	f.b.mu.Lock()
	f.b.synced = append(f.b.synced, f.path)
	f.b.mu.Unlock()
	if f.b.sync != nil {
		return f.b.sync()
	}
	return f.File.Sync()
}

func (f *brokenFile) Close() error {
	err := f.File.Close()
	if f.b.shut != nil {
		return f.b.shut()
	}
	return err
}

// written returns the names of the snapshots in a directory, the oldest first,
// and fails unless each is whole and valid. Nothing else may be there but what is
// named.
func written(t *testing.T, dir string, besides ...string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if slices.Contains(besides, name) {
			continue
		}
		if !strings.HasPrefix(name, namePrefix) || !strings.HasSuffix(name, nameSuffix) {
			t.Errorf("there is a file %s", name)
			continue
		}
		read(t, filepath.Join(dir, name))
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// read reads a snapshot and checks it against the schema.
func read(t *testing.T, path string) *Snapshot {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(text) {
		t.Fatalf("%s is torn: %q", path, text)
	}
	for _, problem := range problems(t, text) {
		t.Errorf("%s: %s", path, problem)
	}
	s := new(Snapshot)
	if err := json.Unmarshal(text, s); err != nil {
		t.Fatal(err)
	}
	return s
}
