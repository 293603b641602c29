package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/policy"
	"github.com/framealloc/framealloc/fa/internal/report"
)

// options is what the flags say.
type options struct {
	categories []string // selected by their flags
	all        bool
	overrides  []policy.Override // --deny and --allow in their order
	only       []string
	skip       []string
	severity   string
	exclude    []string

	denyWarnings bool
	failFast     bool
	fix          bool
	dryRun       bool
	baseline     string
	newFrom      string
	config       string
	tags         []string
	tests        bool

	formats []string
	color   string
}

// noConfig is the value of --config that turns configuration files off.
const noConfig = "none"

// analysisFlags adds the flags that say what to look at and for.
func (o *options) analysisFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	for _, c := range codes.Categories() {
		for _, name := range append([]string{c.Flag}, c.Aliases...) {
			usage := "report " + c.Summary
			if name != c.Flag {
				usage = "the same as --" + c.Flag
			}
			f.VarPF(&chosen{&o.categories, c.Flag}, name, "", usage).NoOptDefVal = "true"
		}
	}
	f.BoolVar(&o.all, "all", false, "report all categories (the default)")
	f.VarP(&levelFlag{&o.overrides, config.Deny}, "deny", "D", "make these `codes` errors: FA602, FA6, lifetime, all")
	f.VarP(&levelFlag{&o.overrides, config.Allow}, "allow", "A", "do not report these `codes`; of --deny and --allow the later one wins")
	f.StringSliceVar(&o.only, "only", nil, "report these `codes` and no others")
	f.StringSliceVar(&o.skip, "skip", nil, "do not look for these `codes`")
	f.StringVar(&o.severity, "min-severity", "", "report from this `severity` on: hint, warning or error")
	f.BoolVar(&o.denyWarnings, "deny-warnings", false, "make warnings errors")
	f.StringSliceVar(&o.exclude, "exclude", nil, "do not report on files that match these `globs` (**, *, ?, {a,b})")
	f.StringVar(&o.baseline, "baseline", "", "do not report the findings in this `file`")
	f.StringVar(&o.config, "config", "", "configuration `file` instead of the nearest "+config.Name+"; "+noConfig+" for none")
	f.StringSliceVar(&o.tags, "tags", nil, "build `tags`, as for go build")

	complete(cmd, codeNames, "deny", "allow", "only", "skip")
	complete(cmd, func() []string { return []string{"hint", "warning", "error"} }, "min-severity")
}

// testsFlag adds the flag that says to look at tests, to a command that would not.
func (o *options) testsFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.tests, "tests", false, "analyze tests, too")
}

// outputFlags adds the flags that say what to do with the findings.
func (o *options) outputFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVarP(&o.formats, "format", "f", nil, "output `format`, as name or name=file; several may be given\n("+formatNames(", ")+")")
	f.StringVar(&o.color, "color", "auto", "color the terminal format: auto, always or never")
	f.BoolVar(&o.failFast, "fail-fast", false, "stop at the first finding that fails the run")
	f.BoolVar(&o.fix, "fix", false, "apply the suggested fixes")
	f.BoolVar(&o.dryRun, "dry-run", false, "print the suggested fixes as a unified diff and change nothing")
	f.StringVar(&o.newFrom, "new-from", "", "report only lines changed since this git `revision`")

	complete(cmd, func() []string { return strings.Split(formatNames("\n"), "\n") }, "format")
	complete(cmd, func() []string { return []string{"auto", "always", "never"} }, "color")
}

// complete makes the shell offer values for flags.
func complete(cmd *cobra.Command, values func() []string, flags ...string) {
	for _, name := range flags {
		err := cmd.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return values(), cobra.ShellCompDirectiveNoFileComp
		})
		if err != nil {
			panic(err) // a flag that was not declared
		}
	}
}

// codeNames lists what a selector may be, with explanations for the shell.
func codeNames() []string {
	var names []string
	for _, e := range codes.All() {
		names = append(names, string(e.Code)+"\t"+e.Name)
	}
	for _, c := range codes.Categories() {
		names = append(names, c.Flag+"\t"+c.Summary)
	}
	return names
}

func formatNames(separator string) string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, separator)
}

// policy turns flags and configuration into the policy of the run.
func (o *options) policy(c *config.Config, root, dir string) (*policy.Policy, error) {
	p := &policy.Policy{
		Config:       c,
		ConfigDir:    c.Dir(root),
		Overrides:    o.overrides,
		DenyWarnings: o.denyWarnings,
		Exclude:      o.exclude,
		ExcludeDir:   dir,
	}
	var err error
	selected := slices.Concat(o.only, o.categories)
	if o.all {
		selected = o.only
	}
	if p.Only, err = policy.SelectAll(selected); err != nil {
		return nil, err
	}
	if p.Skip, err = policy.SelectAll(o.skip); err != nil {
		return nil, err
	}
	if o.severity != "" {
		s, ok := config.ParseSeverity(o.severity)
		if !ok {
			names := []string{"hint", "warning", "error"}
			return nil, fmt.Errorf("--min-severity: unknown severity %q%s", o.severity, codes.DidYouMean(o.severity, names))
		}
		p.MinSeverity = s
	}
	if err := config.CheckGlobs(o.exclude); err != nil {
		return nil, fmt.Errorf("--exclude: %w", err)
	}
	return p, nil
}

// chosen is a flag that adds its category to a list when it is set.
type chosen struct {
	list     *[]string
	category string
}

func (c *chosen) Set(s string) error {
	switch s {
	case "true":
		*c.list = append(*c.list, c.category)
	case "false":
		*c.list = slices.DeleteFunc(*c.list, func(n string) bool { return n == c.category })
	default:
		return fmt.Errorf("%q is neither true nor false", s)
	}
	return nil
}
func (c *chosen) String() string   { return "false" }
func (c *chosen) Type() string     { return "bool" }
func (c *chosen) IsBoolFlag() bool { return true }

// levelFlag is --deny or --allow. Both append to one list, for the later one
// wins.
type levelFlag struct {
	list  *[]policy.Override
	level config.Level
}

func (l *levelFlag) Set(s string) error {
	var all []diag.Code
	for selector := range strings.SplitSeq(s, ",") {
		list, err := codes.Select(selector)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	*l.list = append(*l.list, policy.Override{Codes: all, Level: l.level})
	return nil
}
func (l *levelFlag) String() string { return "" }
func (l *levelFlag) Type() string   { return "codes" }

// flagError adds a suggestion to the complaint about an unknown flag.
func flagError(cmd *cobra.Command, err error) error {
	name, ok := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !ok {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return fmt.Errorf("unknown flag --%s%s", name, codes.DidYouMean("--"+name, names))
}
