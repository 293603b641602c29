package otelframe_test

import (
	"context"
	"fmt"
	"log"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/otelframe"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

func ExampleRegister() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	// A program has a reader that exports; here, it is asked by hand.
	reader := sdk.NewManualReader()
	provider := sdk.NewMeterProvider(sdk.WithReader(reader))

	stop, err := otelframe.Register(provider.Meter("game"), alloc)
	if err != nil {
		log.Fatal(err)
	}
	defer stop()

	for range 3 {
		alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 1000) })
	}

	var all metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &all); err != nil {
		log.Fatal(err)
	}
	for _, m := range all.ScopeMetrics[0].Metrics {
		if sum, ok := m.Data.(metricdata.Sum[int64]); ok && m.Name == "framealloc.frame.allocated" {
			fmt.Println(m.Name, sum.DataPoints[0].Value, m.Unit)
		}
	}
	// Output: framealloc.frame.allocated 3000 By
}
