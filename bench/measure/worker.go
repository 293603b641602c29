package measure

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/framealloc/framealloc/bench/peers"
)

// Serve measures peer p for whoever writes to in: a line with a case and a
// duration is answered by a line with nanoseconds, or "none" for a case that p
// does not offer. It returns when in ends.
func Serve(p peers.Peer, in io.Reader, out io.Writer) error {
	subject := p.New()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		name, duration, _ := strings.Cut(lines.Text(), " ")
		d, err := time.ParseDuration(duration)
		if err != nil {
			return fmt.Errorf("worker asked for %q: %w", lines.Text(), err)
		}
		answer := "none"
		if ns, ok := Nanoseconds(subject, peers.Case(name), d); ok {
			answer = strconv.FormatFloat(ns, 'g', -1, 64)
		}
		if _, err := fmt.Fprintln(out, answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

// A Worker is a process that measures one peer with [Serve].
type Worker struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	stderr  strings.Builder
}

// Start starts a process that serves, with one thread for Go code.
func Start(command ...string) (*Worker, error) {
	w := &Worker{process: exec.Command(command[0], command[1:]...)}
	w.process.Env = append(os.Environ(), "GOMAXPROCS=1")
	w.process.Stderr = &w.stderr
	in, err := w.process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := w.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.in, w.out = in, bufio.NewScanner(out)
	return w, w.process.Start()
}

// Ask has the worker measure c for d. ok is false for a case that its peer does
// not offer. An error says how the process died, which a peer may well do.
func (w *Worker) Ask(c peers.Case, d time.Duration) (ns float64, ok bool, err error) {
	if _, err := fmt.Fprintln(w.in, c, d); err != nil {
		return 0, false, w.died(err)
	}
	if !w.out.Scan() {
		return 0, false, w.died(w.out.Err())
	}
	if w.out.Text() == "none" {
		return 0, false, nil
	}
	ns, err = strconv.ParseFloat(w.out.Text(), 64)
	return ns, err == nil, err
}

// died explains why the worker does not answer.
func (w *Worker) died(cause error) error {
	w.in.Close()
	if err := w.process.Wait(); err != nil {
		cause = err
	}
	first, _, _ := strings.Cut(w.stderr.String(), "\n")
	return fmt.Errorf("the measuring process ended: %v: %s", cause, first)
}

// Stop ends the worker.
func (w *Worker) Stop() error {
	w.in.Close()
	return w.process.Wait()
}
