package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/config"
)

// What the README shows of flags and configuration is what the command takes.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	help := new(strings.Builder)
	tool := cli.Tool{Stdout: help, Stderr: help}
	tool.Main([]string{"--help"})
	for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(text, -1) {
		if flag == "--category" {
			continue // of fa list
		}
		if !strings.Contains(help.String(), flag) {
			t.Errorf("fa has no %s", flag)
		}
	}
	for _, line := range strings.Split(help.String(), "\n") {
		if m := regexp.MustCompile(`^ +(?:-\w, )?(--[a-z-]+)`).FindStringSubmatch(line); m != nil && m[1] != "--help" && !strings.Contains(text, m[1]) {
			t.Errorf("%s is not in the README", m[1])
		}
	}
	_, rest, _ := strings.Cut(text, "## Configuration")
	_, rest, _ = strings.Cut(rest, "```toml\n")
	toml, _, ok := strings.Cut(rest, "```")
	if _, err := config.Parse("README.md", []byte(toml)); err != nil || !ok {
		t.Errorf("the configuration does not load: %v", err)
	}
}
