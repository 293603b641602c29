package gcprobe

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/bench/peers"
)

// asProbe makes this test binary a process that reports, or one that dies.
const asProbe = "GCPROBE_TEST_PROBE"

func TestMain(m *testing.M) {
	switch how := os.Getenv(asProbe); how {
	case "":
		os.Exit(m.Run())
	case "map":
		a := map[int]int{}
		go func() {
			for {
				a[1]++
			}
		}()
		for {
			a[2]++
		}
	case "exit":
		os.Exit(3)
	default:
		os.Stdout.WriteString(how)
	}
}

// TestProbe probes memory of which it is known what the collector makes of it.
func TestProbe(t *testing.T) {
	for _, test := range []struct {
		peer string
		want Verdict
	}{
		{"heap", Verdict{true, "yes"}},
		{"slab", Verdict{true, "yes"}},
		{"framealloc", Verdict{true, "yes"}},
		{"framealloc-ArenaOf", Verdict{true, "yes"}},
		{"bump-cleared", Verdict{false, "loses 100%"}},
		{"fmstephe", Verdict{false, "refuses them"}},
	} {
		t.Run(test.peer, func(t *testing.T) {
			p, ok := peers.Named(test.peer)
			if !ok {
				t.Fatal("no such peer")
			}
			if got := Probe(p.New()); got.Verdict() != test.want {
				t.Errorf("%+v is %+v, want %+v", got, got.Verdict(), test.want)
			}
		})
	}
}

// TestProbeBug checks that a peer's bug is not taken for a refusal.
func TestProbeBug(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a nil dereference passed")
		}
	}()
	Probe(&peers.Subject{Take: map[peers.Case]func() unsafe.Pointer{
		peers.Pointers: func() unsafe.Pointer { var p *peers.Node; return unsafe.Pointer(p.Prev) },
	}})
}

func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		outcome Outcome
		want    Verdict
	}{
		{Outcome{Checked: 10}, Verdict{true, "yes"}},
		{Outcome{Checked: 10, Lost: 10}, Verdict{false, "loses 100%"}},
		{Outcome{Checked: 1000, Lost: 1, Meanwhile: 2}, Verdict{false, "loses 0.1%"}},
		{Outcome{Checked: 10, Meanwhile: 1}, Verdict{false, "loses some"}},
		{Outcome{Refused: "no"}, Verdict{false, "refuses them"}},
		{Outcome{}, Verdict{false, "not probed"}},
	} {
		if got := test.outcome.Verdict(); got != test.want {
			t.Errorf("%+v.Verdict() = %+v, want %+v", test.outcome, got, test.want)
		}
	}
}

func TestJudge(t *testing.T) {
	kept, _ := json.Marshal(Outcome{Checked: 1})
	for _, test := range []struct {
		how, want string
		safe      bool
	}{
		{string(kept), "yes", true},
		{"map", "crashes: concurrent map writes", false},
		{"exit", "crashes: exit status 3", false},
		{"nonsense", "unknown: ", false},
	} {
		t.Setenv(asProbe, test.how)
		got := Judge(os.Args[0])
		if got.Safe != test.safe || !strings.HasPrefix(got.Text, test.want) {
			t.Errorf("a probe that %s: %+v, want %q", test.how, got, test.want)
		}
	}
}
