package otelframe

import (
	"context"
	"fmt"
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/metrics"
	"github.com/framealloc/framealloc/snapshot"
	"go.opentelemetry.io/otel/metric"
)

// OpenTelemetry has no observable histograms: durations are recorded as frames
// end.

// durations records how long frames take, on the workers' goroutines.
type durations struct {
	histogram metric.Float64Histogram
	allocator string
	labels    []string

	mu      sync.RWMutex
	options map[string][]metric.RecordOption // by worker, made once
}

// maxOptions bounds durations.options: a program may make a worker for each task.
const maxOptions = 1000

// recordHistograms begins to record the figures that are histograms.
func recordHistograms(meter metric.Meter, o *snapshot.Observer) (stop func(), err error) {
	for _, f := range metrics.Figures() {
		if f.Kind != metrics.Histogram {
			continue
		}
		if f.Name != frameDuration {
			return nil, fmt.Errorf("otelframe: no way to record %s", f.Name)
		}
		d := &durations{allocator: o.Name(), labels: f.Labels, options: map[string][]metric.RecordOption{}}
		d.histogram, err = meter.Float64Histogram(f.Name, metric.WithUnit(f.Unit), metric.WithDescription(f.Help),
			metric.WithExplicitBucketBoundaries(f.Bounds()...))
		if err != nil {
			return nil, err
		}
		return o.Allocator().Observe(framealloc.Hooks{FrameEnd: d.record}), nil
	}
	return nil, fmt.Errorf("otelframe: there is no figure %s", frameDuration)
}

// frameDuration is the figure that is a histogram.
const frameDuration = "framealloc.worker.frame.duration"

func (d *durations) record(e framealloc.FrameEnd) {
	d.histogram.Record(context.Background(), e.Duration.Seconds(), d.of(e.Worker)...)
}

// of returns the options for a worker.
func (d *durations) of(worker string) []metric.RecordOption {
	d.mu.RLock()
	options := d.options[worker]
	d.mu.RUnlock()
	if options != nil {
		return options
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.options) >= maxOptions {
		clear(d.options)
	}
	options = []metric.RecordOption{metric.WithAttributeSet(attributesOf(d.allocator, d.labels, []string{worker}))}
	d.options[worker] = options
	return options
}
