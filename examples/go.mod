module github.com/framealloc/framealloc/examples

go 1.25.0
