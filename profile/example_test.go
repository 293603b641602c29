package profile_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/profile"
)

type Particle struct{ X, Y, Z float32 }

func ExampleStart() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	p := profile.Start(alloc, profile.Config{})
	for range 100 {
		alloc.Frame(func(frame *framealloc.Frame) {
			defer frame.Tag("particles")()
			framealloc.Slice[Particle](frame, 10_000)
		})
	}
	p.Stop()
	n, err := p.WriteTo(io.Discard) // a file, for go tool pprof
	fmt.Println(n > 0, err)
	// Output: true <nil>
}

func ExampleHandler() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	http.Handle("/debug/framealloc/profile", profile.Handler(alloc))
	// go tool pprof 'http://localhost:6060/debug/framealloc/profile?seconds=10'
}

func ExampleNewEvents() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	dir, err := os.MkdirTemp("", "events")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	events, err := profile.NewEvents(alloc, filepath.Join(dir, "frames.json"), profile.EventsConfig{})
	if err != nil {
		panic(err)
	}
	for range 3 {
		alloc.Frame(func(frame *framealloc.Frame) {
			defer frame.Phase("update")()
			framealloc.Slice[Particle](frame, 1000)
		})
	}
	fmt.Println(events.Close(), events.Dropped()) // open it at https://ui.perfetto.dev
	// Output: <nil> 0
}
