package driver

import (
	"context"
	"slices"
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

	// Enough, if set, is asked about the findings in each package, after the
	// policy. When it says so, nothing more is analyzed.
	Enough func([]finding.Finding) bool
}

// Result is what a job found.
type Result struct {
	Findings []finding.Finding // after the policy; sorted and identified
	Errors   []load.Error
	Files    *source.Cache
	Matched  int
	Checked  int
	Analyzed int // of those checked; less only if there was enough
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
	judge := func(found []finding.Finding) []finding.Finding {
		kept := j.Policy.Apply(found)
		finding.Identify(kept, j.Root, files)
		return kept
	}
	var found []finding.Finding
	analyzed := program.Checked
	if j.Enough == nil {
		found, err = Run(j.selected(), program.Roots)
	} else {
		found, analyzed, err = RunUntil(j.selected(), program.Roots, func(fs []finding.Finding) bool {
			return j.Enough(judge(slices.Clone(fs)))
		})
	}
	if err != nil {
		return nil, err
	}
	kept := judge(found)
	return &Result{
		Findings: kept,
		Errors:   program.Errors,
		Files:    files,
		Matched:  program.Matched,
		Checked:  program.Checked,
		Analyzed: analyzed,
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
