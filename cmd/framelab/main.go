// Framelab is a gallery of deliberate mistakes: one for each code that the library
// finds at run time, with the diagnostic that a user gets, next to the same code
// put right, for which there is none.
//
//	go run ./cmd/framelab              # lists them
//	go run ./cmd/framelab FA606 FA201  # makes some
//	go run ./cmd/framelab -all         # makes all
//
// The exit status is 1 if a mistake was not found or its twin not silent.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/framealloc/framealloc/cmd/framelab/gallery"
	"github.com/framealloc/framealloc/diag"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, colored(os.Stdout))) }

func run(args []string, stdout, stderr io.Writer, color bool) int {
	f := flag.NewFlagSet("framelab", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprintln(stderr, "usage: framelab [-all] [code ...]")
		f.PrintDefaults()
	}
	all := f.Bool("all", false, "make all mistakes")
	if err := f.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return 0
		}
		return 2
	}
	p := &printer{w: stdout, color: color}
	if f.NArg() == 0 && !*all {
		p.list()
		return 0
	}

	exhibits := gallery.All
	if !*all {
		exhibits = nil
		for _, arg := range f.Args() {
			code := codeOf(arg)
			found := gallery.Of(code)
			if len(found) == 0 {
				fmt.Fprintf(stderr, "framelab: %s: %s\n", arg, whyNot(code))
				return 2
			}
			exhibits = append(exhibits, found...)
		}
	}
	good := true
	for _, x := range exhibits {
		good = p.exhibit(x) && good
	}
	if len(exhibits) > 1 {
		p.tally(len(exhibits))
	}
	if !good {
		return 1
	}
	return 0
}

// codeOf reads a code as people type it: "FA601", "fa601" or "601".
func codeOf(arg string) diag.Code {
	code := strings.ToUpper(arg)
	if !strings.HasPrefix(code, "FA") {
		code = "FA" + code
	}
	return diag.Code(code)
}

// whyNot says why a code has no exhibit.
func whyNot(code diag.Code) string {
	if reason, absent := gallery.Absent[code]; absent {
		return reason
	}
	e, known := diag.Lookup(code)
	if !known {
		return "there is no such code; framelab without arguments lists those there are"
	}
	return fmt.Sprintf("%s is found at %s, by the analyzer: go run ./fa explain %s", e.Name, e.Found, code)
}

// absent returns the codes without an exhibit, in order.
func absent() []diag.Code {
	var codes []diag.Code
	for code := range gallery.Absent {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// colored reports whether to write to f in color: if it is a terminal, and nobody
// minds (https://no-color.org).
func colored(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
