package arena

import "unsafe"

// Owns reports whether address p lies in memory that the arena holds, in use or
// not.
func (a *Arena) Owns(p uintptr) bool {
	for i := range a.chunks {
		if from := uintptr(a.chunks[i].base); p >= from && p < from+uintptr(a.chunks[i].size) {
			return true
		}
	}
	for _, s := range a.touched {
		for i := range s.blocks {
			if from := uintptr(s.blocks[i].base); p >= from && p < from+uintptr(s.blocks[i].end) {
				return true
			}
		}
	}
	return false
}

// Address returns where the bytes of s are.
func Address(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }
