// Framestress runs everything that shares memory between goroutines at once, with
// a collector that never rests, and checks that no value ever changes while it is
// valid:
//
//	go run ./cmd/framestress -duration 1m -workers 8 -seed 42
//
// It prints a rate and ends by itself. A value that changed is printed with the
// seed and the worker's step, and the exit status is 1.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("framestress", flag.ContinueOnError)
	f.SetOutput(stderr)
	duration := f.Duration("duration", 10*time.Second, "how long to run")
	seed := f.Uint64("seed", uint64(time.Now().UnixNano()), "`number` that the workers' steps follow from")
	workers := f.Int("workers", 4, "workers, with a goroutine each")
	asJSON := f.Bool("json", false, "print the figures as JSON")
	if err := f.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return 0
		}
		return 2
	}
	if *workers < 1 || *workers > 1024 || *duration <= 0 || f.NArg() > 0 {
		fmt.Fprintln(stderr, "framestress: want 1 to 1024 workers, a duration above 0, and no arguments")
		return 2
	}
	r := stress(*seed, *workers, *duration, nil)
	if *asJSON {
		json.NewEncoder(stdout).Encode(r)
	} else {
		fmt.Fprintf(stdout, "seed %d: %d workers, %d frames, %d allocations, %d transfers, %d loads, %d collections: %.2f million checked allocations a second, %d violations\n",
			r.Seed, r.Workers, r.Frames, r.Allocations, r.Transfers, r.Loads, r.Collections, r.Rate/1e6, len(r.Violations))
	}
	for _, v := range r.Violations {
		fmt.Fprintln(stderr, "framestress:", v)
	}
	if len(r.Violations) > 0 {
		return 1
	}
	return 0
}
