package framealloc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/framealloc/framealloc/diag"
)

func TestBuffer(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		b := NewBuffer(f)
		fmt.Fprintf(b, "%d, ", 7)
		b.WriteString("héllo")
		b.WriteByte('!')
		b.Write([]byte{' ', 0})
		before := b.String()
		if want := "7, héllo! \x00"; before != want || string(b.Bytes()) != want || b.Len() != len(want) {
			t.Errorf("got %q, Len %d, want %q", before, b.Len(), want)
		}
		b.Truncate(3)
		b.Bytes()[0] = '8'
		var out bytes.Buffer
		if n, err := b.WriteTo(&out); n != 3 || err != nil || out.String() != "8, " {
			t.Errorf("WriteTo: %d, %v, %q", n, err, out.String())
		}
		b.Reset()
		b.WriteString("new")
		if before != "7, héllo! \x00" || b.String() != "new" {
			t.Errorf("after Reset: %q, before %q", b.String(), before)
		}
		defer func() {
			if _, ok := recover().(runtime.Error); !ok {
				t.Error("Truncate behind the end did not panic as a slice does")
			}
		}()
		b.Truncate(4)
	})
}

func TestBufferReadFrom(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	bad := errors.New("bad")
	for _, test := range []struct {
		name string
		r    io.Reader
		want string
		err  error
	}{
		{"empty", strings.NewReader(""), "", nil},
		{"long", strings.NewReader(long), long, nil},
		{"bytewise", iotest.OneByteReader(strings.NewReader("abc")), "abc", nil},
		{"end with data", iotest.DataErrReader(strings.NewReader("abc")), "abc", nil},
		{"failing", io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(bad)), "abc", bad},
		{"stuck", reader(func([]byte) int { return 0 }), "", io.ErrNoProgress},
		{"lying", reader(func(p []byte) int { return len(p) + 1 }), "", errBadRead},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFrame(t, Config{}, func(f *Frame) {
				b := NewBuffer(f)
				b.WriteString("> ")
				n, err := b.ReadFrom(test.r)
				if n != int64(len(test.want)) || !errors.Is(err, test.err) || b.String() != "> "+test.want {
					t.Errorf("got %d, %v, %.20q, want %.20q, %v", n, err, b.String(), test.want, test.err)
				}
			})
		})
	}
}

type reader func(p []byte) int

func (r reader) Read(p []byte) (int, error) { return r(p), nil }

// A shortWriter takes a byte and says that all is well.
type shortWriter struct{}

func (shortWriter) Write([]byte) (int, error) { return 1, nil }

func TestBufferErrors(t *testing.T) {
	var zero Buffer
	if _, err := zero.Write(nil); !errors.Is(err, diag.FA001) {
		t.Errorf("the zero Buffer: %v, want FA001", err)
	}
	if zero.String() != "" || zero.Len() != 0 {
		t.Error("the zero Buffer is not empty")
	}
	inFrame(t, Config{MaxFrameBytes: 2000}, func(f *Frame) {
		b := NewBuffer(f)
		b.WriteString("kept")
		if n, err := b.WriteString(strings.Repeat("x", 3000)); n != 0 || !errors.Is(err, diag.FA003) {
			t.Errorf("WriteString: %d, %v, want FA003", n, err)
		}
		if n, err := b.ReadFrom(strings.NewReader(strings.Repeat("x", 3000))); n == 0 || !errors.Is(err, diag.FA003) {
			t.Errorf("ReadFrom: %d, %v, want FA003", n, err)
		}
		if !strings.HasPrefix(string(b.Bytes()), "kept") {
			t.Error("the contents are gone")
		}
		if err := b.Reserve(-1); !errors.Is(err, diag.FA003) {
			t.Errorf("Reserve: %v, want FA003", err)
		}
		if _, err := b.WriteTo(shortWriter{}); err != io.ErrShortWrite {
			t.Errorf("WriteTo: %v, want a short write", err)
		}
	})
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	b := NewBuffer(a.BeginFrame())
	b.WriteByte('x')
	a.EndFrame()
	if _, err := b.Write(make([]byte, 1000)); !errors.Is(err, diag.FA001) || b.Len() != 1 {
		t.Errorf("Write in flight: %v, want FA001", err)
	}
}

func TestBufferMakesNoHeapMemory(t *testing.T) {
	line := []byte("a line of text\n")
	source := bytes.NewReader(bytes.Repeat(line, 100))
	wantNoHeap(t, func(f *Frame) {
		b := NewBuffer(f)
		for range 100 {
			b.Write(line)
			b.WriteByte('-')
		}
		source.Seek(0, io.SeekStart)
		b.ReadFrom(source)
		b.WriteTo(io.Discard)
		if len(b.String()) != 31*100 {
			t.Error("a buffer is wrong")
		}
	})
}

func FuzzBuffer(f *testing.F) {
	f.Add([]byte("write\x00and\x01read and reset"))
	f.Fuzz(func(t *testing.T, ops []byte) {
		inFrame(t, MinimalConfig(), func(f *Frame) {
			b := NewBuffer(f)
			var model bytes.Buffer
			for i, op := range ops {
				part := bytes.Repeat(ops[:i], int(op>>3))
				switch op % 8 {
				case 0, 1:
					b.Write(part)
					model.Write(part)
				case 2:
					b.WriteString(string(part))
					model.Write(part)
				case 3:
					b.WriteByte(op)
					model.WriteByte(op)
				case 4:
					b.ReadFrom(bytes.NewReader(part))
					model.Write(part)
				case 5:
					n := b.Len() * int(op) / 256
					b.Truncate(n)
					model.Truncate(n)
				case 6:
					New[int](f)
				case 7:
					if op == 255 {
						b.Reset()
						model.Reset()
					}
				}
				if b.Len() > 1<<16 {
					b.Reset()
					model.Reset()
				}
				if !bytes.Equal(b.Bytes(), model.Bytes()) {
					t.Fatalf("step %d: %q, want %q", i, b.Bytes(), model.Bytes())
				}
			}
		})
	})
}
