// Command fa finds memory-intent mistakes in programs that use framealloc.
package main

func main() {}
