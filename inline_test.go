package framealloc

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestHotFunctionsInline builds a small program with the compiler's report on
// inlining and fails when a function that must cost nothing to call does not
// become part of its caller there.
func TestHotFunctionsInline(t *testing.T) {
	if runtime.Compiler != "gc" {
		t.Skip("the report is the gc compiler's")
	}
	source, err := os.ReadFile("testdata/hot/hot.go")
	if err != nil {
		t.Fatal(err)
	}
	report, err := exec.Command("go", "build", "-gcflags=-m=2", "./testdata/hot").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, report)
	}
	inlined := map[string]bool{} // "line function", type arguments left out
	call := regexp.MustCompile(`^testdata.hot.hot\.go:(\d+):\d+: inlining call to (.*)`)
	for line := range strings.Lines(string(report)) {
		if m := call.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			inlined[m[1]+" "+withoutTypes(m[2])] = true
		}
	}
	wanted := 0
	for i, line := range strings.Split(string(source), "\n") {
		_, names, ok := strings.Cut(line, "// inlines ")
		if !ok {
			continue
		}
		names, wide, _ := strings.Cut(names, "on 64 bits")
		if strconv.IntSize == 64 {
			names += wide
		}
		for _, name := range strings.Fields(names) {
			wanted++
			if !inlined[fmt.Sprint(i+1, " ", name)] {
				t.Errorf("%s is not inlined in\n%s", name, line)
			}
		}
	}
	if wanted == 0 {
		t.Error("nothing is wanted")
	}
}

// withoutTypes cuts what is in brackets.
func withoutTypes(name string) string {
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
