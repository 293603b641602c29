package framealloc

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc/diag"
)

func TestTextItems(t *testing.T) {
	at := time.Date(2026, time.September, 30, 7, 8, 9, 123456789, time.FixedZone("a zone with a long name", -3*3600))
	long := strings.Repeat("x", 500)
	for _, test := range []struct {
		name string
		add  func(t *Text)
		want string
	}{
		{"nothing", func(t *Text) {}, ""},
		{"strings", func(t *Text) { t.Str("a").Str("").Str("bc") }, "abc"},
		{"long string", func(t *Text) { t.Str("a").Str(long) }, "a" + long},
		{"bytes", func(t *Text) { t.Bytes([]byte("ab")).Byte('c').Line() }, "abc\n"},
		{"runes", func(t *Text) { t.Rune('é').Rune('世').Rune(-1) }, "é世\uFFFD"},
		{"ints", func(t *Text) { t.Int(-7).Byte(' ').Int64(math.MinInt64) }, "-7 -9223372036854775808"},
		{"uints", func(t *Text) { t.Uint(7).Byte(' ').Uint64(math.MaxUint64) }, "7 18446744073709551615"},
		{"hex", func(t *Text) { t.Hex(0xbeef).Byte(' ').Hex(math.MaxUint64) }, "beef ffffffffffffffff"},
		{"hex bytes", func(t *Text) { t.HexBytes([]byte{1, 0xab}) }, "01ab"},
		{"float", func(t *Text) { t.Float(59.97, 'f', 1).Byte(' ').Float(0.1, 'g', -1) }, "60.0 0.1"},
		{"bool", func(t *Text) { t.Bool(true).Bool(false) }, "truefalse"},
		{"quote", func(t *Text) { t.Quote("a\"\n\x00é\xff") }, strconv.Quote("a\"\n\x00é\xff")},
		{"time", func(t *Text) { t.Time(at, time.RFC3339Nano) }, at.Format(time.RFC3339Nano)},
		{"zone", func(t *Text) { t.Time(at, "MST Monday, 2 January 2006 MST") }, at.Format("MST Monday, 2 January 2006 MST")},
		{"duration", func(t *Text) { t.Duration(90*time.Minute + 5).Byte(' ').Duration(math.MinInt64) },
			"1h30m0.000000005s -2562047h47m16.854775808s"},
		{"join", func(t *Text) { t.Join([]string{"a", "b", "c"}, ", ").Join(nil, ",") }, "a, b, c"},
		{"write", func(t *Text) { fmt.Fprintf(t, "%d%%", 7) }, "7%"},
		{"right", func(t *Text) { t.Right(5).Int(-42).Byte('|') }, "  -42|"},
		{"left", func(t *Text) { t.Left(4).Str("é").Byte('|') }, "é   |"},
		{"zeros", func(t *Text) { t.Zeros(4).Int(-7).Byte(':').Zeros(2).Int(5) }, "-007:05"},
		{"too wide", func(t *Text) { t.Right(2).Str("abc").Left(-1).Str("d").Zeros(3).Str("") }, "abcd000"},
		{"join aligned", func(t *Text) { t.Right(2).Join([]string{"a", "b"}, "|").Str("c") }, " a| bc"},
		{"columns", func(t *Text) { t.Str("é").Col(4).Str("b").Line().Str("abcdef").Col(4).Line().Col(2).Str("c") },
			"é   b\nabcdef\n  c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFrame(t, Config{}, func(f *Frame) {
				text := NewText(f)
				test.add(text)
				if got := text.String(); got != test.want || text.Len() != len(test.want) {
					t.Errorf("got %q, Len %d, want %q", got, text.Len(), test.want)
				}
			})
		})
	}
}

func TestTextStringsStay(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		text := NewText(f)
		var got, want []string
		for i := range 200 {
			text.Str("line ").Int(i)
			got = append(got, text.String())
			want = append(want, fmt.Sprint("line ", i))
			text.Str(" and more")
			if i%3 == 0 {
				New[int](f)
			}
			text.Reset()
			if text.Len() != 0 || text.String() != "" {
				t.Fatal("Reset leaves something")
			}
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("string %d became %q", i, got[i])
			}
		}
	})
}

// Float reserves for the longest that a format can give.
func TestTextFloatsOfEveryLength(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		for _, x := range []float64{0, 1, -1.0 / 3, 1e15, -1e15, 1e-5, 9e-6, math.MaxFloat64, -math.MaxFloat64,
			math.SmallestNonzeroFloat64, math.Inf(-1), math.NaN(), 123456789.123456789} {
			for _, format := range []byte{'b', 'e', 'E', 'f', 'g', 'G', 'x', 'X'} {
				for _, precision := range []int{-1, 0, 1, 17, 400} {
					text := NewText(f)
					if got, want := text.Float(x, format, precision).String(), strconv.FormatFloat(x, format, precision, 64); got != want {
						t.Errorf("Float(%g, %c, %d) = %q, want %q", x, format, precision, got, want)
					}
				}
			}
		}
	})
}

func TestTextWithoutFrame(t *testing.T) {
	var zero Text
	wantPanic(t, diag.FA001, func() { zero.Str("") })
	wantPanic(t, diag.FA001, func() { zero.Int(1) })
	if zero.String() != "" || zero.Len() != 0 {
		t.Error("the zero Text is not empty")
	}
	zero.Reset()
	a := NewAllocator(Config{FramesInFlight: 1, MaxFrameBytes: 1000})
	defer a.Close()
	f := a.BeginFrame()
	text := NewText(f).Str("kept")
	wantPanic(t, diag.FA003, func() { NewText(f).Str(strings.Repeat("x", 2000)) })
	a.EndFrame()
	if got := text.String(); got != "kept" {
		t.Errorf("in flight: %q", got)
	}
	wantPanic(t, diag.FA001, func() { text.Str(strings.Repeat("x", 100)) })
}

func TestTextMakesNoHeapMemory(t *testing.T) {
	at := time.Date(2026, time.November, 23, 3, 4, 5, 6, time.UTC)
	local := at.In(time.FixedZone("CEST", 7200))
	names := []string{"one", "two", "three"}
	var hash [32]byte
	n, x := 12345, 59.97
	length := 0
	wantNoHeap(t, func(f *Frame) {
		text := NewText(f).
			Int(n).Str(" units ").Uint(uint(n)).Byte(' ').Float(x, 'f', 2).Float(x*1e300, 'f', -1).Float(x, 'e', 20).
			Bool(n > 0).Rune('世').Quote("a \"quoted\"\n\xff string").Hex(uint64(n)).HexBytes(hash[:]).
			Right(9).Int(n).Zeros(9).Int(-n).Left(20).Str("left").Col(300).Join(names, ", ").Line().
			Time(at, time.RFC3339Nano).Time(local, time.RFC1123).Time(at, "Monday, 02 January 2006").
			Duration(time.Duration(n) * time.Millisecond).Duration(math.MinInt64)
		length += len(text.String())
		text.Reset()
		length += len(text.Str("again").String())
	})
	if length == 0 {
		t.Error("no text")
	}
}

func FuzzText(f *testing.F) {
	f.Add("some \"text\"\n\xff", int64(-5), 1.5, uint8('f'), 3, "2006-01-02 MST", uint8(12))
	f.Add("\x7f\u00ad\U000e0001", int64(math.MaxInt64), 1e300, uint8('g'), -1, "Monday January", uint8(200))
	f.Fuzz(func(t *testing.T, s string, n int64, x float64, format uint8, precision int, layout string, width uint8) {
		if precision > 1000 || len(layout) > 1000 {
			return
		}
		inFrame(t, MinimalConfig(), func(f *Frame) {
			at := time.Unix(n%1e11, n%1e9).UTC()
			text := NewText(f).Quote(s).Int64(n).Float(x, format, precision).Time(at, layout).Duration(time.Duration(n)).
				Right(int(width)).Str(s).Left(int(width)).Int64(n)
			want := strconv.Quote(s) + strconv.FormatInt(n, 10) + strconv.FormatFloat(x, format, precision, 64) +
				at.Format(layout) + time.Duration(n).String() + fmt.Sprintf("%*s%-*d", int(width), s, int(width), n)
			if got := text.String(); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	})
}
