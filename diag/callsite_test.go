package diag

import (
	"strings"
	"testing"
)

func TestIsLibrary(t *testing.T) {
	tests := []struct {
		function, file string
		library        bool
	}{
		{modulePath + ".New[...]", "/src/framealloc/new.go", true},
		{modulePath + ".(*Frame).EndFrame", "framealloc/frame.go", true},
		{modulePath + "/diag.(*Reporter).Report", "/src/framealloc/diag/reporter.go", true},
		{modulePath + "/internal/arena.(*Arena).grow", "/src/arena.go", true},
		{modulePath + "/ebitenframe.Run", "/src/run.go", true},
		{modulePath + ".TestNew", "/src/framealloc/new_test.go", false},
		{modulePath + "_test.ExampleNew", "/src/framealloc/example_test.go", false},
		{modulePath + "extra.Do", "/src/extra.go", false},
		{modulePath + "/examples/swarm/world.Step", "/src/world.go", false},
		{modulePath + "/cmd/framedemo/scene.Build", "/src/scene.go", false},
		{modulePath + "/bench/peers.Run", "/src/peers.go", false},
		{"main.main", "/home/me/game/main.go", false},
		{"mygame/world.(*World).Step", "/home/me/game/world/world.go", false},
		{"example.com/internal/x.F", "/x.go", false},
		{"runtime.gopanic", "/go/src/runtime/panic.go", true},
		{"sync.(*Once).doSlow", "/go/src/sync/once.go", true},
		{"internal/sync.(*Mutex).Lock", "/go/src/internal/sync/mutex.go", true},
		{"reflect.Value.call", "/go/src/reflect/value.go", true},
		{"runtimes.F", "/x/runtimes.go", false},
		{"", "", true},
	}
	for _, tt := range tests {
		if got := isLibrary(tt.function, tt.file); got != tt.library {
			t.Errorf("isLibrary(%q, %q) = %v", tt.function, tt.file, got)
		}
	}
}

func TestShortSite(t *testing.T) {
	tests := []struct {
		file string
		line int
		want string
	}{
		{"/home/me/game/world/ai.go", 12, "world/ai.go:12"},
		{"C:/game/main.go", 3, "game/main.go:3"},
		{"/main.go", 3, "main.go:3"},
		{"main.go", 3, "main.go:3"},
		{"", 0, ""},
	}
	for _, tt := range tests {
		if got := shortSite(tt.file, tt.line); got != tt.want {
			t.Errorf("shortSite(%q, %d) = %q, want %q", tt.file, tt.line, got, tt.want)
		}
	}
}

func TestCallerPC(t *testing.T) {
	if got := siteOf(inlined()); !strings.HasPrefix(got, "diag/callsite_test.go:") {
		t.Errorf("from an inlined function: %q", got)
	}
	deep := func() uintptr { return recurse(100, CallerPC) }
	if got := siteOf(deep()); !strings.HasPrefix(got, "diag/callsite_test.go:") {
		t.Errorf("from deep down: %q", got)
	}
	all := make(chan uintptr)
	go sendCallerPC(all)
	if got := siteOf(<-all); !strings.HasPrefix(got, "diag/callsite_test.go:") {
		t.Errorf("from another goroutine: %q", got)
	}
	if got := siteOf(0); got != "" {
		t.Errorf("siteOf(0) = %q", got)
	}
	if got := siteOf(1); got != "" {
		t.Errorf("siteOf(1) = %q", got)
	}
}

func inlined() uintptr { return CallerPC() }

func recurse(n int, f func() uintptr) uintptr {
	if n == 0 {
		return f()
	}
	return recurse(n-1, f)
}

func sendCallerPC(c chan<- uintptr) { c <- CallerPC() }

func FuzzOwnPrefix(f *testing.F) {
	for _, c := range []string{"ENG001", "FA001", "", "A1", "ENG", "123", "ÄNG001", "ENG\x00001"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		prefix, err := ownPrefix(Code(c))
		if err != nil {
			return
		}
		digits, ok := strings.CutPrefix(c, prefix)
		if !ok || prefix == "FA" || len(prefix) < 2 || len(prefix) > 8 || strings.Trim(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" ||
			len(digits) != 3 || strings.Trim(digits, "0123456789") != "" {
			t.Errorf("%q is accepted, with prefix %q", c, prefix)
		}
		if find(Code(c)) != nil && !strings.HasPrefix(c, "TSTREG") {
			t.Errorf("%q is in the catalogue", c)
		}
	})
}
