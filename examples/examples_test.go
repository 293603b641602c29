package examples

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write what the programs print to testdata")

// TestPrograms builds and runs every program and compares what it prints with
// testdata.
func TestPrograms(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "./...").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	sources, err := filepath.Glob("*/main.go")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, source := range sources {
		name := filepath.Base(filepath.Dir(source))
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
			continue // a module with tests of its own
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := exec.Command(filepath.Join(bin, name))
			program.Stderr = os.Stderr
			got, err := program.Output()
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("it printed\n%s\nwant\n%s", got, want)
			}
		})
	}
}
