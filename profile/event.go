package profile

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// An event is one object of a trace event file being written, at the end of a
// buffer that its user takes over or not.
type event struct {
	buf   []byte
	inner bool // args has members
}

func (ev *event) open(kind byte, tid int, name string) {
	ev.buf = append(ev.buf, ",\n{\"ph\":\""...)
	ev.buf = append(ev.buf, kind)
	ev.buf = append(ev.buf, `","pid":1,"tid":`...)
	ev.buf = strconv.AppendInt(ev.buf, int64(tid), 10)
	ev.buf = append(ev.buf, `,"name":`...)
	ev.buf = appendText(ev.buf, name)
}

// time writes a time in microseconds, which the format counts in, to the
// nanosecond.
func (ev *event) time(key string, d time.Duration) {
	ev.buf = append(ev.buf, ',', '"')
	ev.buf = append(ev.buf, key...)
	ev.buf = append(ev.buf, '"', ':')
	if d < 0 {
		ev.buf = append(ev.buf, '-')
		d = -d
	}
	ev.buf = strconv.AppendInt(ev.buf, int64(d/1000), 10)
	ns := int64(d % 1000)
	ev.buf = append(ev.buf, '.', byte('0'+ns/100), byte('0'+ns/10%10), byte('0'+ns%10))
}

func (ev *event) duration(d time.Duration) { ev.time("dur", max(0, d)) }

// scope makes a mark one of its track.
func (ev *event) scope() { ev.buf = append(ev.buf, `,"s":"t"`...) }

// args begins what the tool shows about the event.
func (ev *event) args() { ev.buf = append(ev.buf, `,"args":{`...) }

func (ev *event) key(key string) {
	if ev.inner {
		ev.buf = append(ev.buf, ',')
	}
	ev.inner = true
	ev.buf = append(ev.buf, '"')
	ev.buf = append(ev.buf, key...)
	ev.buf = append(ev.buf, '"', ':')
}

func (ev *event) number(key string, n int64) {
	ev.key(key)
	ev.buf = strconv.AppendInt(ev.buf, n, 10)
}

// text writes a text, unless it is empty.
func (ev *event) text(key, text string) {
	if text != "" {
		ev.key(key)
		ev.buf = appendText(ev.buf, text)
	}
}

// close ends args and the event.
func (ev *event) close() { ev.buf = append(ev.buf, '}', '}') }

// appendText appends a JSON string. It cuts what is too long for an event, and
// replaces what is no UTF-8.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	if len(s) > maxEventText {
		s = s[:maxEventText]
	}
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
