module github.com/framealloc/framealloc/bench

go 1.26.0

require (
	github.com/dgraph-io/ristretto/v2 v2.4.2
	github.com/fmstephe/memorymanager v0.0.3
	github.com/jokruger/slab v1.0.3
	github.com/ortuman/nuke v1.3.0
	github.com/pavanmanishd/arena v1.1.1
	github.com/wundergraph/go-arena v1.3.0
	github.com/xDarkicex/memory v1.2.8
	modernc.org/memory v1.12.1
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/fmstephe/flib v0.0.1 // indirect
	golang.org/x/sys v0.43.0 // indirect
)
