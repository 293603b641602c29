package otelframe_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/metrics"
	"github.com/framealloc/framealloc/otelframe"
	"github.com/framealloc/framealloc/snapshot"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

type body struct{ X, Y, Z float64 }

// play runs some frames in which about everything happens.
func play(t testing.TB, alloc *framealloc.Allocator) {
	t.Helper()
	alloc.SetTagBudget("ai", framealloc.Budget{Soft: 100, Hard: 200, Policy: framealloc.Allow})
	for range 3 {
		f := alloc.BeginFrame()
		end := f.Phase("update")
		f.WithTag("ai", func() { framealloc.Bytes(f, 240) })
		end()
		framealloc.PoolPut(f, framealloc.PoolGet[body](f))
		framealloc.Retain[body](f, framealloc.ToHeap)
		alloc.EndFrameWithPromotions()
	}
	w := alloc.NewWorker("render")
	t.Cleanup(func() { _ = w.Close() })
	w.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 64) })
}

func collect(t *testing.T, reader *sdk.ManualReader) map[string]metricdata.Metrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &all); err != nil {
		t.Fatal(err)
	}
	byName := map[string]metricdata.Metrics{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if _, ok := byName[m.Name]; ok {
				t.Errorf("%s comes twice", m.Name)
			}
			byName[m.Name] = m
		}
	}
	return byName
}

// points returns the values of an instrument by their attributes, and its kind.
func points(t *testing.T, m metricdata.Metrics) (values map[string]float64, kind string) {
	t.Helper()
	values = map[string]float64{}
	sum := func(monotonic bool, temporality metricdata.Temporality) string {
		if temporality != metricdata.CumulativeTemporality {
			t.Errorf("%s is not cumulative", m.Name)
		}
		if monotonic {
			return "counter"
		}
		return "updown"
	}
	switch d := m.Data.(type) {
	case metricdata.Sum[int64]:
		kind = sum(d.IsMonotonic, d.Temporality)
		for _, p := range d.DataPoints {
			values[key(p.Attributes)] = float64(p.Value)
		}
	case metricdata.Sum[float64]:
		kind = sum(d.IsMonotonic, d.Temporality)
		for _, p := range d.DataPoints {
			values[key(p.Attributes)] = p.Value
		}
	case metricdata.Gauge[int64]:
		kind = "gauge"
		for _, p := range d.DataPoints {
			values[key(p.Attributes)] = float64(p.Value)
		}
	case metricdata.Gauge[float64]:
		kind = "gauge"
		for _, p := range d.DataPoints {
			values[key(p.Attributes)] = p.Value
		}
	case metricdata.Histogram[float64]:
		kind = "histogram"
		for _, p := range d.DataPoints {
			values[key(p.Attributes)] = p.Sum
		}
	default:
		t.Errorf("%s is a %T", m.Name, m.Data)
	}
	return values, kind
}

func key(set attribute.Set) string {
	var list []string
	for _, kv := range set.ToSlice() {
		list = append(list, fmt.Sprintf("%s=%q", kv.Key, kv.Value.AsString()))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// TestInstruments: what a reader collects is what the table says.
func TestInstruments(t *testing.T) {
	for _, name := range []string{"", "world"} {
		alloc := framealloc.NewAllocator(framealloc.Config{})
		defer alloc.Close()
		o := snapshot.ObserveAs(name, alloc)
		defer o.Stop()
		reader := sdk.NewManualReader()
		provider := sdk.NewMeterProvider(sdk.WithReader(reader))
		stop, err := otelframe.RegisterObserver(provider.Meter("test"), o)
		if err != nil {
			t.Fatal(err)
		}
		play(t, alloc)
		var s snapshot.Snapshot
		o.Take(&s)
		got := collect(t, reader)

		known := map[string]bool{}
		for _, f := range metrics.Figures() {
			known[f.Name] = true
			want := map[string]float64{}
			for p := range f.Points(&s) {
				var labels []string
				if name != "" {
					labels = append(labels, fmt.Sprintf("framealloc.allocator=%q", name))
				}
				for i, label := range f.Labels {
					labels = append(labels, fmt.Sprintf("framealloc.%s=%q", label, p.Labels[i]))
				}
				slices.Sort(labels)
				want[strings.Join(labels, " ")] = f.Float(p.Value)
			}
			m, ok := got[f.Name]
			if !ok {
				if len(want) > 0 {
					t.Errorf("%s is not collected", f.Name)
				}
				continue
			}
			values, kind := points(t, m)
			if kind != f.Kind.String() || m.Unit != f.Unit || m.Description != f.Help {
				t.Errorf("%s is a %s in %s: %q, want %+v", m.Name, kind, m.Unit, m.Description, f)
			}
			if len(values) != len(want) {
				t.Errorf("%s has %v, want %v", f.Name, values, want)
			}
			for k, v := range want {
				if x, ok := values[k]; !ok || math.Abs(x-v) > 1e-9 {
					t.Errorf("%s of %s is %v, want %v", f.Name, k, x, v)
				}
			}
		}
		for name := range got {
			if !known[name] {
				t.Errorf("%s is in no table", name)
			}
		}

		// The histogram's buckets, too.
		h := got["framealloc.worker.frame.duration"].Data.(metricdata.Histogram[float64])
		for _, p := range h.DataPoints {
			worker, _ := p.Attributes.Value("framealloc.worker")
			i := slices.IndexFunc(s.Workers, func(w snapshot.Worker) bool { return w.Name == worker.AsString() })
			if i < 0 || p.Count != s.Workers[i].Timing.Frames || !slices.Equal(p.BucketCounts, s.Workers[i].Timing.Buckets[:]) {
				t.Errorf("durations of %s: %+v", worker.AsString(), p)
			}
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestRegisterAndStop(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	reader := sdk.NewManualReader()
	provider := sdk.NewMeterProvider(sdk.WithReader(reader))
	stop, err := otelframe.Register(provider.Meter("test"), alloc)
	if err != nil {
		t.Fatal(err)
	}
	play(t, alloc)
	if values, _ := points(t, collect(t, reader)["framealloc.frames"]); values[""] != 4 {
		t.Errorf("frames %v, want 4", values)
	}
	for range 2 {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	if m, ok := collect(t, reader)["framealloc.frames"]; ok {
		t.Errorf("after stop: %+v", m)
	}
	play(t, alloc)
	m := collect(t, reader)["framealloc.worker.frame.duration"]
	if h, ok := m.Data.(metricdata.Histogram[float64]); ok {
		for _, p := range h.DataPoints {
			if p.Count > 3 {
				t.Errorf("%d frames are recorded after stop", p.Count)
			}
		}
	}
}

// failing is a meter that refuses.
type failing struct {
	metric.Meter
	histogram, counter, callback bool
}

var errRefused = errors.New("refused")

func (m failing) Float64Histogram(name string, o ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	if m.histogram {
		return nil, errRefused
	}
	return m.Meter.Float64Histogram(name, o...)
}

func (m failing) Int64ObservableCounter(name string, o ...metric.Int64ObservableCounterOption) (metric.Int64ObservableCounter, error) {
	if m.counter {
		return nil, errRefused
	}
	return m.Meter.Int64ObservableCounter(name, o...)
}

func (m failing) RegisterCallback(f metric.Callback, o ...metric.Observable) (metric.Registration, error) {
	if m.callback {
		return nil, errRefused
	}
	return m.Meter.RegisterCallback(f, o...)
}

func TestRegisterFails(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	meter := noop.NewMeterProvider().Meter("test")
	for _, m := range []failing{{meter, true, false, false}, {meter, false, true, false}, {meter, false, false, true}} {
		if stop, err := otelframe.Register(m, alloc); !errors.Is(err, errRefused) || stop != nil {
			t.Errorf("%+v: %v", m, err)
		}
	}
	stop, err := otelframe.Register(meter, alloc)
	if err != nil {
		t.Fatal(err)
	}
	play(t, alloc)
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestCollectWhileFramesRun reads while workers run.
func TestCollectWhileFramesRun(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	reader := sdk.NewManualReader()
	stop, err := otelframe.Register(sdk.NewMeterProvider(sdk.WithReader(reader)).Meter("test"), alloc)
	if err != nil {
		t.Fatal(err)
	}
	var frames sync.WaitGroup
	for i := range 2 {
		frames.Go(func() {
			w := alloc.NewWorker(fmt.Sprintf("worker %d", i))
			defer w.Close()
			for range 300 {
				w.Frame(func(f *framealloc.Frame) {
					defer f.Tag("ai")()
					framealloc.Bytes(f, 100)
				})
			}
		})
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		last := 0.0
		for {
			values, _ := points(t, collect(t, reader)["framealloc.frame.allocated"])
			if values[""] < last {
				t.Errorf("%v bytes after %v", values[""], last)
			}
			last = values[""]
			select {
			case <-done:
				return
			default:
			}
		}
	})
	frames.Wait()
	close(done)
	readers.Wait()
	got := collect(t, reader)
	if values, _ := points(t, got["framealloc.frame.allocated"]); values[""] != 600*104 {
		t.Errorf("in the end %v bytes", values)
	}
	n := uint64(0)
	for _, p := range got["framealloc.worker.frame.duration"].Data.(metricdata.Histogram[float64]).DataPoints {
		n += p.Count
	}
	if n != 600 {
		t.Errorf("%d durations, want 600", n)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestFramesAllocateNothing: recording durations makes no garbage.
func TestFramesAllocateNothing(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	stop, err := otelframe.Register(sdk.NewMeterProvider(sdk.WithReader(sdk.NewManualReader())).Meter("test"), alloc)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stop() }()
	frame := func() { alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 64) }) }
	frame()
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v heap allocations a frame, want 0", n)
	}
}
