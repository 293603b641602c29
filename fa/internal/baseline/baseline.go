// Package baseline keeps the findings that a project has accepted, so that a
// run fails on new ones only.
package baseline

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// Name is the file that is written and read unless another is named.
const Name = ".fa-baseline.json"

// version is the version of the file's form and of how fingerprints are made.
const version = 1

// file is the content of a baseline file. Findings are sorted by file and
// place, one a line group, so that the file diffs well under version control.
type file struct {
	Version  int     `json:"version"`
	Findings []entry `json:"findings"`
}

// entry is one accepted finding. Only the fingerprint is compared; the rest
// is for people.
type entry struct {
	Fingerprint string    `json:"fingerprint"`
	Code        diag.Code `json:"code"`
	File        string    `json:"file"`
	Message     string    `json:"message"`
}

// Write writes the findings, which must be identified, to a file. Paths in it
// are relative to root.
func Write(path, root string, fs []finding.Finding) error {
	out := file{Version: version, Findings: []entry{}}
	for _, f := range fs {
		out.Findings = append(out.Findings, entry{f.Fingerprint, f.Code, source.Rel(root, f.Range.File), f.Message})
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

// Baseline is a set of accepted findings.
type Baseline struct {
	accepted map[string]bool
}

// Read reads a baseline file.
func Read(path string) (*Baseline, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("baseline %s does not exist: `fa baseline` writes it", path)
	}
	if err != nil {
		return nil, err
	}
	var in file
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("baseline %s: %w", path, err)
	}
	if in.Version != version {
		return nil, fmt.Errorf("baseline %s has version %d, not %d: write it again with `fa baseline`", path, in.Version, version)
	}
	b := &Baseline{accepted: make(map[string]bool, len(in.Findings))}
	for _, e := range in.Findings {
		b.accepted[e.Fingerprint] = true
	}
	return b, nil
}

// Has reports whether a finding, which must be identified, is accepted.
func (b *Baseline) Has(f finding.Finding) bool { return b.accepted[f.Fingerprint] }

// Len returns the number of accepted findings.
func (b *Baseline) Len() int { return len(b.accepted) }
