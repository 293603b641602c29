// Bench compares framealloc with hand-written allocators, with what Go offers
// and with the other allocators for Go, in one run:
//
//	go run ./bench            # from a checkout: the table
//	go run ./bench -json      # the same as one JSON object on stdout
//	go run ./bench -jitter    # frame times beside a large live heap
//
// Every peer is measured in processes of its own, one thread each, in turn: a
// pass measures every case of every peer once, and the table shows medians (and
// minima) over the passes. Nanoseconds are for one allocation, its share of the
// frame's begin and end included; the memory is zeroed unless the case says
// otherwise, and touched. Ratios are to the floor: hand-written, inlined code
// that gives the same memory, measured right before each peer.
//
// The column "pointers" is the result of a test, run for each peer in a process
// of its own: pointers into the heap are stored in the peer's memory, the
// collector is run, and the referents are looked at again.
//
// The peer "arenas" needs GOEXPERIMENT=arenas; the command builds itself a second
// time with it.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/framealloc/framealloc/bench/peers"
)

// options are the command's flags.
type options struct {
	passes int
	time   time.Duration
	peers  string
	cases  string
	json   bool

	jitter bool
	frames int
	liveMB int

	// How the command runs itself.
	worker, probe, mode string
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.passes, "passes", 9, "passes over all cases and peers")
	flags.DurationVar(&o.time, "time", 20*time.Millisecond, "time for one case of one peer in one pass")
	flags.StringVar(&o.peers, "peers", "", "comma-separated `names`; default all (the floors are always measured)")
	flags.StringVar(&o.cases, "cases", "", "comma-separated `names`; default all")
	flags.BoolVar(&o.json, "json", false, "print one JSON object instead of the table")
	flags.BoolVar(&o.jitter, "jitter", false, "measure frame times beside a large live heap instead")
	flags.IntVar(&o.frames, "frames", 2000, "frames of -jitter")
	flags.IntVar(&o.liveMB, "live-mb", 500, "live heap of -jitter in `MB`")
	flags.StringVar(&o.worker, "worker", "", "internal: measure this peer as asked on stdin")
	flags.StringVar(&o.probe, "probe", "", "internal: test this peer under the collector")
	flags.StringVar(&o.mode, "jitter-mode", "", "internal: run this mode of -jitter")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.passes < 1 || o.time <= 0 || o.frames < 1 || o.liveMB < 0 {
		return o, fmt.Errorf("-passes, -time and -frames must be positive, -live-mb not negative")
	}
	return o, nil
}

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	switch {
	case err == flag.ErrHelp:
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if err := run(o, os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o options, stdin io.Reader, stdout, stderr io.Writer) error {
	switch {
	case o.worker != "" || o.probe != "" || o.mode != "":
		return child(o, stdin, stdout)
	case o.jitter:
		return compareJitter(o, stdout, stderr)
	}
	return compare(o, stdout, stderr)
}

// selectedCases returns those that were asked for.
func (o options) selectedCases() ([]peers.Case, error) {
	if o.cases == "" {
		return peers.Cases(), nil
	}
	var selected []peers.Case
	for name := range strings.SplitSeq(o.cases, ",") {
		c := peers.Case(strings.TrimSpace(name))
		if !c.Known() {
			return nil, fmt.Errorf("no case %q; there are %v", c, peers.Cases())
		}
		selected = append(selected, c)
	}
	return selected, nil
}
