// Command codespage writes the reference page of all codes from the catalogue.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"github.com/framealloc/framealloc/diag"
)

func main() {
	out := flag.String("o", "", "file to write; standard output if empty")
	flag.Parse()
	var page bytes.Buffer
	render(&page, diag.All())
	if err := write(*out, page.Bytes()); err != nil {
		fmt.Fprintln(os.Stderr, "codespage:", err)
		os.Exit(1)
	}
}

func write(file string, page []byte) error {
	if file == "" {
		_, err := os.Stdout.Write(page)
		return err
	}
	return os.WriteFile(file, page, 0o644)
}
