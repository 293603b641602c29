package gamegen

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What is written compiles with the library, and is the same each time.
func TestProgramCompiles(t *testing.T) {
	library, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	p := Program{Packages: 6, Systems: 2, Library: library}
	dir, again := t.TempDir(), t.TempDir()
	lines, err := p.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	if lines < 6*2*70 {
		t.Errorf("%d lines", lines)
	}
	if _, err := p.Write(again); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("pkg005", "pkg005.go")
	a, errA := os.ReadFile(filepath.Join(dir, file))
	b, errB := os.ReadFile(filepath.Join(again, file))
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("two programs of one size differ: %v, %v", errA, errB)
	}
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
