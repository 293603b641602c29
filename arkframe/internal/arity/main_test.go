package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What was generated is what would be generated.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	for n := 1; n <= Most; n++ {
		want, err := Source(n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "..", Name(n)))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what would be written now: run go generate in arkframe", Name(n))
		}
	}
}
