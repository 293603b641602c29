//go:build !((linux || darwin || windows) && (amd64 || arm64))

package tracyframe

import (
	"fmt"
	"runtime"
)

// client does nothing here, and is never made.
type client struct{ zones bool }

type caller struct{ *client }

type zoneContext struct{}

type place struct {
	name, function, file *byte
	line, color          uint32
}

const (
	plotNumber = iota
	plotMemory
	plotPercent
	messageInfo
	messageWarning
	messageError
)

func load(string) (*client, error) {
	return nil, fmt.Errorf("%w: Tracy has no client for %s/%s that could be loaded", ErrUnavailable, runtime.GOOS, runtime.GOARCH)
}

func (c *caller) connected() bool                                 { return false }
func (c *caller) frameMark(*byte)                                 {}
func (c *caller) zoneBegin(*place) (z zoneContext)                { return z }
func (c *caller) zoneEnd(zoneContext)                             {}
func (c *caller) memoryAlloc(pool *byte, at, size uintptr)        {}
func (c *caller) memoryFree(pool *byte, at uintptr)               {}
func (c *caller) memoryDiscard(*byte) bool                        { return false }
func (c *caller) plot(*byte, int64)                               {}
func (c *caller) plotConfig(name *byte, format int, color uint32) {}
func (c *caller) message(string, int, uint32)                     {}
func (c *caller) threadName(*byte)                                {}
