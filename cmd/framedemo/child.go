package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strconv"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/cmd/framedemo/report"
	"github.com/framealloc/framealloc/cmd/framedemo/scene"
)

// A message is what a child sends its parent: first progress, in the end the run.
type message struct {
	Progress string
	Run      *report.Run
}

// spawn runs one mode in a process of its own, so that no mode's memory is
// another's, and shows its progress.
func spawn(ctx context.Context, o options, mode string, stderr io.Writer) (report.Run, error) {
	self, err := os.Executable()
	if err != nil {
		return report.Run{}, err
	}
	// Not CommandContext: an interrupt lets the child end by itself, with what it
	// has. Started from a terminal it gets the signal, too.
	cmd := exec.Command(self, "-child", mode, "-frames", strconv.Itoa(o.frames), "-live-mb", strconv.Itoa(o.liveMB))
	cmd.Stderr = stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return report.Run{}, err
	}
	if err := cmd.Start(); err != nil {
		return report.Run{}, err
	}
	stop := context.AfterFunc(ctx, func() { cmd.Process.Signal(os.Interrupt) })
	defer stop()
	var run *report.Run
	for in := gob.NewDecoder(pipe); ; {
		var m message
		if err := in.Decode(&m); err != nil {
			break
		}
		if m.Run != nil {
			run = m.Run
			continue
		}
		fmt.Fprintf(stderr, "\r%-11s %-40s", mode, m.Progress)
	}
	fmt.Fprintln(stderr)
	if err := cmd.Wait(); err != nil {
		return report.Run{}, err
	}
	if run == nil {
		return report.Run{}, fmt.Errorf("ended without a result")
	}
	return *run, nil
}

// measure is the child: it builds the scene, warms up, measures, and sends what
// it finds.
func measure(ctx context.Context, o options, w io.Writer) error {
	runtime.MemProfileRate = 0 // there is a profile because of the garbage report, and no use for it here
	out := gob.NewEncoder(w)
	out.Encode(message{Progress: "building the world"})
	s, err := scene.New(o.child, o.liveMB)
	if err != nil {
		return err
	}
	defer s.Close()
	for i := 0; i < warmUp && ctx.Err() == nil; i++ {
		s.Frame()
	}
	runtime.GC()
	times := make([]time.Duration, 0, o.frames)
	told := time.Now()
	cpuBefore := collectorCPU()
	before := countHeap()
	began := told
	for len(times) < o.frames && ctx.Err() == nil && time.Since(began) < timeLimit {
		at := time.Now()
		s.Frame()
		now := time.Now()
		times = append(times, now.Sub(at))
		if now.Sub(told) > time.Second {
			// What telling allocates is no frame's: it is taken out again.
			told = now
			pause := countHeap()
			out.Encode(message{Progress: fmt.Sprintf("frame %d of %d", len(times), o.frames)})
			before.skip(pause, countHeap())
		}
	}
	after := countHeap()
	// The runtime brings this up to date when a collection ends: it is that of
	// the collections counted.
	cpu := max(0, collectorCPU()-cpuBefore)
	run := report.Run{Times: times, Image: encodePicture(s)}
	run.Mode.Mode = o.child
	if n := float64(len(times)); n > 0 {
		run.HeapAllocsPerFrame = float64(after.objects-before.objects) / n
		run.HeapBytesPerFrame = float64(after.bytes-before.bytes) / n
	}
	run.Collections = int(after.cycles - before.cycles)
	run.CollectorCPU = cpu
	sum := sha256.Sum256(s.Image().Pix)
	run.ImageSHA256 = hex.EncodeToString(sum[:])
	for _, t := range s.Tags() {
		run.Tags = append(run.Tags, report.Tag(t))
	}
	if o.child == "mixed" {
		if run.Garbage, err = framealloc.TraceGarbage(traced, s.Frame); err != nil {
			return err
		}
	}
	return out.Encode(message{Run: &run})
}

func encodePicture(s scene.Scene) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, s.Image()); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// A heap is what the runtime counts.
type heap struct{ objects, bytes, cycles uint64 }

// countHeap stops the program for a moment, so that the counts are exact: it is
// called between frames only, and allocates nothing.
func countHeap() heap {
	runtime.ReadMemStats(&counted)
	return heap{counted.Mallocs, counted.TotalAlloc, uint64(counted.NumGC)}
}

var counted runtime.MemStats

// collectorCPU returns the CPU seconds that the collector has used.
func collectorCPU() float64 {
	sample := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}}
	metrics.Read(sample)
	return sample[0].Value.Float64()
}

// skip takes what happened from..to out of the account.
func (h *heap) skip(from, to heap) {
	h.objects += to.objects - from.objects
	h.bytes += to.bytes - from.bytes
}
