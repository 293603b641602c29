package otelframe_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/metrics"
	"github.com/framealloc/framealloc/otelframe"
	"github.com/framealloc/framealloc/snapshot"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/otlptranslator"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdk "go.opentelemetry.io/otel/sdk/metric"
)

// TestPrometheusReadsThePage: the parser that Prometheus's own tools use reads
// what package metrics writes, and finds every figure with its type.
func TestPrometheusReadsThePage(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	o := snapshot.ObserveAs("a \"world\"\\\n", alloc)
	defer o.Stop()
	play(t, alloc)
	var page strings.Builder
	if err := metrics.New(o).WriteText(&page); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page.String()))
	if err != nil {
		t.Fatal(err)
	}
	types := map[metrics.Kind]dto.MetricType{
		metrics.Counter: dto.MetricType_COUNTER, metrics.UpDown: dto.MetricType_GAUGE,
		metrics.Gauge: dto.MetricType_GAUGE, metrics.Histogram: dto.MetricType_HISTOGRAM,
	}
	var s snapshot.Snapshot
	o.Take(&s)
	for _, f := range metrics.Figures() {
		want := 0
		for range f.Points(&s) {
			want++
		}
		family := families[f.PrometheusName()]
		if want == 0 && family == nil {
			continue
		}
		if family.GetType() != types[f.Kind] || family.GetHelp() != f.Help || len(family.GetMetric()) != want {
			t.Errorf("%s is %v, want %d of %v", f.PrometheusName(), family, want, types[f.Kind])
		}
		for _, m := range family.GetMetric() {
			if l := m.GetLabel(); len(l) != 1+len(f.Labels) || l[0].GetName() != "allocator" || l[0].GetValue() != "a \"world\"\\\n" {
				t.Errorf("%s has the labels %v", f.PrometheusName(), l)
			}
		}
		delete(families, f.PrometheusName())
	}
	if len(families) > 0 {
		t.Errorf("besides there are %q", slices.Sorted(maps.Keys(families)))
	}
}

// TestSameNameEitherWay: figures that reach Prometheus through OpenTelemetry have
// the names and types that package metrics gives them.
func TestSameNameEitherWay(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry),
		otelprometheus.WithoutScopeInfo(), otelprometheus.WithoutTargetInfo(),
		otelprometheus.WithTranslationStrategy(otlptranslator.UnderscoreEscapingWithSuffixes))
	if err != nil {
		t.Fatal(err)
	}
	o := snapshot.Observe(alloc)
	defer o.Stop()
	stop, err := otelframe.RegisterObserver(sdk.NewMeterProvider(sdk.WithReader(exporter)).Meter("test"), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stop() }()
	play(t, alloc)

	gathered, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	through := map[string]string{}
	for _, f := range gathered {
		through[f.GetName()] = f.GetType().String()
	}
	var page strings.Builder
	if err := metrics.New(o).WriteText(&page); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page.String()))
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]string{}
	for name, f := range families {
		direct[name] = f.GetType().String()
	}
	if !maps.Equal(through, direct) {
		t.Errorf("through OpenTelemetry\n%v\ndirectly\n%v", through, direct)
	}
}
