package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/bench/gcprobe"
	"github.com/framealloc/framealloc/bench/jitter"
	"github.com/framealloc/framealloc/bench/measure"
	"github.com/framealloc/framealloc/bench/peers"
)

// asCommand makes this test binary the command, which runs itself.
const asCommand = "BENCH_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command runs the command with these arguments and returns what it prints.
func command(t *testing.T, args ...string) string {
	t.Helper()
	t.Setenv(asCommand, "1")
	var stdout, stderr bytes.Buffer
	o, err := parse(args, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(o, strings.NewReader(""), &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	if strings.Contains(stderr.String(), "bench:") {
		t.Errorf("the command complained: %s", &stderr)
	}
	return stdout.String()
}

// TestJSON runs the comparison of everybody, the experiment included, on one
// case and checks the object that it prints.
func TestJSON(t *testing.T) {
	out := command(t, "-json", "-passes", "1", "-time", "1ms", "-cases", "64B-pointers")
	decoder := json.NewDecoder(strings.NewReader(out))
	decoder.DisallowUnknownFields()
	var got results
	if err := decoder.Decode(&got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if decoder.More() {
		t.Error("more than one object on stdout")
	}
	safe := map[string]bool{}
	for _, r := range got.Results {
		if r.Case != "64B-pointers" || r.NS <= 0 || r.MinNS > r.NS || r.Ratio == nil || *r.Ratio <= 0 || r.Version == "" {
			t.Errorf("implausible result %+v", r)
		}
		if r.Impl == "slab" && *r.Ratio != 1 {
			t.Errorf("the floor is %v of itself", *r.Ratio)
		}
		safe[r.Impl] = r.GCSafe
	}
	for _, p := range peers.All() {
		measured, want := false, p.New().Runs[peers.Pointers] != nil
		if _, measured = safe[p.Name]; measured != want {
			t.Errorf("%s: measured is %v, offered is %v", p.Name, measured, want)
		}
	}
	for peer, want := range map[string]bool{
		"framealloc": true, "framealloc-ArenaOf": true, "slab": true, "heap": true, "jokruger": true,
		peers.ArenasName: true, "nuke": false, "bump": false, "modernc": false,
	} {
		if got, ok := safe[peer]; !ok || got != want {
			t.Errorf("%s: gc_safe is %v (measured: %v), want %v", peer, got, ok, want)
		}
	}
	for _, key := range []string{`"results"`, `"case"`, `"impl"`, `"ns"`, `"ratio_to_floor"`, `"gc_safe"`} {
		if !strings.Contains(out, key) {
			t.Errorf("no %s in %s", key, out)
		}
	}
}

func TestSelection(t *testing.T) {
	out := command(t, "-passes", "1", "-time", "1ms", "-peers", "nuke", "-cases", "16B, frame")
	for _, want := range []string{"16B", "frame", "nuke", "bump-cleared"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	for _, other := range []string{"wundergraph", "64B"} {
		if strings.Contains(out, other) {
			t.Errorf("%s, which was not asked for, in\n%s", other, out)
		}
	}
}

func TestJitter(t *testing.T) {
	var got struct{ Modes []jitter.Result }
	out := command(t, "-jitter", "-json", "-frames", "2", "-live-mb", "1")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range got.Modes {
		names = append(names, m.Mode)
		if m.Frames != 2 || m.Max <= 0 {
			t.Errorf("implausible result %+v", m)
		}
	}
	if !slices.Equal(names, jitter.Modes()) {
		t.Errorf("ran %v, want %v", names, jitter.Modes())
	}
	table := command(t, "-jitter", "-frames", "2", "-live-mb", "1")
	for _, want := range append(jitter.Modes(), "p99.9", "collections") {
		if !strings.Contains(table, want) {
			t.Errorf("no %s in\n%s", want, table)
		}
	}
}

func TestBadArguments(t *testing.T) {
	for _, args := range [][]string{
		{"-passes", "0"}, {"-time", "0s"}, {"-frames", "-1"}, {"-live-mb", "-1"}, {"extra"}, {"-nothing"},
	} {
		if _, err := parse(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
	for _, o := range []options{
		{passes: 1, time: 1, cases: "nothing"}, {passes: 1, time: 1, peers: "nobody"},
		{worker: "nobody"}, {probe: "nobody"}, {mode: "nothing"},
	} {
		if err := run(o, strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestTable(t *testing.T) {
	r := &report{
		cases: []peers.Case{peers.Bytes64, peers.Frame},
		peers: []peers.Peer{
			{Name: "bump", Uninit: true}, {Name: "bump-cleared"}, {Name: "heap"}, {Name: "absent"},
		},
		samples: map[key]measure.Samples{
			{"bump", peers.Bytes64}:         {0.5, 0.75, 0.625},
			{"bump-cleared", peers.Bytes64}: {2, 1.5, 4},
			{"bump-cleared", peers.Frame}:   {0.5},
			{"heap", peers.Bytes64}:         {41.23, 30.04, 300},
		},
		ratios: map[key]measure.Samples{
			{"bump", peers.Bytes64}:         {0.4, 0.31, 0.3},
			{"bump-cleared", peers.Bytes64}: {1, 1, 1},
			{"bump-cleared", peers.Frame}:   {1},
			{"heap", peers.Bytes64}:         {20.6, 15, 90},
		},
		verdicts: map[string]gcprobe.Verdict{
			"bump":         {Text: "crashes: found bad pointer"},
			"bump-cleared": {Text: "loses 100%"},
			"heap":         {Safe: true, Text: "yes"},
		},
	}
	var b bytes.Buffer
	if err := r.table(&b); err != nil {
		t.Fatal(err)
	}
	const want = `
                    pointers     │ 64B                      │ frame
─────────────────────────────────┼──────────────────────────┼──────────────────────────
bump°               crashes      │    0.62    0.50   0.31x  │       –
bump-cleared        loses 100%   │    2.00    1.50   1.00x* │    0.50    0.50   1.00x*
heap                yes          │    41.2    30.0   20.6x  │       –
`
	if got := b.String(); !strings.HasPrefix(got, want[1:]) {
		t.Errorf("got\n%s\nwant\n%s", got, want[1:])
	}
}
