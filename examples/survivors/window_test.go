//go:build !js

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/framealloc/framealloc/examples/survivors/web"
	"github.com/framealloc/framealloc/internal/browser"
	"github.com/framealloc/framealloc/internal/display"
)

// picturesVariable names a directory in which the pictures of these tests are
// kept, to be looked at.
const picturesVariable = "SURVIVORS_PICTURES"

func keep(t *testing.T, name string, picture []byte) {
	t.Helper()
	if dir := os.Getenv(picturesVariable); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o644); err != nil {
			t.Error(err)
		}
	}
}

// TestWindow runs the program in a window, and looks at what it shows.
func TestWindow(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "survivors")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	shot := filepath.Join(dir, "shot.png")
	game := exec.Command(program, "-auto", "-foes", "1500", "-upgrades", "25", "-seed", "4", "-shot", shot, "-at", "150")
	game.Env = display.Environ(t)
	if out, err := game.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	picture, err := os.ReadFile(shot)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "window.png", picture)
	looksLikeTheGame(t, picture)
}

// state is what the game tells its page.
type state struct {
	Pictures, Ticks, Foes, Kills int
	Heap, Title, Choosing        bool
	X                            float64
}

// TestBrowser serves the page as -serve does, and plays it in Chromium: first by
// itself, then by hand.
func TestBrowser(t *testing.T) {
	handler, err := web.Build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()

	page := browser.Open(t, server.URL+"/?auto&foes=600&upgrades=20&seed=4", 8*time.Minute)
	var first, later state
	page.Wait("survivors.pictures >= 30 && survivors.ticks >= 60 && survivors", &first)
	page.Wait("survivors.pictures >= 60 && survivors.ticks >= 200 && survivors", &later)
	if later.Pictures <= first.Pictures || later.Ticks <= first.Ticks || later.Foes < 500 || later.Kills == 0 {
		t.Errorf("it does not go on: %+v, then %+v", first, later)
	}
	picture := page.Screenshot()
	keep(t, "browser.png", picture)
	looksLikeTheGame(t, picture)

	shown := later.Pictures
	page.Press("F3", fmt.Sprintf("survivors.pictures > %d && survivors", shown+15), &later)
	page.Press("KeyM", "survivors.heap && survivors", &later)
	if os.Getenv(picturesVariable) != "" { // for the panel to count some turns' garbage
		page.Wait(fmt.Sprintf("survivors.pictures > %d && survivors", later.Pictures+45), &later)
	}
	keep(t, "browser-panel.png", page.Screenshot())

	page.Open(server.URL + "/?seed=4&upgrades=6")
	page.Wait("window.survivors && survivors.title && survivors", &first)
	page.Press("Enter", "survivors.title === false && survivors", &first)
	page.Press("KeyD", fmt.Sprintf("survivors.x > %f && survivors", first.X+5), &later)
	if errs := page.Errors(); len(errs) > 0 {
		t.Errorf("the page has errors: %q", errs)
	}
	t.Logf("%+v, then %+v", first, later)
}

// looksLikeTheGame checks that ground, slimes, ghouls, gems and bars are to be seen.
func looksLikeTheGame(t *testing.T, file []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size != image.Pt(1280, 720) {
		t.Errorf("the picture is %v", size)
	}
	for what, want := range map[string]struct {
		is    func(r, g, b int) bool
		least int
	}{
		"ground":  {func(r, g, b int) bool { return g > r+8 && g > b && g < 90 }, 100_000},
		"slimes":  {func(r, g, b int) bool { return g > 150 && r < 130 && b < 120 }, 1000},
		"bats":    {func(r, g, b int) bool { return r > 150 && g < 80 && b < 95 }, 300},
		"gems":    {func(r, g, b int) bool { return b > 200 && r < 100 && g > 150 }, 60},
		"red bar": {func(r, g, b int) bool { return r > 225 && r < 245 && g > 58 && g < 76 }, 2000},
	} {
		n := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
				if want.is(int(c.R), int(c.G), int(c.B)) {
					n++
				}
			}
		}
		if n < want.least {
			t.Errorf("%s: %d pixels, want %d or more", what, n, want.least)
		}
	}
}
