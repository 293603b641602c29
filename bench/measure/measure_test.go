package measure

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc/bench/peers"
)

// asWorker makes this test binary a process that serves, or one that dies.
const asWorker = "BENCH_MEASURE_TEST_WORKER"

func TestMain(m *testing.M) {
	switch os.Getenv(asWorker) {
	case "serve":
		p, _ := peers.Named("bump")
		if err := Serve(p, os.Stdin, os.Stdout); err != nil {
			panic(err)
		}
		return
	case "die":
		panic("the peer's own words")
	}
	os.Exit(m.Run())
}

func TestMedianAndMin(t *testing.T) {
	for _, test := range []struct {
		samples     Samples
		median, min float64
	}{
		{Samples{3}, 3, 3},
		{Samples{4, 2}, 2, 2},
		{Samples{9, 1, 5}, 5, 1},
		{Samples{1, 100, 2, 3, 1000}, 3, 1},
	} {
		if got := test.samples.Median(); got != test.median {
			t.Errorf("%v.Median() = %v, want %v", test.samples, got, test.median)
		}
		if got := test.samples.Min(); got != test.min {
			t.Errorf("%v.Min() = %v, want %v", test.samples, got, test.min)
		}
	}
}

// TestNanoseconds has a loop count its frames: the time must have been divided
// by the operations in all of them.
func TestNanoseconds(t *testing.T) {
	total := 0
	s := &peers.Subject{Runs: map[peers.Case]func(int){
		peers.Bytes64: func(frames int) {
			total += frames
			for start := time.Now(); time.Since(start) < time.Duration(frames)*time.Microsecond; {
			}
		},
	}}
	ns, ok := Nanoseconds(s, peers.Bytes64, 10*time.Millisecond)
	if !ok || total == 0 {
		t.Fatalf("measured %v, %v in %d frames", ns, ok, total)
	}
	if least := 1000.0 / float64(peers.Bytes64.Operations()); ns < least {
		t.Errorf("an operation took %v ns, yet no frame is shorter than %v ns for each", ns, least)
	}
	if _, ok := Nanoseconds(s, peers.Bytes16, time.Millisecond); ok {
		t.Error("measured a case that the peer does not offer")
	}
}

// TestNanosecondsFrame checks that an empty frame is measured after a full one.
func TestNanosecondsFrame(t *testing.T) {
	var order []string
	s := &peers.Subject{Runs: map[peers.Case]func(int){
		peers.Bytes64: func(int) { order = append(order, "full") },
		peers.Frame:   func(int) { order = append(order, "empty") },
	}}
	Nanoseconds(s, peers.Frame, time.Microsecond)
	if len(order) < 3 || order[0] != "full" || order[1] != "empty" || order[len(order)-1] != "empty" {
		t.Errorf("ran %v", order)
	}
}

func TestServe(t *testing.T) {
	p, _ := peers.Named("bump")
	var out bytes.Buffer
	if err := Serve(p, strings.NewReader("64B 1ms\npool 1ms\n"), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || lines[1] != "none" {
		t.Fatalf("answered %q, want a number and none", lines)
	}
	if ns, err := strconv.ParseFloat(lines[0], 64); err != nil || ns <= 0 {
		t.Errorf("answered %q for a case that the peer offers", lines[0])
	}
	if err := Serve(p, strings.NewReader("64B soon\n"), &out); err == nil {
		t.Error("no error for a duration that is none")
	}
}

func TestWorker(t *testing.T) {
	t.Setenv(asWorker, "serve")
	w, err := Start(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if ns, ok, err := w.Ask(peers.Bytes64, time.Millisecond); err != nil || !ok || ns <= 0 {
		t.Errorf("Ask = %v, %v, %v", ns, ok, err)
	}
	if _, ok, err := w.Ask(peers.Pool, time.Millisecond); err != nil || ok {
		t.Errorf("Ask for a case not offered = %v, %v", ok, err)
	}
	if err := w.Stop(); err != nil {
		t.Error(err)
	}
}

func TestWorkerDies(t *testing.T) {
	t.Setenv(asWorker, "die")
	w, err := Start(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = w.Ask(peers.Bytes64, time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "the peer's own words") {
		t.Errorf("Ask of a dead worker: %v; want its last words", err)
	}
}
