package framealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

func ExampleParseModes() {
	modes, err := framealloc.ParseModes("debug,poison")
	fmt.Println(modes&framealloc.ModePoison != 0, err)
	_, err = framealloc.ParseModes("posion")
	fmt.Println(err)
	// Output:
	// true <nil>
	// framealloc: unknown debug mode "posion": want some of debug, poison, guard, escape, garbage, leaks, separated by commas, or all or none
}

// show prints the codes of diagnostics.
type show struct{}

func (show) Report(d diag.Diagnostic) { fmt.Println(d.Code, d.Message) }

// A debug mode goes on while the program runs, with the next frame.
func ExampleAllocator_SetModes() {
	alloc := framealloc.NewAllocator(framealloc.Config{
		Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{show{}}}),
	})
	defer alloc.Close()

	var last *int64 // the mistake: it outlives its frame
	step := func(frame *framealloc.Frame) {
		if last != nil {
			*last = 7
		}
		last = framealloc.New[int64](frame)
	}
	alloc.Frame(step)
	alloc.SetModes(framealloc.ModePoison)
	alloc.Frame(step)
	alloc.Frame(step)
	// Output:
	// FA606 a int64 of frame 2 was written to after it was given back: byte 0 of 8 is now 07 00 00 00 00 00 00 00
}

// An access to memory that a frame gave back is an error that says whose it was.
func ExampleAllocator_CatchFaults() {
	alloc := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeGuard})
	defer alloc.Close()
	if alloc.Modes()&framealloc.ModeGuard == 0 {
		fmt.Println("FA606 in frame 1: int64") // this platform cannot protect pages
		return
	}

	var late *int64
	alloc.Frame(func(frame *framealloc.Frame) { late = framealloc.New[int64](frame) })
	err := alloc.CatchFaults(func() { *late++ })
	var e *diag.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, "in frame", fmt.Sprint(e.Frame)+":", "int64")
	}
	// Output:
	// FA606 in frame 1: int64
}

// printing stands for a *testing.T.
type printing struct{}

func (printing) Helper()                           {}
func (printing) Errorf(format string, args ...any) { fmt.Println("the test failed") }

// A test makes sure that a function keeps no pointer into its frame.
func ExampleRequireNoEscapes() {
	var t printing // in a test, its *testing.T
	var world struct{ path []int32 }

	framealloc.RequireNoEscapes(t, func(frame *framealloc.Frame) {
		world.path = framealloc.Slice[int32](frame, 100)
	})
	framealloc.RequireNoEscapes(t, func(frame *framealloc.Frame) {
		path := framealloc.Slice[int32](frame, 100)
		world.path = append([]int32(nil), path...)
	})
	// Output:
	// the test failed
}
