package framealloc

import (
	"errors"
	"io"
)

// A Buffer collects bytes in frame memory, for code that writes to an
// [io.Writer]. Unlike the collections it returns exhaustion as an error, since
// writers have one to return: a *diag.Error with FA003, or with FA001 for the
// zero Buffer and after the frame's end.
//
// It grows as needed, in place while it is the frame's newest allocation. Like the
// memory behind it, it belongs to the frame's goroutine and is gone at the frame's
// end, with its bytes.
type Buffer struct {
	b []byte
	f *Frame
}

// minRead is the least room with which ReadFrom asks a reader for more.
const minRead = 512

var (
	_ io.Writer       = (*Buffer)(nil)
	_ io.StringWriter = (*Buffer)(nil)
	_ io.ByteWriter   = (*Buffer)(nil)
	_ io.ReaderFrom   = (*Buffer)(nil)
	_ io.WriterTo     = (*Buffer)(nil)
)

// NewBuffer returns an empty buffer.
func NewBuffer(f *Frame) *Buffer {
	b := New[Buffer](f)
	b.f = f
	return b
}

// Write adds p. It writes all of p, or nothing and returns the error.
func (b *Buffer) Write(p []byte) (int, error) {
	if err := b.Reserve(len(p)); err != nil {
		return 0, err
	}
	b.b = append(b.b, p...)
	return len(p), nil
}

// WriteString adds s, as Write does.
func (b *Buffer) WriteString(s string) (int, error) {
	if err := b.Reserve(len(s)); err != nil {
		return 0, err
	}
	b.b = append(b.b, s...)
	return len(s), nil
}

// WriteByte adds a byte, as Write does.
func (b *Buffer) WriteByte(c byte) error {
	if err := b.Reserve(1); err != nil {
		return err
	}
	b.b = append(b.b, c)
	return nil
}

// ReadFrom adds what r gives until it ends, and returns how many bytes that
// were. It keeps what came before an error.
func (b *Buffer) ReadFrom(r io.Reader) (int64, error) {
	total := int64(0)
	for empty := 0; ; {
		if err := b.Reserve(minRead); err != nil {
			return total, err
		}
		n, err := r.Read(b.b[len(b.b):cap(b.b)])
		if n < 0 || n > cap(b.b)-len(b.b) {
			return total, errBadRead
		}
		b.b = b.b[:len(b.b)+n]
		total += int64(n)
		switch {
		case err == io.EOF:
			return total, nil
		case err != nil:
			return total, err
		case n > 0:
			empty = 0
		default:
			if empty++; empty == 100 {
				return total, io.ErrNoProgress
			}
		}
	}
}

var errBadRead = errors.New("framealloc: a reader returned an impossible count")

// WriteTo writes the contents to w. They stay in the buffer.
func (b *Buffer) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(b.b)
	if err == nil && n < len(b.b) {
		err = io.ErrShortWrite
	}
	return int64(n), err
}

// Reserve makes room for n more bytes, so that writing them cannot fail. It
// returns an error with FA003 also where n is negative.
func (b *Buffer) Reserve(n int) error {
	if uint(n) <= uint(cap(b.b)-len(b.b)) && b.f != nil {
		return nil
	}
	if n < 0 && b.f != nil {
		return b.f.badLength(n, n, 1)
	}
	if cap(b.b) == 0 {
		n = max(n, textCap)
	}
	grown, err := regrow[Buffer](b.f, b.b, n)
	if err != nil {
		return err
	}
	b.b = grown
	return nil
}

// Len returns the length in bytes.
func (b *Buffer) Len() int { return len(b.b) }

// Bytes returns the contents, which may be changed in place. It is a view of
// the buffer, good until the buffer is written to or reset; appending to it
// copies it.
func (b *Buffer) Bytes() []byte { return b.b[:len(b.b):len(b.b)] }

// String returns a copy of the contents in frame memory. See [Text] for a
// builder whose strings need no copy. It panics as [String] does.
func (b *Buffer) String() string {
	if b.f == nil {
		return ""
	}
	return arenaString(b.f, b.b)
}

// Truncate cuts the contents to n bytes. It panics as slicing does when there
// are fewer.
func (b *Buffer) Truncate(n int) {
	_ = b.b[:n:len(b.b)]
	b.b = b.b[:n]
}

// Reset empties the buffer and keeps the memory.
func (b *Buffer) Reset() { b.b = b.b[:0] }
