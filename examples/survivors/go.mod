module github.com/framealloc/framealloc/examples/survivors

go 1.26.0

require (
	github.com/hajimehoshi/ebiten/v2 v2.10.0
	github.com/mlange-42/ark v0.8.1
)
