//go:build race && (linux || darwin) && (amd64 || arm64)

package tracyframe

// The race detector has sync.Pool forget at random, which cgo's calls use.
func init() { racing = true }
