package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// modules are large programs and libraries that do not use framealloc.
var modules = []string{
	"k8s.io/client-go@v0.37.2",
	"github.com/hajimehoshi/ebiten/v2@v2.8.8",
	"gonum.org/v1/gonum@v0.16.0",
	"google.golang.org/grpc@v1.75.0",
	"golang.org/x/tools@v0.52.0",
}

// foreign runs fa on modules in which it has nothing to find.
func foreign(fa, tmp string) error {
	failed := 0
	for i, m := range modules {
		dir, err := unpack(m, filepath.Join(tmp, fmt.Sprint(i)))
		if err != nil {
			return err
		}
		env := []string{"GOWORK=off", "GOFLAGS=-mod=mod"}
		if _, err := timed(dir, env, "go", "list", "-deps", "./..."); err != nil {
			return err // fetches what the module imports
		}
		o, err := timed(dir, env, fa, "./...")
		if err != nil {
			return err
		}
		if o.code != 0 || !strings.HasPrefix(o.output, "nothing to check") {
			failed++
		}
		fmt.Printf("%-42s %v\n", m, o)
	}
	if failed > 0 {
		return fmt.Errorf("findings in %d modules that do not use framealloc", failed)
	}
	return nil
}

// unpack copies a module out of the module cache, which is read-only.
func unpack(module, dir string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	var info struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &info); jsonErr != nil || info.Error != "" {
		return "", fmt.Errorf("%s: %s %v", module, info.Error, err)
	}
	return dir, os.CopyFS(dir, os.DirFS(info.Dir))
}
