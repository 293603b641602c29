package diag_test

import (
	"errors"
	"fmt"
	"os"

	"github.com/framealloc/framealloc/diag"
)

func ExampleLookup() {
	e, ok := diag.Lookup(diag.FA606)
	fmt.Println(ok, e.Name, "/", e.Category, "/", e.Severity, "/", e.Found)
	fmt.Println(e.Summary)
	// Output:
	// true use after the frame / lifetime / error / run time and build time
	// Frame memory is read or written after its frame ended, or after a rollback gave it back.
}

func ExampleAll() {
	for e := range diag.All() {
		if e.Category == diag.CategoryAsync {
			fmt.Println(e.Code, e.Name)
		}
	}
	// Output:
	// FA701 frame held across a blocking operation
	// FA702 frame memory alive across a wait
	// FA703 frame captured by a callback that outlives it
}

func ExampleError() {
	load := func() error { // as a Try function of the library fails
		return diag.NewError(diag.Diagnostic{Code: diag.FA003, Message: "no room for 4096 bytes", Tag: "ai"}, nil)
	}
	err := load()
	fmt.Println(errors.Is(err, diag.FA003))
	var e *diag.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.Tag)
	}
	// Output:
	// true
	// FA003 ai
}

func ExampleNewReporter() {
	reporter := diag.NewReporter(diag.Options{
		Sinks:  []diag.Sink{diag.NewWriterSink(os.Stdout)},
		Strict: diag.StrictOff,
	})
	for range 1000 { // a mistake in every frame is told once
		reporter.Report(diag.Diagnostic{
			Code:    diag.FA510,
			Message: "300 of 300 objects of game.Query were put back in the frame that took them",
			Tag:     "ai",
			Caller:  "world/ai.go:12",
		})
	}
	fmt.Println(reporter.Counts().Suppressed, "kept back")
	// Output:
	// hint[FA510]: 300 of 300 objects of game.Query were put back in the frame that took them
	//   --> world/ai.go:12
	//    = tag ai
	//    = help: use framealloc.New from the frame in place of PoolGet and PoolPut
	// 999 kept back
}

func ExampleReporter_Strict() {
	reporter := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictOff})
	defer func() {
		err, _ := recover().(error)
		fmt.Println("stopped by", err)
	}()
	defer reporter.Strict(diag.StrictErrors)()
	reporter.Report(diag.Diagnostic{Code: diag.FA606, Message: "read after frame 7", Caller: "world/ai.go:12", Help: "copy it"})
	// Output:
	// stopped by FA606: read after frame 7 at world/ai.go:12; help: copy it
}

func ExampleMustRegister() {
	tooManySprites := diag.MustRegister(diag.Entry{
		Code:     "ENGINE001",
		Name:     "too many sprites",
		Severity: diag.SeverityWarning,
		Help:     "put small sprites into an atlas",
	})
	reporter := diag.NewReporter(diag.Options{
		Sinks:  []diag.Sink{diag.NewWriterSink(os.Stdout)},
		Strict: diag.StrictOff,
	})
	reporter.Report(diag.Diagnostic{Code: tooManySprites, Message: "9000 sprites in one layer", Caller: "draw/layer.go:70"})
	// Output:
	// warning[ENGINE001]: 9000 sprites in one layer
	//   --> draw/layer.go:70
	//    = help: put small sprites into an atlas
}

func ExampleCollector() {
	t := failures{} // a *testing.T in a real test
	c := diag.NewCollector(&t)
	c.Reporter().Report(diag.Diagnostic{Code: diag.FA204, Message: "queue of worker audio at 192 of 256", Caller: "a.go:1"})
	c.Require(diag.FA204)
	fmt.Println(len(t), "failures")
	// Output:
	// 0 failures
}

type failures []string

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	*f = append(*f, fmt.Sprintf(format, args...))
}

func ExampleAtLeast() {
	onScreen := diag.SinkFunc(func(d diag.Diagnostic) { fmt.Println("screen:", d.Message) })
	reporter := diag.NewReporter(diag.Options{
		Sinks:  []diag.Sink{diag.Fanout(diag.AtLeast(diag.SeverityError, onScreen))},
		Strict: diag.StrictOff,
	})
	reporter.Report(diag.Diagnostic{Code: diag.FA602, Message: "a hint"})
	reporter.Report(diag.Diagnostic{Code: diag.FA601, Message: "an error"})
	// Output:
	// screen: an error
}
