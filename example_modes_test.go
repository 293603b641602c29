package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
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
