package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/framealloc/framealloc/bench/gcprobe"
	"github.com/framealloc/framealloc/bench/jitter"
	"github.com/framealloc/framealloc/bench/measure"
	"github.com/framealloc/framealloc/bench/peers"
)

// child is what the command does when it runs itself.
func child(o options, stdin io.Reader, stdout io.Writer) error {
	if o.mode != "" {
		result, err := jitter.Run(o.mode, o.frames, o.liveMB)
		if err != nil {
			return err
		}
		return json.NewEncoder(stdout).Encode(result)
	}
	peer, ok := peers.Named(o.worker + o.probe)
	if !ok {
		return fmt.Errorf("no peer %q in this build", o.worker+o.probe)
	}
	if o.worker != "" {
		return measure.Serve(peer, stdin, stdout)
	}
	return json.NewEncoder(stdout).Encode(gcprobe.Probe(peer.New()))
}
