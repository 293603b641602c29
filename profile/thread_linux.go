package profile

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// A threadMeter reads what the system knows of the calling thread, without
// allocating once it knows the thread. It belongs to one goroutine at a time.
type threadMeter struct {
	thread    int
	schedstat *os.File // of that thread; nil on a system without it
	buf       [96]byte
}

func (m *threadMeter) read() (r threadReading) {
	var ts unix.Timespec
	var usage unix.Rusage
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) != nil || unix.Getrusage(unix.RUSAGE_THREAD, &usage) != nil {
		return threadReading{}
	}
	r.known, r.thread = true, unix.Gettid()
	r.cpu = time.Duration(ts.Nano())
	r.switched = int64(usage.Nivcsw)
	r.majorFaults = int64(usage.Majflt)
	r.runQueue = m.waited(r.thread)
	return r
}

// waited returns how long the thread has waited in the system's run queue since it
// began, the second number of its schedstat, or -1.
func (m *threadMeter) waited(thread int) time.Duration {
	if m.thread != thread {
		m.close()
		m.thread = thread
		// No file: a kernel without it, or no /proc. It is not tried again.
		m.schedstat, _ = os.Open("/proc/self/task/" + strconv.Itoa(thread) + "/schedstat")
	}
	if m.schedstat == nil {
		return -1
	}
	n, err := m.schedstat.ReadAt(m.buf[:], 0)
	if err != nil && err != io.EOF {
		return -1
	}
	return secondNumber(m.buf[:n])
}

func (m *threadMeter) close() {
	if m.schedstat != nil {
		_ = m.schedstat.Close()
		m.schedstat = nil
	}
}

// secondNumber parses "1234 5678 9" without allocating; -1 where there is none.
func secondNumber(text []byte) time.Duration {
	_, rest, _ := bytes.Cut(text, []byte(" "))
	number, _, found := bytes.Cut(rest, []byte(" "))
	if !found || len(number) == 0 || len(number) > 18 {
		return -1
	}
	n := time.Duration(0)
	for _, c := range number {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + time.Duration(c-'0')
	}
	return n
}
