package framealloc

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"

	"github.com/framealloc/framealloc/diag"
)

// goroutineID returns the calling goroutine's number, read from the head of its
// stack trace ("goroutine 7 [running]:"). It takes a microsecond: debug mode only.
func goroutineID() uint64 {
	var buf [64]byte
	head := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(head, []byte(" "))
	id, _ := strconv.ParseUint(string(digits), 10, 64)
	return id
}

// checkOwner panics with FA201 when the calling goroutine is not the one that
// began the frame.
func (f *Frame) checkOwner() {
	if id := goroutineID(); id != f.w.owner {
		panic(f.diagnose(diag.FA201,
			fmt.Sprintf("goroutine %d uses frame %d of worker %q, which goroutine %d began", id, f.number, f.w.name, f.w.owner),
			"give each goroutine a worker of its own (alloc.NewWorker) or a forked frame, and hand results over by transfer"))
	}
}
