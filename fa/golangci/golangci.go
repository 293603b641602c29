// Package golangci makes the checks of fa a module plugin of golangci-lint.
//
// Name the plugin in .custom-gcl.yml and build golangci-lint with
// golangci-lint custom:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/framealloc/framealloc/fa
//	    import: github.com/framealloc/framealloc/fa/golangci
//	    version: v0.1.0
//
// Then switch it on in .golangci.yml:
//
//	linters:
//	  enable: [fa]
//	  settings:
//	    custom:
//	      fa:
//	        type: module
//	        settings:
//	          config: .fa.toml
//
// golangci-lint custom fetches golangci-lint with git. Where only a module proxy
// can be reached, build the same program from a file of your own that calls
// [github.com/golangci/golangci-lint/v2/pkg/commands.Execute] and imports this
// package for its effect.
//
// The plugin reports what fa reports. golangci-lint puts the name of the check,
// which is the code, in front of each message. Steps of a flow are left out, for
// golangci-lint would count each as a finding.
package golangci

import (
	"fmt"
	"os"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/policy"
	"github.com/framealloc/framealloc/fa/internal/suite"
	"github.com/framealloc/framealloc/fa/internal/wrap"
)

func init() { register.Plugin("fa", New) }

// Settings is what .golangci.yml may set.
type Settings struct {
	// Config is the path of the configuration file; "": the nearest
	// .fa.toml.
	Config string `json:"config"`

	// MinSeverity is "hint", "warning" or "error"; "": as the configuration
	// says, or warnings and errors, as golangci-lint fails on everything.
	MinSeverity string `json:"min-severity"`
}

// Plugin is the plugin with its settings. Both methods may be called from any
// goroutine.
type Plugin struct {
	config *config.Config
	policy *policy.Policy
}

// New returns the plugin for the settings in .golangci.yml. Unknown settings
// and a broken configuration are errors.
func New(conf any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	path := s.Config
	if path == "" {
		path = config.Find(dir)
	}
	c := new(config.Config)
	if path != "" {
		if c, err = config.Read(path); err != nil {
			return nil, err
		}
	}
	p := &policy.Policy{Config: c, ConfigDir: c.Dir(dir)}
	switch {
	case s.MinSeverity != "":
		severity, ok := config.ParseSeverity(s.MinSeverity)
		if !ok {
			return nil, fmt.Errorf("fa: min-severity %q is neither hint, warning nor error", s.MinSeverity)
		}
		p.MinSeverity = severity
	case c.MinSeverity == "":
		p.MinSeverity = diag.SeverityWarning
	}
	return &Plugin{c, p}, nil
}

// BuildAnalyzers returns the checks.
func (p *Plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return build(suite.Analyzers(p.config), p.policy), nil
}

// GetLoadMode says that the checks need types.
func (p *Plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// build puts the policy in front of the checks, and takes the flow out of what
// they report and the code out of the messages.
func build(checks []*analysis.Analyzer, p *policy.Policy) []*analysis.Analyzer {
	wrapped := wrap.Analyzers(checks, p)
	for _, a := range wrapped {
		report := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			inner := *pass
			inner.Report = func(d analysis.Diagnostic) {
				d.Related = nil
				if strings.EqualFold(d.Category, a.Name) {
					d.Message = strings.TrimPrefix(d.Message, d.Category+": ")
				}
				pass.Report(d)
			}
			return report(&inner)
		}
	}
	return wrapped
}
