package settings

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A field is one setting in its form as text.
type field struct {
	usage string
	get   func(*Settings) string
	set   func(*Settings, string) error
}

// fields lists the settings by the names of their flags.
var fields = map[string]field{
	"loop-turns": number("turns from which a loop counts as hot", 1, func(s *Settings) *int { return &s.LoopTurns }),
	"frames-in-flight": number("frames that memory lives on after EndFrame", 0,
		func(s *Settings) *int { return &s.FramesInFlight }),
	"tags":        list("known tags, separated by commas", func(s *Settings) *[]string { return &s.Tags }),
	"budget-tags": list("tags that have a budget elsewhere, separated by commas", func(s *Settings) *[]string { return &s.BudgetTags }),
	"blocking":    list("further functions that wait, separated by commas", func(s *Settings) *[]string { return &s.Blocking }),
	"budgets": {
		usage: "every tag and worker is to have a budget (true or false)",
		get:   func(s *Settings) string { return strconv.FormatBool(s.Budgets) },
		set: func(s *Settings, text string) (err error) {
			s.Budgets, err = strconv.ParseBool(text)
			return err
		},
	},
	"tag-rules": {
		usage: "which packages may use a tag: tag=package,package;tag=…",
		get: func(s *Settings) string {
			var rules []string
			for _, r := range s.TagRules {
				rules = append(rules, r.Tag+"="+strings.Join(r.Packages, ","))
			}
			return strings.Join(rules, ";")
		},
		set: func(s *Settings, text string) error {
			s.TagRules = nil
			return eachRule(text, func(left, right []string) error {
				s.TagRules = append(s.TagRules, TagRule{Tag: left[0], Packages: right})
				return nil
			})
		},
	},
	"intents": {
		usage: "which intents packages may use: package,package=intent,intent;…",
		get: func(s *Settings) string {
			var rules []string
			for _, r := range s.IntentRules {
				rules = append(rules, strings.Join(r.Packages, ",")+"="+strings.Join(r.Allow, ","))
			}
			return strings.Join(rules, ";")
		},
		set: func(s *Settings, text string) error {
			s.IntentRules = nil
			return eachRule(text, func(left, right []string) error {
				for _, intent := range right {
					if !slices.Contains(Intents(), intent) {
						return fmt.Errorf("unknown intent %q; known are %s", intent, strings.Join(Intents(), ", "))
					}
				}
				s.IntentRules = append(s.IntentRules, IntentRule{Packages: left, Allow: right})
				return nil
			})
		},
	},
}

// Names lists the settings in the form that [Bind] takes, sorted.
func Names() []string {
	var names []string
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Bind adds flags to a flag set that change the settings of this process. It
// panics if a name is not one of [Names].
func Bind(flags *flag.FlagSet, names ...string) {
	for _, name := range names {
		f, ok := fields[name]
		if !ok {
			panic("settings: no setting " + name)
		}
		flags.Var(value{f}, name, f.usage)
	}
}

// value is the flag of one setting. Setting it replaces the settings of the
// process by a changed copy.
type value struct{ field }

func (v value) String() string {
	if v.get == nil {
		return "" // the zero value, which package flag makes for its help
	}
	return v.get(Current())
}

func (v value) Set(text string) error {
	s := *Current()
	if err := v.set(&s, text); err != nil {
		return err
	}
	Set(&s)
	return nil
}

func number(usage string, least int, at func(*Settings) *int) field {
	return field{
		usage: usage,
		get:   func(s *Settings) string { return strconv.Itoa(*at(s)) },
		set: func(s *Settings, text string) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < least {
				return fmt.Errorf("want a number from %d on", least)
			}
			*at(s) = n
			return nil
		},
	}
}

func list(usage string, at func(*Settings) *[]string) field {
	return field{
		usage: usage,
		get:   func(s *Settings) string { return strings.Join(*at(s), ",") },
		set: func(s *Settings, text string) error {
			*at(s) = split(text)
			return nil
		},
	}
}

func eachRule(text string, add func(left, right []string) error) error {
	for _, rule := range strings.Split(text, ";") {
		if strings.TrimSpace(rule) == "" {
			continue
		}
		left, right, ok := strings.Cut(rule, "=")
		l := split(left)
		if !ok || len(l) == 0 {
			return fmt.Errorf("rule %q: want name=name,name", rule)
		}
		if err := add(l, split(right)); err != nil {
			return err
		}
	}
	return nil
}

func split(text string) []string {
	var parts []string
	for _, p := range strings.Split(text, ",") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
