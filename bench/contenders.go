package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/framealloc/framealloc/bench/peers"
)

const module = "github.com/framealloc/framealloc/bench"

// A contender is a peer and the program that runs it: this one, or this one
// built with GOEXPERIMENT=arenas.
type contender struct {
	peer    peers.Peer
	program string
}

// contenders returns those that were asked for, and the floors. Where the
// experiment's is among them it is built into dir; if that cannot be done, the
// comparison goes on without it, and says so.
func contenders(o options, dir string, stderr io.Writer) ([]contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := peers.All()
	if _, here := peers.Named(peers.ArenasName); !here {
		all = append(all, peers.Peer{Name: peers.ArenasName, Version: "Go, GOEXPERIMENT=arenas"})
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(o.peers, ",") {
		if name = strings.TrimSpace(name); name != "" {
			wanted[name] = true
		}
	}
	everyone := len(wanted) == 0
	var selected []contender
	for _, p := range all {
		if everyone || wanted[p.Name] || peers.IsFloor(p.Name) {
			program := self
			if p.New == nil {
				if program, err = buildArenas(dir); err != nil {
					fmt.Fprintf(stderr, "bench: going on without %s: %v\n", p.Name, err)
					continue
				}
			}
			selected = append(selected, contender{p, program})
		}
		delete(wanted, p.Name)
	}
	for name := range wanted {
		return nil, fmt.Errorf("no peer %q; there are %s", name, names(all))
	}
	return selected, nil
}

func names(all []peers.Peer) string {
	var list []string
	for _, p := range all {
		list = append(list, p.Name)
	}
	return strings.Join(list, ", ")
}

// buildArenas builds this command with GOEXPERIMENT=arenas into dir. It needs
// the go command and a module graph with this package, as in a checkout.
func buildArenas(dir string) (program string, err error) {
	program = filepath.Join(dir, "bench-arenas")
	build := exec.Command("go", "build", "-o", program, module)
	build.Env = append(os.Environ(), "GOEXPERIMENT=arenas")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building with GOEXPERIMENT=arenas: %v: %s", err, strings.TrimSpace(string(out)))
	}
	return program, nil
}
