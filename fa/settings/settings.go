// Package settings holds what the checks can be told: thresholds, and the
// project's own rules about tags, budgets and intents.
//
// A driver that knows the project calls [Set] before it runs the checks. Hosts
// that only know analyzers pass the same settings as text, through the flags
// that [Bind] adds to an analyzer.
package settings

import "sync/atomic"

// Settings is what the checks can be told. The zero value of each list means
// that the project has no rule of that kind. A Settings is not changed after
// it was handed to [Set].
type Settings struct {
	// LoopTurns is the number of turns from which a loop counts as hot for
	// FA602. Nested loops of unknown length always do. At least 1.
	LoopTurns int

	// FramesInFlight is how many frames memory lives on after EndFrame, as in
	// the library's Config. From 1 on, FA606 does not report what is used
	// after the end, and FA601 not what is returned past it.
	FramesInFlight int

	// Tags lists the tags of the program (FA802), see [KnownTag]. Empty: every
	// tag is known.
	Tags []string

	// TagRules says which packages may use which tags (FA801). A tag that no
	// rule names may be used everywhere.
	TagRules []TagRule

	// Budgets says that every tag and every worker is to have a budget (FA302,
	// FA203), even where the package at hand sets none.
	Budgets bool

	// BudgetTags lists tags that have a budget which the checks cannot see,
	// such as one that is read from a file.
	BudgetTags []string

	// IntentRules says which packages may allocate how (FA803).
	IntentRules []IntentRule

	// Blocking lists further functions that wait, for FA701 and FA702: by their
	// full names, as "example.com/net.Dial" or "(*example.com/db.Conn).Query".
	Blocking []string
}

// TagRule gives a tag, and all tags below it, to some packages.
type TagRule struct {
	Tag      string
	Packages []string // patterns, see [MatchPackage]
}

// IntentRule names the intents that some packages may allocate with.
type IntentRule struct {
	Packages []string // patterns, see [MatchPackage]
	Allow    []string // of [Intents]
}

// Intents lists the names of the ways to allocate that an [IntentRule] can allow.
func Intents() []string {
	return []string{"frame", "pool", "scratch", "group", "handle", "stream", "heap"}
}

// Default returns the settings of a project that has said nothing.
func Default() *Settings { return &Settings{LoopTurns: 16} }

var current atomic.Pointer[Settings]

func init() { current.Store(Default()) }

// Set makes s the settings of this process. It is called before checks run,
// not while they do.
func Set(s *Settings) { current.Store(s) }

// Current returns the settings of this process. The result is not to be changed.
func Current() *Settings { return current.Load() }
