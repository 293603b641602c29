package config

import (
	"maps"
	"slices"

	"github.com/framealloc/framealloc/fa/settings"
)

// Settings returns what the configuration says to the checks.
func (c *Config) Settings() *settings.Settings {
	s := settings.Default()
	if n := c.Thresholds.LoopTurns; n != nil {
		s.LoopTurns = *n
	}
	s.FramesInFlight = c.Thresholds.FramesInFlight
	s.Tags = c.Tags.Known
	for _, tag := range slices.Sorted(maps.Keys(c.Tags.Packages)) {
		s.TagRules = append(s.TagRules, settings.TagRule{Tag: tag, Packages: c.Tags.Packages[tag]})
	}
	s.Budgets = c.Budgets.Required
	s.BudgetTags = c.Budgets.Elsewhere
	for _, r := range c.Intents {
		s.IntentRules = append(s.IntentRules, settings.IntentRule{Packages: r.Packages, Allow: r.Allow})
	}
	s.Blocking = c.Blocking
	return s
}
