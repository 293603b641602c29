package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"time"

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
	ratios   map[key]measure.Samples    // to the floor, measured just before
	verdicts map[string]gcprobe.Verdict // by peer
	failures []string
}

type key struct {
	peer string
	c    peers.Case
}

func newReport(cases []peers.Case, field []contender) *report {
	r := &report{cases: cases, samples: map[key]measure.Samples{}, ratios: map[key]measure.Samples{}, verdicts: map[string]gcprobe.Verdict{}}
	for _, c := range field {
		r.peers = append(r.peers, c.peer)
	}
	return r
}

// pass measures every case of every contender once, in new processes, so that
// neither the order nor where a process's memory happens to lie favours anyone
// in all passes. Right before each contender the case's floor is measured: the
// ratio of the two stays what it is when the machine as a whole changes its pace,
// as shared machines do from one second to the next. A contender that dies is
// reported and left out of the pass.
func (r *report) pass(o options, field []contender) error {
	workers := make(map[string]*measure.Worker, len(field))
	for _, c := range field {
		w, err := measure.Start(c.program, "-worker", c.peer.Name)
		if err != nil {
			return err
		}
		workers[c.peer.Name] = w
	}
	for _, c := range r.cases {
		floor := peers.Floor(c)
		for _, i := range rand.Perm(len(field)) {
			name := field[i].peer.Name
			if name == floor {
				continue
			}
			base, ok := r.ask(workers, floor, c, o.time)
			if !ok {
				base = math.NaN()
			} else {
				r.add(floor, c, base, base)
			}
			if ns, ok := r.ask(workers, name, c, o.time); ok {
				r.add(name, c, ns, base)
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

// ask measures one case of one contender, if that still lives and offers it.
func (r *report) ask(workers map[string]*measure.Worker, name string, c peers.Case, d time.Duration) (ns float64, ok bool) {
	w := workers[name]
	if w == nil {
		return 0, false
	}
	ns, ok, err := w.Ask(c, d)
	if err != nil {
		r.failures = append(r.failures, fmt.Sprintf("%s, %s: %v", name, c, err))
		workers[name] = nil
		return 0, false
	}
	return ns, ok
}

// add books what one contender and, just before, the floor took.
func (r *report) add(name string, c peers.Case, ns, floor float64) {
	k := key{name, c}
	r.samples[k] = append(r.samples[k], ns)
	if !math.IsNaN(floor) {
		r.ratios[k] = append(r.ratios[k], ns/floor)
	}
}

// ratio returns the median of a contender's ratios to the floor. ok is false
// where the floor was not measured.
func (r *report) ratio(k key) (ratio float64, ok bool) {
	ratios := r.ratios[k]
	if len(ratios) == 0 {
		return 0, false
	}
	return ratios.Median(), true
}
