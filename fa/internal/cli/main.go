// Package cli is the command line of fa.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/config"
)

// The exit codes.
const (
	exitClean    = 0 // nothing that fails the run
	exitFindings = 1 // findings at the fail level
	exitUsage    = 2 // the command line or the configuration is wrong
	exitLoad     = 3 // code that does not load
)

// Tool is the command with the checks that it is built with.
type Tool struct {
	// Analyzers returns the checks for a project's configuration, one for
	// each code and named after it.
	Analyzers func(*config.Config) []*analysis.Analyzer

	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// exitError ends the command with a code. Its message, if any, goes to
// standard error.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// Main runs the command with its arguments, without the program's name, and
// returns the exit code.
func (t *Tool) Main(args []string) int {
	if os.Getenv("GOGC") == "" {
		// A run is over before much of its memory is garbage: collecting half
		// as often saves a quarter of the time for a tenth more memory.
		debug.SetGCPercent(200)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := t.root()
	root.SetArgs(args)
	root.SetIn(t.Stdin)
	root.SetOut(t.Stdout)
	root.SetErr(t.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitClean
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{exitUsage, err} // what cobra finds wrong is usage
	}
	if exit.err != nil {
		fmt.Fprintln(t.Stderr, "fa:", exit.err)
	}
	return exit.code
}

// root builds the command tree.
func (t *Tool) root() *cobra.Command {
	root := t.checkCommand()
	root.AddCommand(
		t.explainCommand(),
		t.showCommand(),
		t.listCommand(),
		t.initCommand(),
		t.baselineCommand(),
		t.lspCommand(),
		t.versionCommand(),
	)
	return root
}
