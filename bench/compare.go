package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"github.com/framealloc/framealloc/bench/gcprobe"
	"github.com/framealloc/framealloc/bench/measure"
	"github.com/framealloc/framealloc/bench/peers"
)

// compare runs the comparison and prints it.
func compare(o options, stdout, stderr io.Writer) error {
	cases, err := o.selectedCases()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	field, err := contenders(o, dir, stderr)
	if err != nil {
		return err
	}

	r := newReport(cases, field)
	for pass := range o.passes {
		fmt.Fprintf(stderr, "\rpass %d of %d ", pass+1, o.passes)
		if err := r.pass(o, field); err != nil {
			return err
		}
	}
	fmt.Fprintf(stderr, "\rtesting under the collector\n")
	for _, c := range field {
		r.verdicts[c.peer.Name] = gcprobe.Judge(c.program, "-probe", c.peer.Name)
	}
	for _, failure := range r.failures {
		fmt.Fprintln(stderr, "bench:", failure)
	}
	if o.json {
		return json.NewEncoder(stdout).Encode(r.json())
	}
	return r.table(stdout)
}

// A report is what was measured.
type report struct {
	cases    []peers.Case
	peers    []peers.Peer
	samples  map[key]measure.Samples
	verdicts map[string]gcprobe.Verdict // by peer
	failures []string
}

type key struct {
	peer string
	c    peers.Case
}

func newReport(cases []peers.Case, field []contender) *report {
	r := &report{cases: cases, samples: map[key]measure.Samples{}, verdicts: map[string]gcprobe.Verdict{}}
	for _, c := range field {
		r.peers = append(r.peers, c.peer)
	}
	return r
}

// pass measures every case of every contender once, in new processes, so that
// neither the order nor where a process's memory happens to lie favours anyone
// in all passes. A contender that dies is reported and left out of the pass.
func (r *report) pass(o options, field []contender) error {
	workers := make([]*measure.Worker, len(field))
	for i, c := range field {
		w, err := measure.Start(c.program, "-worker", c.peer.Name)
		if err != nil {
			return err
		}
		workers[i] = w
	}
	for _, c := range r.cases {
		for _, i := range rand.Perm(len(field)) {
			if workers[i] == nil {
				continue
			}
			name := field[i].peer.Name
			ns, ok, err := workers[i].Ask(c, o.time)
			switch {
			case err != nil:
				r.failures = append(r.failures, fmt.Sprintf("%s, %s: %v", name, c, err))
				workers[i] = nil
			case ok:
				r.samples[key{name, c}] = append(r.samples[key{name, c}], ns)
			}
		}
	}
	for _, w := range workers {
		if w != nil {
			if err := w.Stop(); err != nil {
				return err
			}
		}
	}
	return nil
}

// ratio returns a median by the floor's. ok is false where the floor was not
// measured.
func (r *report) ratio(c peers.Case, ns float64) (ratio float64, ok bool) {
	floor := r.samples[key{peers.Floor(c), c}]
	if len(floor) == 0 {
		return 0, false
	}
	return ns / floor.Median(), true
}
