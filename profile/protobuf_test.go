package profile

import (
	"bytes"
	"testing"
)

// The bytes are the examples of the encoding's own documentation, and worked out
// by hand.
func TestMessage(t *testing.T) {
	for _, c := range []struct {
		name  string
		write func(m *message)
		want  []byte
	}{
		{"an integer", func(m *message) { m.int(1, 150) }, []byte{0x08, 0x96, 0x01}},
		{"zero is left out", func(m *message) { m.int(1, 0); m.bool(2, false); m.ints(3, nil) }, nil},
		{"a negative integer", func(m *message) { m.int(1, -2) }, []byte{0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}},
		{"a field beyond 15", func(m *message) { m.bool(16, true) }, []byte{0x80, 0x01, 0x01}},
		{"a string", func(m *message) { m.bytes(2, []byte("testing")) }, []byte("\x12\x07testing")},
		{"an empty string", func(m *message) { m.bytes(2, nil) }, []byte{0x12, 0x00}},
		{"a packed list", func(m *message) { m.ints(6, []int64{3, 270, 86942}) }, []byte{0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05}},
	} {
		var m message
		if c.write(&m); !bytes.Equal(m, c.want) {
			t.Errorf("%s is encoded as % x, want % x", c.name, m, c.want)
		}
	}
}
