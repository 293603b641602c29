// Command fa finds memory-intent mistakes in programs that use framealloc.
//
//	fa [flags] [packages]
//
// The same binary is a tool of the go command: go vet -vettool=$(which fa),
// go fix -fixtool=$(which fa), and go tool fa where go.mod has a tool line.
package main

import (
	"os"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/suite"
	"github.com/framealloc/framealloc/fa/internal/vettool"
)

func main() {
	if args := os.Args[1:]; vettool.Invoked(args) {
		vettool.Main(args, suite.Analyzers)
	}
	tool := cli.Tool{Analyzers: suite.Analyzers, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(tool.Main(os.Args[1:]))
}
