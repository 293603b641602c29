package framealloc

import (
	"encoding/hex"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/framealloc/framealloc/internal/arena"
)

// A Text builds a string in frame memory, with no heap allocation at all: what
// fmt must box, it takes by type. Its methods chain:
//
//	hud := framealloc.NewText(frame).Str("fps ").Float(fps, 'f', 1).String()
//
// A Text grows as needed, in place while it is the frame's newest allocation.
// Like the memory behind it, it belongs to the frame's goroutine and is gone at
// the frame's end, with its strings. Adding to it then panics with FA001, as for
// the zero Text, unless it has become another text of a later frame; growing
// panics as [Slice] does.
type Text struct {
	b    []byte
	f    *Frame
	line int // where the current line begins, as far as Col has looked

	// What the next item is aligned to.
	width int
	align align
}

type align uint8

const (
	left align = iota
	right
	zeros
)

// textCap is what a text takes with its first item, enough for most.
const textCap = 64

// NewText returns an empty text.
func NewText(f *Frame) *Text {
	t := New[Text](f)
	t.f = f
	return t
}

// Str adds a string.
func (t *Text) Str(s string) *Text {
	t.reserve(len(s))
	return t.add(append(t.b, s...))
}

// Bytes adds bytes as they are.
func (t *Text) Bytes(b []byte) *Text {
	t.reserve(len(b))
	return t.add(append(t.b, b...))
}

// Byte adds a byte.
func (t *Text) Byte(c byte) *Text {
	t.reserve(1)
	return t.add(append(t.b, c))
}

// Rune adds a character; one that is none is added as U+FFFD.
func (t *Text) Rune(r rune) *Text {
	t.reserve(utf8.UTFMax)
	return t.add(utf8.AppendRune(t.b, r))
}

// Line ends a line.
func (t *Text) Line() *Text { return t.Byte('\n') }

// Int adds a number in decimal.
func (t *Text) Int(n int) *Text { return t.Int64(int64(n)) }

// Int64 adds a number in decimal.
func (t *Text) Int64(n int64) *Text {
	t.reserve(20)
	return t.add(strconv.AppendInt(t.b, n, 10))
}

// Uint adds a number in decimal.
func (t *Text) Uint(n uint) *Text { return t.Uint64(uint64(n)) }

// Uint64 adds a number in decimal.
func (t *Text) Uint64(n uint64) *Text {
	t.reserve(20)
	return t.add(strconv.AppendUint(t.b, n, 10))
}

// Hex adds a number in hexadecimal, without a prefix.
func (t *Text) Hex(n uint64) *Text {
	t.reserve(16)
	return t.add(strconv.AppendUint(t.b, n, 16))
}

// HexBytes adds two hexadecimal digits for each byte.
func (t *Text) HexBytes(b []byte) *Text {
	t.reserve(2 * len(b))
	return t.add(hex.AppendEncode(t.b, b))
}

// Float adds a number in a format of [strconv.FormatFloat], such as 'f' or 'g',
// with a precision; -1 means as many digits as are needed to read the number back.
func (t *Text) Float(x float64, format byte, precision int) *Text {
	n := 32 + max(0, precision)
	if format == 'f' && !(math.Abs(x) < 1e15 && math.Abs(x) > 1e-5) && x != 0 {
		n += 330 // the longest numbers written out
	}
	t.reserve(n)
	return t.add(strconv.AppendFloat(t.b, x, format, precision, 64))
}

// Bool adds "true" or "false".
func (t *Text) Bool(b bool) *Text {
	t.reserve(5)
	return t.add(strconv.AppendBool(t.b, b))
}

// Quote adds a string as a Go string literal, as [strconv.Quote] writes it.
func (t *Text) Quote(s string) *Text {
	// Most need room for the quotes only; at worst a byte becomes \x00.
	n := len(s)
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			n = 4 * len(s)
			break
		}
	}
	t.reserve(n + 2)
	return t.add(strconv.AppendQuote(t.b, s))
}

// Time adds a time in a layout of [time.Time.Format].
func (t *Text) Time(at time.Time, layout string) *Text {
	n := 3*len(layout) + 16
	if zone, _ := at.Zone(); len(zone) > 4 {
		n += len(layout) * len(zone) / 3
	}
	t.reserve(n)
	return t.add(at.AppendFormat(t.b, layout))
}

// Duration adds a duration as [time.Duration.String] writes it: "1.5s".
func (t *Text) Duration(d time.Duration) *Text {
	t.reserve(32)
	return t.add(append(t.b, d.String()...))
}

// Join adds strings with a separator in between, each by itself aligned to a
// width that was asked for.
func (t *Text) Join(items []string, separator string) *Text {
	width := t.width
	for i, s := range items {
		if i > 0 {
			t.width = 0
			t.Str(separator)
		}
		t.width = width
		t.Str(s)
	}
	t.width = 0
	return t
}

// Left pads the next item with spaces behind it, to a width in characters.
// Longer items are added whole.
func (t *Text) Left(width int) *Text { return t.pad(left, width) }

// Right pads the next item with spaces before it, to a width in characters.
func (t *Text) Right(width int) *Text { return t.pad(right, width) }

// Zeros pads the next item, a number, with zeros behind its sign, to a width in
// characters.
func (t *Text) Zeros(width int) *Text { return t.pad(zeros, width) }

func (t *Text) pad(a align, width int) *Text {
	t.align, t.width = a, max(0, width)
	return t
}

// Col adds spaces until the current line is column characters long, for tables.
// A line that is longer already stays as it is.
func (t *Text) Col(column int) *Text {
	for i := len(t.b); i > t.line; i-- {
		if t.b[i-1] == '\n' {
			t.line = i
			break
		}
	}
	n := column - runes(t.b[t.line:])
	t.width = 0
	if n > 0 {
		t.reserve(n)
		for range n {
			t.b = append(t.b, ' ')
		}
	}
	return t
}

// Write adds bytes, so that a Text is an [io.Writer]. Like all of the methods it
// panics where it cannot grow; see [Buffer] for one that returns errors.
func (t *Text) Write(b []byte) (int, error) {
	t.Bytes(b)
	return len(b), nil
}

// Len returns the length in bytes.
func (t *Text) Len() int { return len(t.b) }

// String returns what was built, without copying it. The string is frame
// memory: it stays as it is, whatever is added afterwards, until the frame ends.
// [Text.Reset] leaves it alone, too.
func (t *Text) String() string { return arena.View(t.b) }

// Reset begins another text in the memory that is left. Strings that were taken
// stay good.
func (t *Text) Reset() {
	used := min((len(t.b)+7)&^7, cap(t.b)) // so that it can still grow in place
	t.b = t.b[used:used]
	t.width, t.line = 0, 0
}

// reserve makes room for n more bytes.
func (t *Text) reserve(n int) {
	if n > cap(t.b)-len(t.b) || t.f == nil {
		t.grow(n)
	}
}

func (t *Text) grow(n int) {
	if cap(t.b) == 0 {
		n = max(n, textCap)
	}
	b, err := regrow[Text](t.f, t.b, n)
	if err != nil {
		panic(err)
	}
	t.b = b
}

// add makes b, which is t.b with an item behind, the text.
func (t *Text) add(b []byte) *Text {
	from := len(t.b)
	if unsafe.SliceData(b) != unsafe.SliceData(t.b) {
		// The item was longer than what was reserved for it, and append has
		// moved everything to the heap: back into the frame with it.
		t.grow(len(b) - from)
		b = append(t.b, b[from:]...)
	}
	t.b = b
	if t.width > 0 {
		t.alignFrom(from)
	}
	return t
}

// alignFrom pads the item that begins at from.
func (t *Text) alignFrom(from int) {
	n := t.width - runes(t.b[from:])
	t.width = 0
	if n <= 0 {
		return
	}
	t.reserve(n)
	end := len(t.b)
	t.b = t.b[:end+n]
	fill := byte(' ')
	pad := t.b[end:]
	if t.align != left {
		if t.align == zeros {
			fill = '0'
			if from < end && (t.b[from] == '-' || t.b[from] == '+') {
				from++
			}
		}
		copy(t.b[from+n:], t.b[from:end])
		pad = t.b[from : from+n]
	}
	for i := range pad {
		pad[i] = fill
	}
}

// runes counts characters. It goes by string because utf8.RuneCount, inlined by
// Go 1.26, copies more than 32 bytes to the heap to do so.
func runes(b []byte) int { return utf8.RuneCountInString(arena.View(b)) }
