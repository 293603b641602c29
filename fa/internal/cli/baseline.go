package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/framealloc/framealloc/fa/internal/baseline"
	"github.com/framealloc/framealloc/fa/internal/report"
	"github.com/framealloc/framealloc/fa/internal/source"
)

func (t *Tool) baselineCommand() *cobra.Command {
	o := new(options)
	cmd := &cobra.Command{
		Use:   "baseline [packages]",
		Short: "Accept the findings of today",
		Long: `baseline writes the findings that fa would report now to a file, ` + baseline.Name + `
or the one that --baseline or the configuration names. A run with --baseline FILE,
or baseline = "FILE" in ` + "`.fa.toml`" + `, then reports only what is new. A finding is
recognized by its code, its file and the text of its line, so it stays accepted
when other lines come and go.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.writeBaseline(cmd.Context(), o, args)
		},
	}
	cmd.SetFlagErrorFunc(flagError)
	o.analysisFlags(cmd)
	o.testsFlag(cmd)
	return cmd
}

// writeBaseline analyzes and writes what it finds.
func (t *Tool) writeBaseline(ctx context.Context, o *options, patterns []string) error {
	s, err := t.prepare(o, patterns)
	if err != nil {
		return err
	}
	path := s.baseline
	if path == "" {
		path = baseline.Name
	}
	res, err := s.job.Do(ctx)
	if err != nil {
		return jobError(err)
	}
	if len(res.Errors) > 0 {
		for _, e := range res.Errors {
			fmt.Fprintln(t.Stderr, "fa:", e)
		}
		return &exitError{exitLoad, fmt.Errorf("no baseline was written: what does not load cannot be accepted")}
	}
	if err := baseline.Write(path, s.root, res.Findings); err != nil {
		return err
	}
	fmt.Fprintf(t.Stderr, "fa: wrote %s to %s\n", report.Plural(len(res.Findings), "finding"), source.Rel(s.dir, path))
	return nil
}
