//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly || windows)

package guard

import "errors"

// Supported reports whether pages can be protected on this platform.
const Supported = false

const pageSize = 4096

func reserve(int) ([]byte, error) { return nil, errors.ErrUnsupported }
func allow([]byte) error          { return errors.ErrUnsupported }
func deny([]byte) error           { return errors.ErrUnsupported }
