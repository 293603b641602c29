package peers

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// TestMemory takes whole frames from every peer, dirties them and takes them
// again: what a peer hands out must be zeroed, aligned for its type, and nobody
// else's.
func TestMemory(t *testing.T) {
	for _, p := range All() {
		for c := range p.New().Take {
			if p.Name == fmstephePeer.Name && c == Pointers {
				continue // see TestRefusal
			}
			t.Run(p.Name+"/"+string(c), func(t *testing.T) {
				s := p.New()
				for range 3 {
					checkFrame(t, c, s.Take[c], c.Zeroed() && !p.Uninit)
					s.Reset()
				}
			})
		}
	}
}

func checkFrame(t *testing.T, c Case, take func() unsafe.Pointer, zeroed bool) {
	t.Helper()
	taken := make([]unsafe.Pointer, c.Operations())
	for i := range taken {
		taken[i] = take()
		if c != BufferUninit && uintptr(taken[i])%8 != 0 {
			t.Fatalf("allocation %d is at %p, not a multiple of 8", i, taken[i])
		}
		if zeroed && !bytes.Equal(contents(c, taken[i]), make([]byte, c.Size())) {
			t.Fatalf("allocation %d is not zero", i)
		}
		dirty(c, taken[i])
	}
	slices.SortFunc(taken, func(a, b unsafe.Pointer) int { return cmp.Compare(uintptr(a), uintptr(b)) })
	for i := 1; i < len(taken); i++ {
		if gap := uintptr(taken[i]) - uintptr(taken[i-1]); gap < uintptr(c.Size()) {
			t.Fatalf("two allocations of %d bytes lie %d bytes apart", c.Size(), gap)
		}
	}
}

func contents(c Case, p unsafe.Pointer) []byte { return unsafe.Slice((*byte)(p), c.Size()) }

// alive is what dirty nodes point to: most peers lose anything that is not.
var alive Referent

// dirty leaves something in every word, though in pointers nothing that is none.
func dirty(c Case, p unsafe.Pointer) {
	if c != Pointers {
		for i := range contents(c, p) {
			contents(c, p)[i] = 0xa5
		}
		return
	}
	node := (*Node)(p)
	node.Prev, node.Heap = node, &alive
	for i := range node.Data {
		node.Data[i] = ^uint64(0)
	}
}

func TestRefusal(t *testing.T) {
	defer func() {
		if p := recover(); p == nil {
			t.Error("fmstephe handed out memory for a type with pointers: measure it")
		}
	}()
	fmstephePeer.New().Take[Pointers]()
}

// TestRuns runs every loop that is measured, with a frame that reuses the memory
// of the one before.
func TestRuns(t *testing.T) {
	for _, p := range All() {
		for c, run := range p.New().Runs {
			t.Run(p.Name+"/"+string(c), func(t *testing.T) {
				forget()
				run(2)
				if c == Frame {
					return
				}
				// Only whether: its frame is over, and a peer may have
				// cleared or unmapped it.
				if last(c) == nil {
					t.Fatal("nothing was stored")
				}
			})
		}
	}
}

func forget() {
	sink16, sink64, sink1K, sinkNode, sinkFloats, sinkBytes = nil, nil, nil, nil, nil, nil
}

func last(c Case) unsafe.Pointer {
	switch c {
	case Bytes16:
		return unsafe.Pointer(sink16)
	case Bytes1K:
		return unsafe.Pointer(sink1K)
	case Pointers:
		return unsafe.Pointer(sinkNode)
	case Floats:
		return unsafe.Pointer(unsafe.SliceData(sinkFloats))
	case Buffer, BufferUninit:
		return unsafe.Pointer(unsafe.SliceData(sinkBytes))
	}
	return unsafe.Pointer(sink64)
}

func TestFloors(t *testing.T) {
	for _, c := range Cases() {
		floor, ok := Named(Floor(c))
		if !ok {
			t.Fatalf("%s: no peer %q", c, Floor(c))
		}
		if floor.New().Runs[c] == nil {
			t.Errorf("%s: its floor %s does not offer it", c, floor.Name)
		}
		if floor.Version != "hand-written" {
			t.Errorf("%s: its floor %s is %s, not hand-written", c, floor.Name, floor.Version)
		}
		if !IsFloor(floor.Name) {
			t.Errorf("IsFloor(%q) is false", floor.Name)
		}
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range All() {
		if seen[p.Name] || p.Name == "" || strings.ContainsAny(p.Name, " ,/") {
			t.Errorf("peer name %q is taken, empty, or cannot be given on a command line", p.Name)
		}
		seen[p.Name] = true
	}
	if _, ok := Named("nobody"); ok {
		t.Error(`Named("nobody") found somebody`)
	}
	if Case("nothing").Known() {
		t.Error(`Case("nothing") is known`)
	}
}
