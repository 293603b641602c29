package guard

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Supported reports whether pages can be protected on this platform.
const Supported = true

var pageSize = os.Getpagesize()

// reserve returns n bytes of addresses, whole pages, inaccessible.
func reserve(n int) ([]byte, error) {
	at, err := windows.VirtualAlloc(0, uintptr(n), windows.MEM_RESERVE, windows.PAGE_NOACCESS)
	if err != nil {
		return nil, err
	}
	// The address is the system's, not one of an object that could move.
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), n), nil
}

// allow makes whole pages accessible, and zero.
func allow(b []byte) error {
	_, err := windows.VirtualAlloc(address(b), uintptr(len(b)), windows.MEM_COMMIT, windows.PAGE_READWRITE)
	return err
}

// deny makes whole pages inaccessible and gives the system their memory back.
func deny(b []byte) error {
	return windows.VirtualFree(address(b), uintptr(len(b)), windows.MEM_DECOMMIT)
}

func address(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }
