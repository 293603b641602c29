// Package jitter measures frame times beside a large live heap: what a player
// sees of an allocator. Each frame makes 20,000 temporaries of 64 to 256 bytes,
// keeps them to its end and lets them go.
//
// One process runs one mode, since what is measured is its collector.
package jitter

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// A Result is what one mode's frames took.
type Result struct {
	Mode        string  `json:"mode"`
	Frames      int     `json:"frames"`
	P50         float64 `json:"p50_ms"`
	P99         float64 `json:"p99_ms"`
	P999        float64 `json:"p999_ms"`
	Max         float64 `json:"max_ms"`
	Collections uint32  `json:"collections"`
	HeapAllocs  float64 `json:"heap_allocs_per_frame"`
}

// A mode makes the temporaries of one frame and lets them go.
type mode struct {
	name string
	new  func() (frame func())
}

var modes = []mode{heapMode, syncPoolMode, wundergraphMode, jokrugerMode, frameallocMode, pointersMode}

// Modes lists the modes' names in the order of the table.
func Modes() []string {
	var names []string
	for _, m := range modes {
		names = append(names, m.name)
	}
	return names
}

// each is the number of temporaries of each of the four sizes in a frame.
const each = 5000

// The temporaries.
type (
	temp64  [8]uint64
	temp128 [16]uint64
	temp192 [24]uint64
	temp256 [32]uint64
)

// A scene is what a frame holds on to until it ends.
type scene struct {
	of64  []*temp64
	of128 []*temp128
	of192 []*temp192
	of256 []*temp256
}

func newScene() *scene {
	return &scene{
		make([]*temp64, each), make([]*temp128, each), make([]*temp192, each), make([]*temp256, each),
	}
}

const warmup = 50 // frames before the clock starts

// Run runs the frames of a mode beside a live heap of liveMB megabytes.
func Run(name string, frames, liveMB int) (Result, error) {
	i := slices.IndexFunc(modes, func(m mode) bool { return m.name == name })
	if i < 0 {
		return Result{}, fmt.Errorf("no mode %q; there are %v", name, Modes())
	}
	world := newWorld(liveMB)
	frame := modes[i].new()
	times := make([]time.Duration, frames)
	runtime.GC()
	for range warmup {
		frame()
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range times {
		start := time.Now()
		frame()
		times[i] = time.Since(start)
	}
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(world)
	result := summarize(times)
	result.Mode = name
	result.Collections = after.NumGC - before.NumGC
	result.HeapAllocs = float64(after.Mallocs-before.Mallocs) / float64(frames)
	return result, nil
}

func summarize(times []time.Duration) Result {
	slices.Sort(times)
	at := func(quantile float64) float64 {
		i := int(quantile * float64(len(times)))
		return float64(times[min(i, len(times)-1)].Nanoseconds()) / 1e6
	}
	return Result{Frames: len(times), P50: at(0.5), P99: at(0.99), P999: at(0.999), Max: at(1)}
}
