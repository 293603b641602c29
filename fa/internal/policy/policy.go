// Package policy decides which findings a run reports and which of them fail
// it: the project's configuration, overruled by the command line.
package policy

import (
	"slices"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// Policy is what a run was told. The zero value reports everything as the
// catalogue says.
type Policy struct {
	Config    *config.Config // nil: none
	ConfigDir string         // what the configuration's globs are relative to

	Only      []diag.Code // if not empty, nothing else is reported
	Skip      []diag.Code
	Overrides []Override // from the command line; the last one wins

	MinSeverity  diag.Severity
	DenyWarnings bool
	Exclude      []string // globs relative to ExcludeDir
	ExcludeDir   string
}

// Override sets the level of some codes.
type Override struct {
	Codes []diag.Code
	Level config.Level
}

// Selected reports whether a code takes part in the run at all.
func (p *Policy) Selected(code diag.Code) bool {
	return (len(p.Only) == 0 || slices.Contains(p.Only, code)) && !slices.Contains(p.Skip, code)
}

// Apply returns the findings that are to be reported, with their severities.
func (p *Policy) Apply(fs []finding.Finding) []finding.Finding {
	var kept []finding.Finding
	for _, f := range fs {
		if p.apply(&f) {
			kept = append(kept, f)
		}
	}
	return kept
}

func (p *Policy) apply(f *finding.Finding) bool {
	if !p.Selected(f.Code) || p.excluded(f.Range.File) {
		return false
	}
	level := p.level(f.Code, f.Range.File)
	if level == config.Allow {
		return false
	}
	f.Severity = level.Severity(f.Severity)
	if p.denyWarnings() && f.Severity == diag.SeverityWarning {
		f.Severity = diag.SeverityError
	}
	return f.Severity >= p.minSeverity()
}

func (p *Policy) excluded(file string) bool {
	if p.Config != nil && config.MatchAny(p.Config.Exclude, source.Rel(p.ConfigDir, file)) {
		return true
	}
	return config.MatchAny(p.Exclude, source.Rel(p.ExcludeDir, file))
}

// level returns the level of a code in a file, the strongest word last: the
// configuration, its rules for paths, the command line.
func (p *Policy) level(code diag.Code, file string) config.Level {
	level := config.Default
	if p.Config != nil {
		level = p.Config.Levels.For(code)
		rel := source.Rel(p.ConfigDir, file)
		for _, rule := range p.Config.Paths {
			if l := rule.Levels.For(code); l != config.Default && config.MatchAny(rule.Match, rel) {
				level = l
			}
		}
	}
	for _, o := range p.Overrides {
		if slices.Contains(o.Codes, code) {
			level = o.Level
		}
	}
	return level
}

func (p *Policy) denyWarnings() bool {
	return p.DenyWarnings || p.Config != nil && p.Config.DenyWarnings
}

func (p *Policy) minSeverity() diag.Severity {
	if p.MinSeverity != 0 || p.Config == nil {
		return p.MinSeverity
	}
	s, _ := config.ParseSeverity(p.Config.MinSeverity)
	return s
}

// Fails reports whether a finding makes the run fail.
func Fails(f finding.Finding) bool { return f.Severity >= diag.SeverityError }

// SelectAll resolves selectors, as [codes.Select] takes them, to codes.
func SelectAll(selectors []string) ([]diag.Code, error) {
	var all []diag.Code
	for _, s := range selectors {
		list, err := codes.Select(s)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}
