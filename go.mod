module github.com/framealloc/framealloc

go 1.25.0
