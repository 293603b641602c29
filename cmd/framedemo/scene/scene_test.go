package scene

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
)

func build(t *testing.T, mode string) Scene {
	t.Helper()
	s, err := New(mode, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestModesRenderAlike(t *testing.T) {
	var scenes []Scene
	for _, mode := range append(Modes, "mixed") {
		scenes = append(scenes, build(t, mode))
	}
	var last []byte
	for frame := range 30 {
		for i, s := range scenes {
			s.Frame()
			if i > 0 && !bytes.Equal(s.Image().Pix, scenes[0].Image().Pix) {
				t.Fatalf("frame %d of mode %d differs from the heap's", frame, i)
			}
		}
		if bytes.Equal(last, scenes[0].Image().Pix) {
			t.Fatalf("frame %d shows nothing new", frame)
		}
		last = bytes.Clone(scenes[0].Image().Pix)
	}
}

// TestHeapAllocations expects none of framealloc in its steady state, and that
// the other modes are what they say.
func TestHeapAllocations(t *testing.T) {
	for mode, ok := range map[string]func(perFrame float64) bool{
		"heap":       func(n float64) bool { return n > 5000 },
		"reuse":      func(n float64) bool { return n < 5 },
		"framealloc": func(n float64) bool { return n == 0 },
		"mixed":      func(n float64) bool { return n > 3000 && n < 8000 }, // a quarter of the heap's
	} {
		t.Run(mode, func(t *testing.T) {
			s := build(t, mode)
			for range 100 {
				s.Frame()
			}
			if n := testing.AllocsPerRun(20, s.Frame); !ok(n) {
				t.Errorf("%v heap allocations a frame", n)
			}
		})
	}
}

// TestMixedGarbage expects the garbage finder to name exactly the lines that are
// marked, with as many allocations as the heap mode makes for the same.
func TestMixedGarbage(t *testing.T) {
	source, err := os.ReadFile("framemem.go")
	if err != nil {
		t.Fatal(err)
	}
	marked := make(map[string]bool)
	for i, line := range strings.Split(string(source), "\n") {
		if strings.HasSuffix(line, "// heap, on purpose") {
			marked[fmt.Sprintf("scene/framemem.go:%d", i+1)] = true
		}
	}
	if len(marked) < 3 {
		t.Fatalf("marked: %v", marked)
	}
	trace := func(mode string) *framealloc.GarbageReport {
		s := build(t, mode)
		for range 100 {
			s.Frame()
		}
		g, err := framealloc.TraceGarbage(20, s.Frame)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	mixed, all := trace("mixed"), trace("heap")
	for _, s := range mixed.Sites {
		if !marked[s.Place()] {
			t.Errorf("%s makes no garbage:\n%s", s.Place(), mixed)
		}
	}
	for place := range marked {
		if !slices.ContainsFunc(mixed.Sites, func(s framealloc.GarbageSite) bool { return s.Place() == place }) {
			t.Errorf("%s was not found:\n%s", place, mixed)
		}
	}
	if len(mixed.Own) > 0 {
		t.Errorf("framealloc's own:\n%s", mixed)
	}
	if share := float64(mixed.Allocations) / float64(all.Allocations); share < 0.2 || share > 0.3 {
		t.Errorf("%.2f of the heap mode's allocations, want a quarter", share)
	}
	count := func(g *framealloc.GarbageReport, function string) (n uint64) {
		for _, s := range g.Sites {
			if strings.HasSuffix(s.Function, function) {
				n += s.Allocations
			}
		}
		return n
	}
	for _, function := range []string{".Triangle", ".Contact"} {
		// Threads may add a stray for each frame.
		if m, h := count(mixed, function), count(all, function); m+20 < h || h+20 < m || m == 0 {
			t.Errorf("%s: %d allocations, of the heap mode %d", function, m, h)
		}
	}
}

func TestTags(t *testing.T) {
	s := build(t, "framealloc")
	s.Frame()
	seen := map[string]bool{}
	for _, tag := range s.Tags() {
		if tag.Bytes <= 0 || tag.Allocations <= 0 {
			t.Errorf("tag %+v took nothing", tag)
		}
		seen[tag.Path] = true
	}
	for _, path := range []string{"ai", "physics", "render", "hud"} {
		if !seen[path] {
			t.Errorf("no tag %q", path)
		}
	}
	if build(t, "heap").Tags() != nil {
		t.Error("the heap has tags")
	}
}

func TestAgentsArrive(t *testing.T) {
	s := build(t, "framealloc").(*world)
	for range 300 {
		s.Frame()
	}
	walking, arrived := 0, 0
	for i := range s.agents {
		a := &s.agents[i]
		if s.maze[int(a.y)*mazeSize+int(a.x)] {
			t.Fatalf("agent %d stands in a wall", i)
		}
		switch {
		case len(a.path) > 0 && a.at == len(a.path):
			arrived++
		case a.at > 0:
			walking++
		}
	}
	if walking == 0 || arrived == 0 || s.met == 0 || s.drawn == 0 {
		t.Errorf("%d walking, %d arrived, %d contacts, %d triangles", walking, arrived, s.met, s.drawn)
	}
}

func TestUnknownMode(t *testing.T) {
	if s, err := New("stack", 1); err == nil || s != nil {
		t.Errorf("New(stack) = %v, %v", s, err)
	}
}
