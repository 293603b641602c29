// Package gcprobe finds out whether a peer's memory may hold pointers into the
// heap: whether the collector sees them, and whether the program lives through
// a collection.
//
// It runs in a process of its own, because a crash is a result.
package gcprobe

import (
	"fmt"
	"runtime"
	"sync"
	"weak"

	"github.com/framealloc/framealloc/bench/peers"
)

// An Outcome is what the probe found.
type Outcome struct {
	Checked   int    `json:"checked"`           // pointers looked at again after forced collections
	Lost      int    `json:"lost"`              // those whose referent was collected or overwritten
	Meanwhile int    `json:"lost_meanwhile"`    // lost to the collector running beside the frame
	Refused   string `json:"refused,omitempty"` // why the peer did not hand out memory at all
}

const (
	nodes        = 200  // a frame
	frames       = 20   // whose referents are checked
	barrierTries = 1000 // frames during which the collector runs
)

// Probe stores pointers to fresh heap objects in memory from s, forces
// collections, and looks whether the objects are still there: in frames of
// their own, and in frames during which the collector is at work.
func Probe(s *peers.Subject) (o Outcome) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			panic(p) // a crash, not a refusal
		default:
			o.Refused = fmt.Sprint(p)
		}
	}()
	for frame := range frames {
		o.Lost += probeFrame(s, uint64(frame), collect)
		o.Checked += nodes
	}
	underCollector(func() {
		for frame := range barrierTries {
			o.Meanwhile += probeFrame(s, uint64(frame), func() {})
		}
	})
	return o
}

// probeFrame fills a frame with nodes that hold the only pointers to their
// referents, runs between, and counts the referents that are gone.
func probeFrame(s *peers.Subject, salt uint64, between func()) (lost int) {
	taken := make([]*peers.Node, nodes)
	watched := make([]weak.Pointer[peers.Referent], nodes)
	var prev *peers.Node
	for i := range taken {
		node := (*peers.Node)(s.Take[peers.Pointers]())
		node.Prev, node.Heap = prev, referent(salt, i)
		taken[i], watched[i] = node, weak.Make(node.Heap)
		prev = node
	}
	between()
	for i, node := range taken {
		// A collected referent must not be looked into: the weak pointer
		// tells first.
		if watched[i].Value() == nil || *node.Heap != *referent(salt, i) {
			lost++
		}
	}
	s.Reset()
	return lost
}

// referent makes a heap object whose contents tell where it belongs.
func referent(salt uint64, i int) *peers.Referent {
	r := new(peers.Referent)
	for j := range r {
		r[j] = salt<<32 | uint64(i)<<8 | uint64(j)
	}
	return r
}

var churned []*peers.Referent

// collect runs the collector and reuses what it freed, then once more.
func collect() {
	for range 2 {
		runtime.GC()
		churned = churned[:0]
		for i := range 4 * nodes {
			churned = append(churned, referent(1<<31, i))
		}
	}
	clear(churned)
}

// underCollector runs fn while another goroutine collects without pause, so that
// stores meet the write barrier.
func underCollector(fn func()) {
	stop := make(chan struct{})
	var collector sync.WaitGroup
	collector.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	defer collector.Wait()
	defer close(stop)
	fn()
}
