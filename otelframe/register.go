package otelframe

import (
	"context"
	"errors"
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/metrics"
	"github.com/framealloc/framealloc/snapshot"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// AttributePrefix stands before the names of labels in attributes.
const AttributePrefix = "framealloc."

// Register makes the instruments of an allocator with the given meter and begins
// to observe it. The returned function ends that; calling it twice does nothing. It
// may be called from any goroutine.
//
// Several allocators on one meter must be told apart: see [RegisterObserver].
func Register(meter metric.Meter, alloc *framealloc.Allocator) (stop func() error, err error) {
	o := snapshot.Observe(alloc)
	end, err := RegisterObserver(meter, o)
	if err != nil {
		o.Stop()
		return nil, err
	}
	return func() error {
		defer o.Stop()
		return end()
	}, nil
}

// RegisterObserver is Register for an allocator that is observed already. The
// name given to [snapshot.ObserveAs], if any, becomes the attribute
// framealloc.allocator. The observer is not stopped by the returned function.
func RegisterObserver(meter metric.Meter, o *snapshot.Observer) (stop func() error, err error) {
	r := &registration{observer: o}
	instruments, err := r.instruments(meter)
	if err != nil {
		return nil, err
	}
	histograms, err := recordHistograms(meter, o)
	if err != nil {
		return nil, err
	}
	callback, err := meter.RegisterCallback(r.collect, instruments...)
	if err != nil {
		histograms()
		return nil, err
	}
	return sync.OnceValue(func() error {
		histograms()
		return callback.Unregister()
	}), nil
}

// registration is what the callback works with.
type registration struct {
	observer *snapshot.Observer
	outputs  []output

	mu    sync.Mutex
	taken snapshot.Snapshot
}

// output is a figure with its instrument, of which one is set.
type output struct {
	figure  metrics.Figure
	whole   metric.Int64Observable
	seconds metric.Float64Observable
}

// instruments makes an instrument for each figure that is no histogram.
func (r *registration) instruments(meter metric.Meter) ([]metric.Observable, error) {
	var all []metric.Observable
	var failed []error
	for _, f := range metrics.Figures() {
		if f.Kind == metrics.Histogram {
			continue
		}
		out := output{figure: f}
		var err error
		if f.Seconds() {
			out.seconds, err = secondsInstrument(meter, f)
			all = append(all, out.seconds)
		} else {
			out.whole, err = wholeInstrument(meter, f)
			all = append(all, out.whole)
		}
		failed = append(failed, err)
		r.outputs = append(r.outputs, out)
	}
	return all, errors.Join(failed...)
}

func wholeInstrument(meter metric.Meter, f metrics.Figure) (metric.Int64Observable, error) {
	unit, help := metric.WithUnit(f.Unit), metric.WithDescription(f.Help)
	switch f.Kind {
	case metrics.Counter:
		return meter.Int64ObservableCounter(f.Name, unit, help)
	case metrics.UpDown:
		return meter.Int64ObservableUpDownCounter(f.Name, unit, help)
	}
	return meter.Int64ObservableGauge(f.Name, unit, help)
}

func secondsInstrument(meter metric.Meter, f metrics.Figure) (metric.Float64Observable, error) {
	unit, help := metric.WithUnit(f.Unit), metric.WithDescription(f.Help)
	switch f.Kind {
	case metrics.Counter:
		return meter.Float64ObservableCounter(f.Name, unit, help)
	case metrics.UpDown:
		return meter.Float64ObservableUpDownCounter(f.Name, unit, help)
	}
	return meter.Float64ObservableGauge(f.Name, unit, help)
}

// collect is called when a reader collects.
func (r *registration) collect(_ context.Context, to metric.Observer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observer.Take(&r.taken)
	for _, out := range r.outputs {
		for p := range out.figure.Points(&r.taken) {
			attributes := metric.WithAttributeSet(attributesOf(r.observer.Name(), out.figure.Labels, p.Labels[:]))
			if out.figure.Seconds() {
				to.ObserveFloat64(out.seconds, out.figure.Float(p.Value), attributes)
			} else {
				to.ObserveInt64(out.whole, int64(p.Value), attributes)
			}
		}
	}
	return nil
}

// attributesOf makes attributes of labels.
func attributesOf(allocator string, names, values []string) attribute.Set {
	var list [metrics.MaxLabels + 1]attribute.KeyValue
	n := 0
	if allocator != "" {
		list[0] = attribute.String(AttributePrefix+metrics.AllocatorLabel, allocator)
		n = 1
	}
	for i, name := range names {
		list[n] = attribute.String(AttributePrefix+name, values[i])
		n++
	}
	return attribute.NewSet(list[:n]...)
}
