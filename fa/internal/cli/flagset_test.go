package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/framealloc/framealloc/fa/internal/finding"
)

// VisitFlags visits the flags of fa itself, for tests that must know them all.
func VisitFlags(visit func(*pflag.Flag)) {
	new(Tool).checkCommand().Flags().VisitAll(visit)
}

// VisitCommandFlags visits the flags of all subcommands.
func VisitCommandFlags(visit func(command string, f *pflag.Flag)) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			sub.Flags().VisitAll(func(f *pflag.Flag) { visit(sub.Name(), f) })
			walk(sub)
		}
	}
	walk(new(Tool).root())
}

// Open returns what fa lsp finds, given these flags, in the package in dir.
func (t *Tool) Open(dir string, args ...string) ([]finding.Finding, error) {
	o, cmd := new(options), new(cobra.Command)
	o.analysisFlags(cmd)
	if err := cmd.ParseFlags(args); err != nil {
		return nil, err
	}
	res, err := t.analyzeOpen(context.Background(), o, dir, []string{dir}, nil)
	if err != nil {
		return nil, err
	}
	return res.Findings, nil
}
