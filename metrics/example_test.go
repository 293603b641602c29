package metrics_test

import (
	"expvar"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/metrics"
	"github.com/framealloc/framealloc/snapshot"
)

// A page for Prometheus, and a variable for expvar.
func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	watch := snapshot.Observe(alloc)
	defer watch.Stop()

	exporter := metrics.New(watch)
	mux := http.NewServeMux() // of the program
	mux.Handle("/metrics", exporter)
	expvar.Publish("framealloc", exporter)

	for range 3 {
		alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 1000) })
	}

	server := httptest.NewServer(mux) // what Prometheus asks
	defer server.Close()
	answer, err := http.Get(server.URL + "/metrics")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	page, _ := io.ReadAll(answer.Body)
	for line := range strings.Lines(string(page)) {
		if strings.Contains(line, "framealloc_frame_allocated") {
			fmt.Print(line)
		}
	}
	// Output:
	// # HELP framealloc_frame_allocated_bytes_total Frame memory allocated.
	// # TYPE framealloc_frame_allocated_bytes_total counter
	// framealloc_frame_allocated_bytes_total 3000
}

// The table of figures, for an exporter of one's own.
func ExampleFigures() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	watch := snapshot.Observe(alloc)
	defer watch.Stop()
	alloc.Frame(func(f *framealloc.Frame) {
		f.WithTag("ai", func() { framealloc.Bytes(f, 64) })
	})

	var s snapshot.Snapshot
	watch.Take(&s)
	for _, figure := range metrics.Figures() {
		if figure.Name != "framealloc.tag.frame.last" {
			continue
		}
		for p := range figure.Points(&s) {
			fmt.Println(figure.Name, figure.Labels, p.Labels[:len(figure.Labels)], p.Value, figure.Unit)
		}
	}
	// Output:
	// framealloc.tag.frame.last [worker tag] [main ] 0 By
	// framealloc.tag.frame.last [worker tag] [main ai] 64 By
}
