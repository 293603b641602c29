// Command fa finds memory-intent mistakes in programs that use framealloc.
//
//	fa [flags] [packages]
//
// The same binary is a tool of the go command: go vet -vettool=$(which fa),
// go fix -fixtool=$(which fa), and go tool fa where go.mod has a tool line.
package main

import (
	"os"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/vettool"
)

func main() {
	if args := os.Args[1:]; vettool.Invoked(args) {
		vettool.Main(args, analyzers)
	}
	tool := cli.Tool{Analyzers: analyzers, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(tool.Main(os.Args[1:]))
}

// analyzers returns the checks for a project's configuration.
func analyzers(*config.Config) []*analysis.Analyzer { return nil }
