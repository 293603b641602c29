package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/fix"
	"github.com/framealloc/framealloc/fa/internal/policy"
	"github.com/framealloc/framealloc/fa/internal/report"
)

const checkLong = `fa finds memory-intent mistakes in programs that use framealloc: frame memory
that outlives its frame, frames shared between goroutines without a fork, loops
that allocate without a bound, heap garbage in the hot path.

Errors are proven, warnings are likely, hints are advice. A run fails on errors
only, unless --deny or --deny-warnings say otherwise.

Exit codes: 0 clean, 1 findings that fail the run, 2 wrong usage or
configuration, 3 code that does not load.

The same binary serves go vet -vettool=$(which fa), go fix -fixtool=$(which fa)
and, with a tool line in go.mod, go tool fa.`

const checkExample = `  fa                                  check the module in this directory
  fa --lifetime --threading ./game/...
  fa --format terminal --format sarif=fa.sarif
  fa --fix                            apply the fixes that are certain
  fa --fix --dry-run                  show them as a diff
  fa baseline && fa --baseline .fa-baseline.json
  fa --new-from origin/main           only what this branch brought`

// checkCommand is fa itself: the root of the command tree.
func (t *Tool) checkCommand() *cobra.Command {
	o := new(options)
	cmd := &cobra.Command{
		Use:               "fa [flags] [packages]",
		Short:             "Find memory-intent mistakes in programs that use framealloc",
		Long:              checkLong,
		Example:           checkExample,
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.check(cmd.Context(), o, args)
		},
	}
	cmd.SetFlagErrorFunc(flagError)
	o.analysisFlags(cmd)
	o.testsFlag(cmd)
	o.outputFlags(cmd)
	return cmd
}

// check is a run of fa.
func (t *Tool) check(ctx context.Context, o *options, patterns []string) error {
	s, err := t.prepare(o, patterns)
	if err != nil {
		return err
	}
	targets, err := s.targets(o)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	known, err := s.known(ctx, o)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if s.failFast {
		s.job.Enough = func(fs []finding.Finding) bool {
			return slices.ContainsFunc(fs, func(f finding.Finding) bool { return policy.Fails(f) && !known.has(f) })
		}
	}
	res, err := s.job.Do(ctx)
	if err != nil {
		return jobError(err)
	}
	rep := s.report(res)
	known.narrow(rep)
	if gone := known.gone(rep); gone > 0 && s.whole && rep.Analyzed == rep.Checked {
		fmt.Fprintf(t.Stderr, "fa: %s in %s no longer there; fa baseline brings it up to date\n", report.Plural(gone, "finding"), s.baseline)
	}

	var diff string
	if o.fix || o.dryRun {
		if diff, err = t.fix(ctx, s, rep, o.dryRun); err != nil {
			return &exitError{exitUsage, err}
		}
	}
	if s.failFast {
		stopAtFirstFailure(rep)
	}
	for _, target := range targets {
		if o.dryRun && target.path == "" {
			continue // the diff has standard output for itself
		}
		if err := target.write(rep, t.Stdout); err != nil {
			return &exitError{exitUsage, err}
		}
	}
	if _, err := io.WriteString(t.Stdout, diff); err != nil {
		return &exitError{exitUsage, err}
	}
	return verdict(rep)
}

// verdict turns the outcome into the exit code.
func verdict(rep *report.Report) error {
	if len(rep.Errors) > 0 {
		return &exitError{code: exitLoad}
	}
	if slices.ContainsFunc(rep.Findings, policy.Fails) {
		return &exitError{code: exitFindings}
	}
	return nil
}

// stopAtFirstFailure cuts the report behind the first finding that fails it.
func stopAtFirstFailure(rep *report.Report) {
	i := slices.IndexFunc(rep.Findings, policy.Fails)
	if i >= 0 && (i+1 < len(rep.Findings) || rep.Analyzed < rep.Checked) {
		rep.Findings = rep.Findings[:i+1]
		rep.FailFast = true
	}
}

// fix applies the suggested fixes and removes from the report what they fixed.
// With dryRun it returns them as a diff instead, and the report stays whole.
//
// The fixed program is loaded before it is written. Fixes in a package that
// would not compile any more are given up, and said so: that is a fault of fa.
func (t *Tool) fix(ctx context.Context, s *session, rep *report.Report, dryRun bool) (diff string, err error) {
	spoiled := make(map[string]bool) // packages whose fixes are given up
	for {
		plan := fix.New(rep.Findings, rep.Files, func(i int) bool { return !spoiled[rep.Findings[i].Package] })
		if len(plan.Fixed) == 0 {
			fmt.Fprintln(t.Stderr, "fa: nothing to fix")
			return "", nil
		}
		result, err := plan.Result()
		if err != nil {
			return "", err
		}
		broken, err := s.compiles(ctx, result)
		if err != nil {
			return "", err
		}
		again := false
		for _, i := range plan.Fixed {
			pkg := rep.Findings[i].Package
			if broken[pkg] && !spoiled[pkg] {
				spoiled[pkg] = true
				again = true
				fmt.Fprintf(t.Stderr, "fa: the fixes in %s are left out: the result would not compile; please report this\n", pkg)
			}
		}
		if again {
			continue
		}
		if dryRun {
			return plan.Diff(result, s.dir), nil
		}
		if err := fix.Write(result); err != nil {
			return "", err
		}
		t.fixed(rep, plan, len(result))
		return "", nil
	}
}

// fixed takes what was fixed out of the report and says so.
func (t *Tool) fixed(rep *report.Report, plan *fix.Plan, files int) {
	done := make(map[int]bool)
	for _, i := range plan.Fixed {
		done[i] = true
	}
	var left []finding.Finding
	for i, f := range rep.Findings {
		if !done[i] {
			left = append(left, f)
		}
	}
	rep.Findings = left
	fmt.Fprintf(t.Stderr, "fa: fixed %s in %s\n", report.Plural(len(plan.Fixed), "finding"), report.Plural(files, "file"))
	if n := len(plan.Later); n > 0 {
		fmt.Fprintf(t.Stderr, "fa: %s more would overlap with these: run fa --fix again\n", report.Plural(n, "fix"))
	}
}

// compiles loads the program with some files replaced and returns the packages
// that have errors which they did not have before.
func (s *session) compiles(ctx context.Context, files map[string][]byte) (broken map[string]bool, err error) {
	job := s.job
	job.Analyzers = nil
	job.Load.Overlay = files
	after, err := job.Do(ctx)
	if err != nil {
		return nil, err
	}
	broken = make(map[string]bool)
	for _, e := range after.Errors {
		broken[strings.TrimSuffix(e.Package, "_test")] = true
	}
	return broken, nil
}

// report starts the report about a result.
func (s *session) report(res *driver.Result) *report.Report {
	return &report.Report{
		Findings: res.Findings,
		Errors:   res.Errors,
		Files:    res.Files,
		Root:     s.root,
		Dir:      s.dir,
		Version:  version(),
		Packages: res.Matched,
		Checked:  res.Checked,
		Analyzed: res.Analyzed,
		Elapsed:  res.Elapsed,
	}
}

// jobError is for errors that are not about the program.
func jobError(err error) error {
	if strings.HasPrefix(err.Error(), "internal error") {
		return &exitError{exitUsage, fmt.Errorf("%w\nplease report this (%s)", err, diag.FA901)}
	}
	return &exitError{exitLoad, err}
}

// workingDir returns the working directory without symbolic links, as the go
// command names files.
func workingDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("the working directory: %w", err)
	}
	return dir, nil
}
