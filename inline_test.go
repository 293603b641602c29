package framealloc

import (
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestHotFunctionsInline builds the package with the compiler's report on
// inlining and fails when a function that must cost nothing to call no longer
// fits the inliner's budget.
func TestHotFunctionsInline(t *testing.T) {
	if runtime.Compiler != "gc" {
		t.Skip("the report is the gc compiler's")
	}
	// The instantiations in this file make the compiler consider them.
	cmd := exec.Command("go", "test", "-c", "-o", "/dev/null", "-gcflags=-m=2", ".")
	if runtime.GOOS == "windows" {
		cmd.Args[4] = "NUL"
	}
	report, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go test -c: %v\n%s", err, report)
	}
	for _, name := range []string{`New\[go\.shape`, `Arena\[.*\]\.New`, `\(\*Pool\[.*\]\)\.Get`} {
		re := regexp.MustCompile(`(can|cannot) inline ` + name + `.*`)
		lines := re.FindAllString(string(report), -1)
		if len(lines) == 0 {
			t.Errorf("the compiler says nothing of %s", name)
		}
		for _, l := range lines {
			if strings.HasPrefix(l, "cannot") && strings.Contains(l, "go.shape") {
				t.Errorf("%.300s", l)
			}
		}
	}
}

var sink struct {
	p *plain
	l *linked
}

func useHotFunctions(f *Frame, p *Pool[linked]) {
	sink.p = New[plain](f)
	sink.l = New[linked](f)
	sink.l = NewValue(f, linked{})
	a, b := ArenaOf[linked](f), ArenaOf[plain](f)
	sink.l, sink.p = a.New(), b.New()
	sink.l = p.Get()
}

func TestUseHotFunctions(t *testing.T) {
	a := NewAllocator(Config{})
	useHotFunctions(a.BeginFrame(), PoolOf[linked](a))
	if sink.l == nil || sink.p == nil {
		t.Error("nil")
	}
	a.EndFrame()
}
