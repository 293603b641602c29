package lsp

import "github.com/framealloc/framealloc/fa/internal/source"

func newCache(path, text string) *source.Cache {
	c := new(source.Cache)
	c.Put(path, text)
	return c
}
