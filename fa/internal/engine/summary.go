package engine

import (
	"go/token"
)

// Summary is what callers need to know about a function. It is attached to the
// function as a fact, and so crosses packages. Parameters are counted with the
// receiver; the variables that a closure captured come behind them.
type Summary struct {
	Flows  []Flow
	Ends   []Place // owners whose frame it ends
	Begins []Place // owners whose frame it begins and leaves active
	Takes  []Place // frames that it allocates from
	Lends  []Place // frames that it is lent memory for
	Budget []int   // workers that it gives a budget
	Uses   []bool  // parameters that it looks at
	Heap   []int   // parameters that have to be on the heap because of it

	// Scopes lists the parameters that are functions and are called with a
	// frame that ends before this function returns.
	Scopes []int

	Blocks   string // what it waits for, "" for nothing
	Frames   bool   // runs frames in a loop
	Barrier  bool   // takes part in a barrier
	Contract bool   // written down by a directive, not computed
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

func (*Summary) String() string { return "framealloc" }

// Place is something that a parameter leads to.
type Place struct {
	Param int
	Path  string
}

// RefKind says what flows.
type RefKind uint8

// What flows.
const (
	FromParam  RefKind = iota // what a parameter leads to
	FromAlloc                 // new memory of the frame at a place
	FromGlobal                // what a package variable leads to
	FromPool                  // library memory that outlives frames
	FromBegin                 // the frame that was begun for an owner at a place
)

// Ref is the start of a flow.
type Ref struct {
	Kind   RefKind
	Param  int
	Path   string // "" for itself, ".field" for a place in it, "*.field" for what is there, "~" for all
	Name   string // of FromGlobal, FromPool
	Policy string // of FromAlloc by Retain
	Lent   bool   // of FromAlloc: a stream lends it to the frame
}

// SinkKind says where something goes.
type SinkKind uint8

// Where something goes.
const (
	ToParam    SinkKind = iota // memory that a parameter leads to
	ToGlobal                   // a package variable
	ToChan                     // a channel that outlives the function
	ToGo                       // a goroutine that nobody waits for
	ToKept                     // something that keeps it: a timer, a pool
	ToPooled                   // an object of a pool, group or heap of the library
	ToRetained                 // a value that is promoted at the frame's end
	ToOuter                    // a variable outside of the scope
	ToResult                   // the caller
)

// Sink is the end of a flow.
type Sink struct {
	Kind  SinkKind
	Param int    // of ToParam; of ToResult the index of the result
	Path  string // of ToParam: below the parameter, "~" if not known
	Chan  bool   // of ToParam: it is sent on a channel there
	Name  string // for messages: "package variable cache", "field path of u"
}

// Flow says that something goes somewhere.
type Flow struct {
	From    Ref
	To      Sink
	Closure bool   // inside of a function that is stored
	Vague   bool   // perhaps of something that From leads to, and not of From
	Where   string // "cache.go:31", for callers in other packages
	Ignored string // codes that a directive accepts there, with commas between

	pos token.Pos // where it is stored; within one package only
}

type flowKey struct {
	from    Ref
	to      Sink
	closure bool
	ignored string
}

func (fl *Flow) key() flowKey {
	to := fl.To
	to.Name = ""
	return flowKey{fl.From, to, fl.Closure, fl.Ignored}
}

// add adds a flow, and reports whether it was new.
func (s *Summary) add(fl Flow) bool {
	k := fl.key()
	for i := range s.Flows {
		if s.Flows[i].key() == k {
			surer := s.Flows[i].Vague && !fl.Vague
			s.Flows[i].Vague = s.Flows[i].Vague && fl.Vague
			return surer
		}
	}
	s.Flows = append(s.Flows, fl)
	return true
}

func addPlace(list []Place, p Place) ([]Place, bool) {
	for _, have := range list {
		if have == p {
			return list, false
		}
	}
	if len(list) > 32 {
		return list, false
	}
	return append(list, p), true
}

// trivial reports whether the summary says nothing beyond what is assumed
// about a function without one.
func (s *Summary) trivial() bool {
	return len(s.Flows)+len(s.Ends)+len(s.Begins)+len(s.Takes)+len(s.Lends)+len(s.Budget)+len(s.Scopes)+len(s.Heap) == 0 &&
		s.Blocks == "" && !s.Frames && !s.Barrier && !s.Contract
}

// PackageInfo is a fact about a package: what it says about tags and budgets.
type PackageInfo struct {
	TagBudgets    []string // constant names given to SetTagBudget
	WorkerBudgets bool     // some worker gets a budget
}

// AFact marks PackageInfo as a fact.
func (*PackageInfo) AFact() {}

func (*PackageInfo) String() string { return "framealloc package" }
