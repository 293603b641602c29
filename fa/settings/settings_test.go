package settings_test

import (
	"flag"
	"reflect"
	"testing"

	"github.com/framealloc/framealloc/fa/settings"
)

func TestMatchPackage(t *testing.T) {
	for _, c := range []struct {
		pattern, pkg string
		want         bool
	}{
		{"physics", "example.com/game/physics", true},
		{"game/physics", "example.com/game/physics", true},
		{"game", "example.com/game/physics", false},
		{"game/...", "example.com/game/physics", true},
		{"game/...", "example.com/game", true},
		{"phys*", "example.com/game/physics", true},
		{"hysics", "example.com/game/physics", false},
		{"example.com/game/physics", "example.com/game/physics", true},
		{"example.com/game/physics/solver", "physics", false},
		{"...", "anything", true},
	} {
		if got := settings.MatchPackage(c.pattern, c.pkg); got != c.want {
			t.Errorf("MatchPackage(%q, %q) = %v", c.pattern, c.pkg, got)
		}
	}
}

func TestKnownTag(t *testing.T) {
	list := []string{"ai", "ai/path", "render"}
	for tag, want := range map[string]bool{
		"ai": true, "ai/path": true, "ai/pth": false, "ai/path/open": true,
		"render": true, "render/shadows": true, "rendering": false, "physics": false,
	} {
		if got := settings.KnownTag(list, tag); got != want {
			t.Errorf("KnownTag(%q) = %v", tag, got)
		}
	}
}

// Every setting is reachable as text, and its text gives it back.
func TestFlagsCarryEverySetting(t *testing.T) {
	defer settings.Set(settings.Default())
	texts := map[string]string{
		"loop-turns":       "7",
		"frames-in-flight": "2",
		"tags":             "ai,physics",
		"tag-rules":        "physics=sim/...,solver;ai=brain",
		"budgets":          "true",
		"budget-tags":      "audio",
		"intents":          "audio=pool;render,ui=frame,scratch",
		"blocking":         "example.com/net.Dial",
	}
	var flags flag.FlagSet
	settings.Bind(&flags, settings.Names()...)
	for name, text := range texts {
		if err := flags.Set(name, text); err != nil {
			t.Errorf("-%s=%s: %v", name, text, err)
		}
		if got := flags.Lookup(name).Value.String(); got != text {
			t.Errorf("-%s: %q came back as %q", name, text, got)
		}
	}
	got := reflect.ValueOf(*settings.Current())
	for i := range got.NumField() {
		if got.Field(i).IsZero() {
			t.Errorf("no flag sets %s", got.Type().Field(i).Name)
		}
	}
	if len(texts) != len(settings.Names()) {
		t.Errorf("settings are %v", settings.Names())
	}
}

func TestFlagsRefuse(t *testing.T) {
	defer settings.Set(settings.Default())
	var flags flag.FlagSet
	settings.Bind(&flags, settings.Names()...)
	for name, text := range map[string]string{
		"loop-turns": "0",
		"budgets":    "perhaps",
		"tag-rules":  "physics",
		"intents":    "audio=stack",
	} {
		if err := flags.Set(name, text); err == nil {
			t.Errorf("-%s=%s was taken", name, text)
		}
	}
}
