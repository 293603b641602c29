package tracyframe

import "sync"

// Tracy keeps the addresses of names and places for as long as the program runs, and
// reads them when it likes. So there is one of each, and none is ever let go.
var kept struct {
	sync.Mutex
	names  map[string]*byte
	places map[placeKey]*place
}

type placeKey struct {
	name, kind string
}

// intern returns a C string that stays.
func intern(s string) *byte {
	kept.Lock()
	defer kept.Unlock()
	return internLocked(s)
}

func internLocked(s string) *byte {
	if p := kept.names[s]; p != nil {
		return p
	}
	b := make([]byte, len(s)+1)
	copy(b, s)
	if kept.names == nil {
		kept.names = make(map[string]*byte)
	}
	kept.names[string(b[:len(s)])] = &b[0]
	return &b[0]
}

// placeOf returns the place of zones with a name; kind says of what.
func placeOf(name, kind string, color uint32) *place {
	kept.Lock()
	defer kept.Unlock()
	k := placeKey{name, kind}
	if p := kept.places[k]; p != nil {
		return p
	}
	p := &place{name: internLocked(name), function: internLocked(kind), file: internLocked("framealloc"), color: color}
	if kept.places == nil {
		kept.places = make(map[placeKey]*place)
	}
	kept.places[placeKey{string([]byte(name)), kind}] = p
	return p
}
