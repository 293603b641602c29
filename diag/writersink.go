package diag

import (
	"io"
	"sync"
)

// NewWriterSink returns a sink that writes each diagnostic to w in its long
// form, [Diagnostic.Text], with one call of Write. Calls do not overlap. What
// w returns is ignored: a full disk does not stop a frame.
func NewWriterSink(w io.Writer) Sink { return &writerSink{w: w} }

type writerSink struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *writerSink) Report(d Diagnostic) {
	text := []byte(d.Text())
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.w.Write(text)
}
