//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package guard

import (
	"os"

	"golang.org/x/sys/unix"
)

// Supported reports whether pages can be protected on this platform.
const Supported = true

var pageSize = os.Getpagesize()

// reserve returns n bytes of addresses, whole pages, inaccessible.
func reserve(n int) ([]byte, error) {
	return unix.Mmap(-1, 0, n, unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE)
}

// allow makes whole pages accessible, and zero.
func allow(b []byte) error {
	if err := unix.Mprotect(b, unix.PROT_READ|unix.PROT_WRITE); err != nil {
		return err
	}
	clear(b) // not every system hands out dropped pages as zeros
	return nil
}

// deny makes whole pages inaccessible and gives the system their memory back.
func deny(b []byte) error {
	if err := unix.Mprotect(b, unix.PROT_NONE); err != nil {
		return err
	}
	_ = unix.Madvise(b, unix.MADV_DONTNEED) // advice: locked pages stay
	return nil
}
