package display

import (
	"slices"
	"testing"
)

func TestSoftwareReplacesTheDisplay(t *testing.T) {
	got := software([]string{"A=1", "DISPLAY=:7", "WAYLAND_DISPLAY=w", "B=2"})
	if want := []string{"A=1", "B=2", "LIBGL_ALWAYS_SOFTWARE=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
