//go:build (linux || darwin || windows) && (amd64 || arm64)

package tracyframe

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// client is a loaded library: addresses of its functions, 0 for those that it
// does not have.
type client struct {
	connectedFn                                                 uintptr
	frameMarkFn                                                 uintptr
	zoneBeginFn, zoneEndFn                                      uintptr
	memoryAllocFn, memoryFreeFn, memoryDiscardFn                uintptr
	plotFn, plotConfigFn, messageFn, oldMessageFn, threadNameFn uintptr
	secure                                                      bool // before 0.14: memory functions have one argument more
	zones                                                       bool
}

// symbols are the functions by name; those that are not optional make a library
// Tracy's.
func (c *client) symbols() []symbol {
	return []symbol{
		{"___tracy_connected", &c.connectedFn, true},
		{"___tracy_emit_frame_mark", &c.frameMarkFn, true},
		{"___tracy_emit_zone_begin", &c.zoneBeginFn, true},
		{"___tracy_emit_zone_end", &c.zoneEndFn, true},
		{"___tracy_emit_memory_alloc_named", &c.memoryAllocFn, true},
		{"___tracy_emit_memory_free_named", &c.memoryFreeFn, true},
		{"___tracy_emit_memory_discard", &c.memoryDiscardFn, false},
		{"___tracy_emit_plot_int", &c.plotFn, true},
		{"___tracy_emit_plot_config", &c.plotConfigFn, true},
		{"___tracy_set_thread_name", &c.threadNameFn, true},
		{"___tracy_emit_logString", &c.messageFn, false},
		{"___tracy_emit_message", &c.oldMessageFn, false},
	}
}

type symbol struct {
	name   string
	to     *uintptr
	needed bool
}

// load opens the library at a path, or at the first place where there is one.
func load(path string) (*client, error) {
	tried := []string{path}
	if path == "" {
		tried = places()
	}
	var first error
	for _, p := range tried {
		handle, err := open(p)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		return newClient(p, handle)
	}
	return nil, fmt.Errorf("%w: none of %q can be loaded: %w", ErrUnavailable, tried, first)
}

// places are where the library is looked for.
func places() []string {
	if p := os.Getenv(LibraryVariable); p != "" {
		return []string{p}
	}
	switch runtime.GOOS {
	case "windows":
		return []string{"TracyClient.dll"}
	case "darwin":
		return []string{"libTracyClient.dylib", "./libTracyClient.dylib"}
	}
	return []string{"libTracyClient.so", "./libTracyClient.so"}
}

func newClient(path string, handle uintptr) (*client, error) {
	c := new(client)
	for _, s := range c.symbols() {
		fn, err := find(handle, s.name)
		if err != nil && s.needed {
			return nil, fmt.Errorf("%w: %s is no Tracy client of version 0.12 or newer, or was built without TRACY_ENABLE: it has no %s", ErrUnavailable, path, s.name)
		}
		*s.to = fn
	}
	c.secure = c.messageFn == 0
	// A zone's context is a struct of 16 bytes, which Windows passes in memory.
	c.zones = runtime.GOOS != "windows"
	return c, nil
}

// A caller calls the client's functions, on one goroutine at a time. It keeps the
// arguments, which would be allocated for each call. What they point to is kept by
// whoever interned it.
type caller struct {
	*client
	args [5]uintptr
	text []byte // of a message: a string may be on a stack, which moves
}

func (c *caller) call(fn uintptr, args ...uintptr) (a, b uintptr) { // args are on the stack
	n := copy(c.args[:], args)
	a, b, _ = purego.SyscallN(fn, c.args[:n]...)
	return a, b
}

func (c *caller) connected() bool {
	r, _ := c.call(c.connectedFn)
	return int32(r) != 0
}

// frameMark ends a frame of the named set, of Tracy's own where there is no name.
func (c *caller) frameMark(name *byte) { c.call(c.frameMarkFn, address(name)) }

// zoneContext is what Tracy knows a zone by, in registers.
type zoneContext struct{ a, b uintptr }

// place is ___tracy_source_location_data.
type place struct {
	name, function, file *byte
	line, color          uint32
}

func (c *caller) zoneBegin(p *place) zoneContext {
	a, b := c.call(c.zoneBeginFn, uintptr(unsafe.Pointer(p)), 1)
	return zoneContext{a, b}
}

func (c *caller) zoneEnd(z zoneContext) { c.call(c.zoneEndFn, z.a, z.b) }

func (c *caller) memoryAlloc(pool *byte, at, size uintptr) {
	if c.secure {
		c.call(c.memoryAllocFn, at, size, 0, address(pool))
		return
	}
	c.call(c.memoryAllocFn, at, size, address(pool))
}

func (c *caller) memoryFree(pool *byte, at uintptr) {
	if c.secure {
		c.call(c.memoryFreeFn, at, 0, address(pool))
		return
	}
	c.call(c.memoryFreeFn, at, address(pool))
}

// memoryDiscard empties a pool. It reports false where the client cannot.
func (c *caller) memoryDiscard(pool *byte) bool {
	if c.memoryDiscardFn != 0 {
		c.call(c.memoryDiscardFn, address(pool), 0)
	}
	return c.memoryDiscardFn != 0
}

func (c *caller) plot(name *byte, value int64) {
	c.call(c.plotFn, address(name), uintptr(value))
}

// The formats of a plot.
const (
	plotNumber  = 0
	plotMemory  = 1
	plotPercent = 2
)

func (c *caller) plotConfig(name *byte, format int, color uint32) {
	const steps, fill = 1, 1
	c.call(c.plotConfigFn, address(name), uintptr(format), steps, fill, uintptr(color))
}

// The severities of a message.
const (
	messageInfo    = 2
	messageWarning = 3
	messageError   = 4
)

func (c *caller) message(text string, severity int, color uint32) {
	if text == "" {
		return
	}
	c.text = append(c.text[:0], text...)
	p := &c.text[0]
	switch {
	case c.messageFn != 0:
		c.call(c.messageFn, uintptr(severity), uintptr(color), 0, uintptr(len(text)), address(p))
	case c.oldMessageFn != 0:
		c.call(c.oldMessageFn, address(p), uintptr(len(text)), 0)
	}
}

func (c *caller) threadName(name *byte) { c.call(c.threadNameFn, address(name)) }

func address(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }
