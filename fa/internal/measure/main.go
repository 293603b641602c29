// Command measure reproduces the numbers in fa's README.
//
//	go run ./fa/internal/measure speed     a generated program of 300 packages
//	go run ./fa/internal/measure foreign   five large modules that do not use framealloc
//	go run ./fa/internal/measure corpus    precision and recall on the corpus of marked cases
//
// Run it in the repository's top directory. It writes into a temporary
// directory, and downloads the foreign modules through the module proxy.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/framealloc/framealloc/fa/corpus"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	what := strings.Join(args, " ")
	if what == "corpus" {
		rep, err := corpus.Measure()
		if err != nil {
			return err
		}
		return rep.Print(os.Stdout)
	}
	tmp, err := os.MkdirTemp("", "fa-measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	fa := filepath.Join(tmp, "fa")
	if out, err := exec.Command("go", "build", "-o", fa, "./fa").CombinedOutput(); err != nil {
		return fmt.Errorf("run this in the repository's top directory: %s", out)
	}
	switch what {
	case "speed":
		return speed(fa, tmp)
	case "foreign":
		return foreign(fa, tmp)
	}
	return fmt.Errorf("usage: measure speed|foreign|corpus")
}

// outcome is what a command took.
type outcome struct {
	wall   time.Duration
	cpu    time.Duration // of all processes
	memory int64         // most resident bytes of it or of a process it started
	code   int
	output string // the last line
}

func (o outcome) String() string {
	return fmt.Sprintf("%6.2f s  %6.2f s CPU  %5d MB  exit %d  %s", o.wall.Seconds(), o.cpu.Seconds(), o.memory>>20, o.code, o.output)
}

// timed runs a command in a directory.
func timed(dir string, env []string, name string, args ...string) (outcome, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	o := outcome{wall: time.Since(start)}
	if cmd.ProcessState == nil {
		return o, err
	}
	o.code = cmd.ProcessState.ExitCode()
	o.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	o.memory = residentMax(cmd.ProcessState)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	o.output = lines[len(lines)-1]
	if o.code > 1 {
		return o, fmt.Errorf("%s %s: %s", filepath.Base(name), strings.Join(args, " "), out)
	}
	return o, nil
}
