package driver

import (
	"context"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/load"
	"github.com/framealloc/framealloc/fa/internal/policy"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// Job is one analysis of a program.
type Job struct {
	Load      load.Options
	Policy    *policy.Policy
	Analyzers []*analysis.Analyzer
	Root      string // what fingerprints see paths from
}

// Result is what a job found.
type Result struct {
	Findings []finding.Finding // after the policy; sorted and identified
	Errors   []load.Error
	Files    *source.Cache
	Matched  int
	Checked  int
	Elapsed  time.Duration
}

// Do loads and analyzes. Its error is not about the program: the go command
// did not run, or an analyzer failed.
func (j *Job) Do(ctx context.Context) (*Result, error) {
	start := time.Now()
	program, err := load.Load(ctx, j.Load)
	if err != nil {
		return nil, err
	}
	files := new(source.Cache)
	for name, text := range j.Load.Overlay {
		files.Put(name, string(text))
	}
	found, err := Run(j.selected(), program.Roots)
	if err != nil {
		return nil, err
	}
	kept := j.Policy.Apply(found)
	finding.Identify(kept, j.Root, files)
	return &Result{
		Findings: kept,
		Errors:   program.Errors,
		Files:    files,
		Matched:  program.Matched,
		Checked:  program.Checked,
		Elapsed:  time.Since(start),
	}, nil
}

// selected leaves out the analyzers of codes that the run is not about, as far
// as they are named after a code.
func (j *Job) selected() []*analysis.Analyzer {
	var kept []*analysis.Analyzer
	for _, a := range j.Analyzers {
		code := diag.Code(strings.ToUpper(a.Name))
		if _, known := codes.Lookup(code); !known || j.Policy.Selected(code) {
			kept = append(kept, a)
		}
	}
	return kept
}
