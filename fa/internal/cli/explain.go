package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/report"
)

func (t *Tool) explainCommand() *cobra.Command {
	var color string
	cmd := &cobra.Command{
		Use:   "explain CODE...",
		Short: "Explain what a code means and what to write instead",
		Long: `explain prints the catalogue's page about each code: what is wrong, why it
matters, how it is found, a bad example and the same example put right. It knows
the codes of the library's run-time diagnostics, too.`,
		Example: "  fa explain FA601\n  fa explain 606",
		Args:    cobra.MinimumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return codeNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			style, err := terminalStyle(color)
			if err != nil {
				return err
			}
			for i, arg := range args {
				e, err := codes.Find(arg)
				if err != nil {
					return err
				}
				if i > 0 {
					fmt.Fprintln(t.Stdout)
				}
				if err := report.Explain(t.Stdout, e, style); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&color, "color", "auto", "color the page: auto, always or never")
	return cmd
}

func (t *Tool) listCommand() *cobra.Command {
	var category string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the codes that fa reports",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return t.list(category)
		},
	}
	cmd.Flags().StringVar(&category, "category", "", "list the codes of this `category` only")
	complete(cmd, func() []string {
		var names []string
		for _, c := range codes.Categories() {
			names = append(names, c.Flag)
		}
		return names
	}, "category")
	return cmd
}

// list prints the codes, all or those that a selector names.
func (t *Tool) list(category string) error {
	if category == "" {
		category = "all"
	}
	selected, err := codes.Select(category)
	if err != nil {
		return err
	}
	heading := diag.Category("")
	for _, code := range selected {
		e, _ := codes.Lookup(code)
		if e.Category != heading {
			if heading != "" {
				fmt.Fprintln(t.Stdout)
			}
			heading = e.Category
			fmt.Fprintln(t.Stdout, categoryTitle(heading))
		}
		if _, err := fmt.Fprintf(t.Stdout, "  %s  %-7s  %s\n", e.Code, e.Severity, e.Name); err != nil {
			return err
		}
	}
	return nil
}

// categoryTitle names a category with the flag that selects it.
func categoryTitle(c diag.Category) string {
	for _, k := range codes.Categories() {
		if k.Category == c {
			return "--" + strings.Join(append([]string{k.Flag}, k.Aliases...), ", --") + ": " + k.Summary
		}
	}
	return string(c)
}

// writeAll is for output that ends the command.
func writeAll(w io.Writer, s string) error {
	_, err := io.WriteString(w, s)
	return err
}
