package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"

	"github.com/framealloc/framealloc/bench/jitter"
)

// compareJitter runs each mode in a process of its own, one after the other, and
// prints them.
func compareJitter(o options, stdout, stderr io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var all struct {
		Modes []jitter.Result `json:"modes"`
	}
	for _, mode := range jitter.Modes() {
		fmt.Fprintf(stderr, "\r%-30s", mode)
		process := exec.Command(self, "-jitter-mode", mode,
			"-frames", strconv.Itoa(o.frames), "-live-mb", strconv.Itoa(o.liveMB))
		process.Stderr = stderr
		out, err := process.Output()
		if err != nil {
			return fmt.Errorf("mode %s: %w", mode, err)
		}
		var result jitter.Result
		if err := json.Unmarshal(out, &result); err != nil {
			return fmt.Errorf("mode %s: %w", mode, err)
		}
		all.Modes = append(all.Modes, result)
	}
	fmt.Fprintf(stderr, "\r%30s\r", "")
	if o.json {
		return json.NewEncoder(stdout).Encode(all)
	}
	fmt.Fprintf(stdout, "%d frames of 20,000 temporaries (64-256 B) beside %d MB of live heap, ms\n\n", o.frames, o.liveMB)
	fmt.Fprintf(stdout, "%-20s %8s %8s %8s %8s %12s %14s\n", "", "p50", "p99", "p99.9", "max", "collections", "heap allocs/f")
	for _, r := range all.Modes {
		fmt.Fprintf(stdout, "%-20s %8.3f %8.3f %8.3f %8.3f %12d %14.1f\n",
			r.Mode, r.P50, r.P99, r.P999, r.Max, r.Collections, r.HeapAllocs)
	}
	return nil
}
