package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/load"
	"github.com/framealloc/framealloc/fa/internal/lsp"
)

func (t *Tool) lspCommand() *cobra.Command {
	o := new(options)
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor over standard input and output",
		Long: `lsp speaks the language server protocol: findings with their flow as you type,
fixes as quick fixes, explanations on hover. Run it beside gopls.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			server := &lsp.Server{
				Version: version(),
				Quiet:   300 * time.Millisecond,
				Analyze: func(ctx context.Context, module string, dirs []string, overlay map[string][]byte) (*driver.Result, error) {
					return t.analyzeOpen(ctx, o, module, dirs, overlay)
				},
			}
			return server.Serve(cmd.Context(), t.Stdin, t.Stdout)
		},
	}
	cmd.SetFlagErrorFunc(flagError)
	o.analysisFlags(cmd)
	cmd.Flags().Bool("stdio", true, "accepted because many editors pass it")
	if err := cmd.Flags().MarkHidden("stdio"); err != nil {
		panic(err)
	}
	return cmd
}

// analyzeOpen analyzes the packages of the files that an editor has open. The
// configuration is read anew, as it may be what was just edited.
func (t *Tool) analyzeOpen(ctx context.Context, o *options, module string, dirs []string, overlay map[string][]byte) (*driver.Result, error) {
	c, err := readConfig(o.config, module)
	if err != nil {
		return nil, err
	}
	root := findRoot(module)
	p, err := o.policy(c, root, module)
	if err != nil {
		return nil, err
	}
	tags := o.tags
	if len(tags) == 0 {
		tags = c.BuildTags
	}
	k, err := readKnown(o.baselineFile(c, module))
	if err != nil {
		return nil, err
	}
	job := driver.Job{
		Load:      load.Options{Dir: module, Patterns: dirs, Tags: tags, Tests: true, Overlay: overlay},
		Policy:    p,
		Analyzers: t.Analyzers(c),
		Root:      root,
	}
	res, err := job.Do(ctx)
	if err != nil {
		return nil, err
	}
	res.Findings = slices.DeleteFunc(res.Findings, k.has)
	return res, nil
}
