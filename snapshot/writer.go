package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// Names of snapshots sort by time. What is being written has another name, which
// begins with a dot.
const (
	namePrefix = "framealloc-"
	nameSuffix = ".json"
	tempPrefix = "." + namePrefix
	tempSuffix = ".tmp"
	nameTime   = "20060102T150405.000000000Z"
)

// staleAfter is the age at which a file that was left half-written by a program
// that ended is removed.
const staleAfter = time.Hour

// scribe is what the writing goroutine works with; nobody else touches it.
type scribe struct {
	*Emitter
	text    bytes.Buffer
	swept   bool
	failing bool // the last attempt failed, and that was reported

	// The request file as it was seen last, and the request that it made.
	seen    time.Time
	request uint64
	open    bool // it has not been answered
}

// write is the writing goroutine.
func (e *Emitter) write() {
	w := &scribe{Emitter: e}
	var poll <-chan time.Time
	if e.config.RequestPoll > 0 {
		ticker := time.NewTicker(e.config.RequestPoll)
		defer ticker.Stop()
		poll = ticker.C
	}
	for {
		select {
		case j := <-e.queue:
			w.do(j)
		case <-poll:
			w.look()
		case <-e.done:
			for len(e.queue) > 0 {
				w.do(<-e.queue)
			}
			return
		}
	}
}

// do writes one snapshot and keeps to the bounds.
func (w *scribe) do(j job) {
	path, err := w.store(j.snapshot)
	size := w.text.Len()
	w.free <- j.snapshot
	removed := 0
	if err == nil {
		w.answer(j)
		removed, err = w.prune(filepath.Base(path))
	}
	w.mu.Lock()
	s := &w.stats
	s.LastError = err
	s.Removed += uint64(removed)
	if path != "" {
		s.Written++
		s.Bytes += uint64(size)
		s.LastPath = path
	} else {
		s.Failed++
	}
	w.mu.Unlock()
	w.tell(err)
}

// store writes one snapshot under a temporary name and renames it. The path is
// empty if it could not. What was written stays in w.text.
func (w *scribe) store(s *Snapshot) (path string, err error) {
	w.text.Reset()
	enc := json.NewEncoder(&w.text)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		return "", err
	}
	files, dir := w.config.Files, w.config.Dir
	if err := files.MkdirAll(dir); err != nil {
		return "", err
	}
	w.sweep()
	name := fmt.Sprintf("%s%s-%06d", namePrefix, s.Taken.Format(nameTime), s.Sequence)
	temp := filepath.Join(dir, "."+name+tempSuffix)
	if err := w.fill(temp); err != nil {
		return "", err
	}
	path = filepath.Join(dir, name+nameSuffix)
	if err := files.Rename(temp, path); err != nil {
		_ = files.Remove(temp)
		return "", err
	}
	if w.config.Sync {
		if err := files.SyncDir(dir); err != nil {
			return path, fmt.Errorf("the directory of %s was not synced: %w", path, err)
		}
	}
	return path, nil
}

// fill makes the file and removes it again if it cannot be written whole.
func (w *scribe) fill(path string) error {
	f, err := w.config.Files.Create(path)
	if err != nil {
		return err
	}
	n, err := f.Write(w.text.Bytes())
	if err == nil && n < w.text.Len() {
		err = fmt.Errorf("write %s: %d of %d bytes were taken", path, n, w.text.Len())
	}
	if err == nil && w.config.Sync {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = w.config.Files.Remove(path)
	}
	return err
}

// look looks for the request file.
func (w *scribe) look() {
	info, err := w.config.Files.Stat(filepath.Join(w.config.Dir, w.config.RequestFile))
	if err != nil {
		w.seen = time.Time{} // not there: when it appears, it is new
		return
	}
	if at := info.ModTime(); !at.Equal(w.seen) {
		w.seen, w.open = at, true
		w.request = w.wanted.Add(1)
	}
}

// answer removes the request file if the snapshot was taken after it was seen,
// unless it was touched again since.
func (w *scribe) answer(j job) {
	if !w.open || j.serves < w.request {
		return
	}
	w.open = false
	path := filepath.Join(w.config.Dir, w.config.RequestFile)
	if info, err := w.config.Files.Stat(path); err == nil && info.ModTime().Equal(w.seen) {
		// If it cannot be removed, it asks again when it is touched.
		_ = w.config.Files.Remove(path)
	}
}

// prune removes the oldest snapshots until the rest is within the bounds. The one
// just written stays.
func (w *scribe) prune(written string) (removed int, err error) {
	keep, keepBytes := w.config.Keep, w.config.KeepBytes
	if keep < 0 && keepBytes < 0 {
		return 0, nil
	}
	entries, err := w.config.Files.ReadDir(w.config.Dir)
	if err != nil {
		return 0, err
	}
	var names []string
	sizes := map[string]int64{}
	total := int64(0)
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasPrefix(name, namePrefix) || !strings.HasSuffix(name, nameSuffix) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // gone since
		}
		names = append(names, name)
		sizes[name] = info.Size()
		total += info.Size()
	}
	slices.Sort(names)
	var failed []error
	left := len(names)
	for _, name := range names {
		if (keep < 0 || left <= keep) && (keepBytes < 0 || total <= keepBytes) {
			break
		}
		if name == written {
			continue
		}
		if err := w.config.Files.Remove(filepath.Join(w.config.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
			continue
		}
		removed++
		left--
		total -= sizes[name]
	}
	return removed, errors.Join(failed...)
}

// sweep removes, once, what programs that ended while they wrote have left.
func (w *scribe) sweep() {
	if w.swept {
		return
	}
	w.swept = true
	entries, err := w.config.Files.ReadDir(w.config.Dir)
	if err != nil {
		return // prune will say so
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPrefix) || !strings.HasSuffix(e.Name(), tempSuffix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
			_ = w.config.Files.Remove(filepath.Join(w.config.Dir, e.Name()))
		}
	}
}

// tell reports the first of several errors in a row.
func (w *scribe) tell(err error) {
	if err == nil {
		w.failing = false
		return
	}
	if w.failing {
		return
	}
	w.failing = true
	defer func() {
		// Strict mode stops the goroutine that made a mistake. Nobody made one
		// here, and the program must not end for a full disk.
		if p := recover(); p != nil {
			if _, strict := p.(*diag.Error); !strict {
				panic(p)
			}
		}
	}()
	w.observer.alloc.Reporter().Report(diag.Diagnostic{
		Severity: diag.SeverityWarning, PC: w.pc,
		Message: fmt.Sprintf("snapshots cannot be written to %s: %v", w.config.Dir, err),
		Note:    "frames go on; each snapshot that is due is tried, and what becomes of them is in Emitter.Stats",
		Help:    "make room in the directory, or choose another in snapshot.Config",
	})
}
