package profile

import "time"

// A threadReading is what the system has counted of a thread since it began.
type threadReading struct {
	known       bool
	thread      int
	cpu         time.Duration
	runQueue    time.Duration // below zero: unknown
	switched    int64
	majorFaults int64
}

// since fills in what happened on the thread between two readings, if it was the
// same one.
func (r threadReading) since(old threadReading, f *Figures) {
	f.CPU, f.RunQueue, f.Switched, f.MajorFaults = -1, -1, -1, -1
	if !r.known || !old.known || r.thread != old.thread {
		return
	}
	f.CPU = r.cpu - old.cpu
	f.Switched = int(r.switched - old.switched)
	f.MajorFaults = int(r.majorFaults - old.majorFaults)
	if r.runQueue >= 0 && old.runQueue >= 0 {
		f.RunQueue = r.runQueue - old.runQueue
	}
}
