package arena

import "unsafe"

// A place is a range of addresses that the arena holds.
type place struct{ from, to uintptr }

// Owns reports whether address p lies in memory that the arena holds, in use or
// not. It may be called from any goroutine: the ranges are published whenever the
// arena grows or lets memory go.
func (a *Arena) Owns(p uintptr) bool {
	if k := a.keeper(); k != nil && k.Owns(p) {
		return true
	}
	places := a.places.Load()
	if places == nil {
		return false
	}
	for _, at := range *places {
		if p >= at.from && p < at.to {
			return true
		}
	}
	return false
}

// publishPlaces makes Owns see what the arena holds now.
func (a *Arena) publishPlaces() {
	places := make([]place, 0, len(a.chunks)+2*len(a.known))
	for i := range a.chunks {
		from := uintptr(a.chunks[i].base)
		places = append(places, place{from, from + uintptr(a.chunks[i].size)})
	}
	for _, r := range a.known {
		if r.slab == nil {
			continue
		}
		for _, b := range r.slab.blocks {
			from := uintptr(b.base)
			places = append(places, place{from, from + uintptr(b.end)})
		}
	}
	a.places.Store(&places)
}

// Address returns where the bytes of s are.
func Address(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }

// BytesAddress returns where b begins.
func BytesAddress(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }
