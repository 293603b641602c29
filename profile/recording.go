package profile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Recordings are named after the time, so that they sort by age.
const (
	recordingPrefix = "slow-"
	recordingSuffix = ".trace"
	verdictSuffix   = ".txt"
	recordingTime   = "20060102T150405.000000"
)

func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("framealloc: directory for recordings: %w", err)
	}
	return nil
}

// record writes what the flight recorder holds to a file and returns its name.
func (s *SlowFrames) record(slow SlowFrame) (string, error) {
	name := fmt.Sprintf("%s%s-%s-%d%s", recordingPrefix, slow.Begin.UTC().Format(recordingTime), fileName(slow.Worker), slow.Frame, recordingSuffix)
	path := filepath.Join(s.config.Dir, name)
	if err := writeFile(path, s.recorder); err != nil {
		return "", fmt.Errorf("framealloc: recording of a slow frame: %w", err)
	}
	s.retain()
	return path, nil
}

// annotate writes the verdict beside the recording.
func (s *SlowFrames) annotate(slow SlowFrame) error {
	f := slow.Verdict.Figures
	var b bytes.Buffer
	fmt.Fprintf(&b, "%v\n\nbegan %v\nmeasured %+v\nsplit %+v\nusual %+v\n\nopen with: go tool trace %s\n",
		slow, slow.Begin.Format("2006-01-02 15:04:05.000000 -0700"), f, slow.Verdict.Split, slow.Verdict.Usual, filepath.Base(slow.Recording))
	if err := writeFile(strings.TrimSuffix(slow.Recording, recordingSuffix)+verdictSuffix, &b); err != nil {
		return fmt.Errorf("framealloc: verdict on a slow frame: %w", err)
	}
	return nil
}

// writeFile writes a file that appears when it is complete.
func writeFile(path string, content io.WriterTo) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = content.WriteTo(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// retain removes the oldest recordings, with their verdicts.
func (s *SlowFrames) retain() {
	entries, err := os.ReadDir(s.config.Dir) // sorted by name
	if err != nil {
		return // the next recording will tell
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool {
		return !strings.HasPrefix(e.Name(), recordingPrefix) || !strings.HasSuffix(e.Name(), recordingSuffix)
	})
	for _, e := range entries[:max(0, len(entries)-s.config.Keep)] {
		path := filepath.Join(s.config.Dir, e.Name())
		_ = os.Remove(path)
		_ = os.Remove(strings.TrimSuffix(path, recordingSuffix) + verdictSuffix)
	}
}

// fileName leaves of a worker's name what any file system takes.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == '.':
			return r
		}
		return '_'
	}, name[:min(len(name), 40)])
}
