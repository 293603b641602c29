// Package ebitenframe stands in for the library's.
package ebitenframe

import "github.com/framealloc/framealloc"

func Frame() *framealloc.Frame { return nil }
