// Framedemo runs one scene on Go's heap, on hand-reused memory and on
// framealloc, each in a process of its own beside a large live heap, and shows
// what that does to the frame times:
//
//	go run ./cmd/framedemo
//
// It prints a table and writes a plot (PNG and a page), the last frame, which all
// modes must render alike, and the figures to framedemo-out. With -mode mixed it
// leaves a quarter of the allocations on the heap, and says in which lines.
// Interrupted, it shows
// what it has and exits with 130. It exits with 1 when the pictures differ or a
// mode fails, and with 2 for flags that mean nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/framealloc/framealloc/cmd/framedemo/report"
	"github.com/framealloc/framealloc/cmd/framedemo/scene"
)

// options are the flags.
type options struct {
	frames int
	modes  []string
	liveMB int
	out    string
	budget time.Duration
	json   bool
	child  string // run this mode here and report to standard output
}

const (
	warmUp        = 300 // frames before measuring, in every mode
	defaultFrames = 1500
	traced        = 20               // frames to look for garbage in, after measuring
	timeLimit     = 15 * time.Second // of measuring, a mode
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "framedemo:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.child != "" {
		if err := measure(ctx, o, stdout); err != nil {
			fmt.Fprintln(stderr, "framedemo:", err)
			return 1
		}
		return 0
	}
	return compare(ctx, o, stdout, stderr)
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	f := flag.NewFlagSet("framedemo", flag.ContinueOnError)
	f.SetOutput(stderr)
	mode := f.String("mode", "all", "`mode` to run: all, heap, reuse, framealloc, or mixed (framealloc with a quarter of the allocations left on the heap, and a report of their lines)")
	budget := f.Float64("budget", 16.6, "`milliseconds` a frame may take")
	f.IntVar(&o.frames, "frames", defaultFrames, "frames to measure in each mode, at most, after a warm-up of 300")
	f.IntVar(&o.liveMB, "live-mb", 256, "`megabytes` of live heap beside the scene")
	f.StringVar(&o.out, "out", "framedemo-out", "`directory` for the plot, the page, the picture and the figures")
	f.BoolVar(&o.json, "json", false, "print the figures as JSON, and nothing else, on standard output")
	f.StringVar(&o.child, "child", "", "used by the command itself")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.budget = time.Duration(*budget * float64(time.Millisecond))
	o.modes = []string{*mode}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case *mode == "all":
		o.modes = scene.Modes
	case *mode != "mixed" && !slices.Contains(scene.Modes, *mode):
		return o, fmt.Errorf("-mode %q: want all, mixed, %s", *mode, strings.Join(scene.Modes, ", "))
	}
	switch {
	case o.frames < 1:
		return o, fmt.Errorf("-frames %d: want at least one", o.frames)
	case o.liveMB < 0 || o.liveMB > 1<<16:
		return o, fmt.Errorf("-live-mb %d: want 0 to 65536", o.liveMB)
	case o.budget <= 0:
		return o, fmt.Errorf("-budget %v: want more than 0 milliseconds", *budget)
	}
	return o, nil
}

// compare runs the modes one after the other and shows the results.
func compare(ctx context.Context, o options, stdout, stderr io.Writer) int {
	fmt.Fprintf(stderr, "framedemo: %s; %d frames each after %d to warm up, %d MB of live heap\n",
		strings.Join(o.modes, ", "), o.frames, warmUp, o.liveMB)
	var runs []report.Run
	failed := false
	for _, mode := range o.modes {
		if ctx.Err() != nil {
			break
		}
		r, err := spawn(ctx, o, mode, stderr)
		if err != nil {
			fmt.Fprintf(stderr, "framedemo: %s: %v\n", mode, err)
			failed = true
			continue
		}
		if len(r.Times) > 0 {
			r.Summarize(o.budget)
			runs = append(runs, r)
		}
	}
	interrupted := ctx.Err() != nil
	if err := show(o, runs, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "framedemo:", err)
		failed = true
	}
	switch {
	case interrupted:
		fmt.Fprintln(stderr, "framedemo: interrupted; the figures are of the frames until then")
		return 130
	case failed:
		return 1
	}
	return 0
}

// show prints the table and writes the files. It returns an error when the
// modes' pictures of the same frame differ.
func show(o options, runs []report.Run, stdout, stderr io.Writer) error {
	if len(runs) == 0 {
		if o.json {
			return report.JSON(stdout, runs)
		}
		return errors.New("no mode has measured a frame")
	}
	text := stdout
	if o.json {
		if err := report.JSON(stdout, runs); err != nil {
			return err
		}
		text = stderr
	}
	fmt.Fprintln(text)
	report.Table(text, runs, o.budget)
	for _, r := range runs {
		report.TagTable(text, r)
		report.GarbageTable(text, r)
	}
	err := write(o, runs)
	if err == nil {
		fmt.Fprintf(text, "\nplot, page, picture and figures are in %s\n", o.out)
	}
	return errors.Join(err, samePicture(runs))
}

// samePicture compares the pictures of runs that came as far as each other.
func samePicture(runs []report.Run) error {
	for _, r := range runs[1:] {
		if first := runs[0]; r.Frames == first.Frames && r.ImageSHA256 != first.ImageSHA256 {
			return fmt.Errorf("%s and %s rendered frame %d differently", first.Mode.Mode, r.Mode.Mode, r.Frames)
		}
	}
	return nil
}
