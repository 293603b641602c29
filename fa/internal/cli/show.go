package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/report"
)

func (t *Tool) showCommand() *cobra.Command {
	o := new(options)
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Print a file with the findings written into it",
		Long: `show analyzes the package of a Go file and prints the whole file with every
finding, and every step of a flow that passes through it, marked in its line.
The exit code is that of a run of fa on that package.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.show(cmd.Context(), o, args[0])
		},
	}
	cmd.SetFlagErrorFunc(flagError)
	o.analysisFlags(cmd)
	cmd.Flags().StringVar(&o.color, "color", "auto", "color the listing: auto, always or never")
	return cmd
}

// show prints the listing of one file.
func (t *Tool) show(ctx context.Context, o *options, file string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	o.tests = true // the file may be a test
	s, err := t.prepare(o, []string{"file=" + abs})
	if err != nil {
		return err
	}
	style, err := terminalStyle(o.color)
	if err != nil {
		return err
	}
	res, err := s.job.Do(ctx)
	if err != nil {
		return jobError(err)
	}
	rep := s.report(res)
	known, err := s.known(ctx, o)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	known.narrow(rep)
	if rep.Packages == 0 {
		return &exitError{exitLoad, fmt.Errorf("%s belongs to no package of this module", file)}
	}
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f finding.Finding) bool {
		return f.Range.File != abs && !slices.ContainsFunc(f.Flow, func(s finding.Step) bool { return s.Range.File == abs })
	})
	if err := report.Listing(t.Stdout, rep, abs, style); err != nil {
		return err
	}
	return verdict(rep)
}
