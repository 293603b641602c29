package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

func TestNothingChanges(t *testing.T) {
	for _, seed := range []uint64{0, 1, 2, 3, 6} { // 0, 1 and 2 frames in flight; debug; abandoned forks
		r := stress(seed, 4, 500*time.Millisecond, nil)
		if len(r.Violations) > 0 {
			t.Fatalf("%v", r.Violations)
		}
		if r.Frames == 0 || r.Allocations == 0 || r.Collections == 0 || r.Transfers == 0 || r.Loads == 0 {
			t.Errorf("nothing was stressed: %+v", r)
		}
	}
}

// TestChangesAreFound lets something write to values that are alive.
func TestChangesAreFound(t *testing.T) {
	r := stress(7, 2, 10*time.Second, func(i *item) { i.plain[1]++ })
	if len(r.Violations) == 0 {
		t.Errorf("a value was changed, and nobody noticed: %+v", r)
	}
}

func TestCommand(t *testing.T) {
	var out, err bytes.Buffer
	if code := run([]string{"-duration", "200ms", "-workers", "2", "-seed", "5", "-json"}, &out, &err); code != 0 {
		t.Fatalf("exit status %d: %s", code, err.String())
	}
	var r result
	if e := json.Unmarshal(out.Bytes(), &r); e != nil || r.Seed != 5 || r.Workers != 2 || r.Rate <= 0 {
		t.Errorf("%v: %s", e, out.String())
	}
	for _, args := range [][]string{{"-workers", "0"}, {"-duration", "-1s"}, {"x"}, {"-nonsense"}} {
		if code := run(args, &out, &err); code != 2 {
			t.Errorf("framestress %v exits with %d", args, code)
		}
	}
}
