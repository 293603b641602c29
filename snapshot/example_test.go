package snapshot_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/snapshot"
)

// A snapshot says what each worker and tag has taken.
func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	watch := snapshot.Observe(alloc)
	defer watch.Stop()

	for range 3 {
		alloc.Frame(func(f *framealloc.Frame) {
			defer f.Tag("particles")()
			framealloc.Slice[[4]float32](f, 100)
		})
	}

	var s snapshot.Snapshot // take into it again and again: no garbage
	watch.Take(&s)
	fmt.Println("frame", s.Frame.Number, "of", s.Frame.Worker, "took", s.Frame.Bytes, "bytes")
	for _, tag := range s.Tags {
		fmt.Printf("%q: %d bytes in all\n", tag.Path, tag.Frame.Bytes)
	}
	// Output:
	// frame 3 of main took 1600 bytes
	// "": 0 bytes in all
	// "particles": 4800 bytes in all
}

// A program that writes a snapshot every ten seconds, and whenever somebody runs
// "touch snapshots/snapshot.request".
func ExampleNewEmitter() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	watch := snapshot.Observe(alloc)
	defer watch.Stop()

	dir, _ := os.MkdirTemp("", "snapshots")
	defer os.RemoveAll(dir)
	emitter, err := snapshot.NewEmitter(watch, snapshot.Config{
		Dir:     dir,
		Every:   10 * time.Second,
		Keep:    100,
		AtClose: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	for range 60 {
		alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 1000) })
	}

	if err := emitter.Close(); err != nil {
		fmt.Println("the last snapshot was not written:", err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, name := range files {
		text, _ := os.ReadFile(name)
		var s snapshot.Snapshot
		if err := json.Unmarshal(text, &s); err != nil {
			fmt.Println(err)
		}
		fmt.Println("version", s.Version, "after frame", s.Frame.Number)
	}
	// Output: version 1 after frame 60
}

// The last frames before something went wrong.
func ExampleHistory() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	watch := snapshot.Observe(alloc)
	defer watch.Stop()
	history := snapshot.NewHistory(watch, 3, 0)
	defer history.Stop()

	for n := range 6 {
		alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 1000*(n+1)) })
	}
	for _, s := range history.Snapshots() {
		fmt.Println("frame", s.Frame.Number, "took", s.Frame.Bytes)
	}
	// Output:
	// frame 3 took 3000
	// frame 4 took 4000
	// frame 5 took 5000
}
