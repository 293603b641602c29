// Package examples holds programs to copy from, one for each thing that
// framealloc does. Run any of them from a checkout:
//
//	go run ./examples/firstframe
//
// Its test runs them all and compares what they print.
package examples
