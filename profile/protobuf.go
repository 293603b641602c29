package profile

import "encoding/binary"

// A message is a protobuf message being written: as much of the encoding as a
// profile needs. Fields that hold their zero value are left out, as the encoding
// has it.
type message []byte

// The wire types in use.
const (
	wireVarint = 0
	wireBytes  = 2
)

func (m *message) tag(field, wire int) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|uint64(wire))
}

// int writes an integer; negative ones take ten bytes.
func (m *message) int(field int, v int64) {
	if v == 0 {
		return
	}
	m.tag(field, wireVarint)
	*m = binary.AppendUvarint(*m, uint64(v))
}

func (m *message) bool(field int, v bool) {
	if v {
		m.int(field, 1)
	}
}

// bytes writes a string or a message that is complete, also an empty one.
func (m *message) bytes(field int, b []byte) {
	m.tag(field, wireBytes)
	*m = binary.AppendUvarint(*m, uint64(len(b)))
	*m = append(*m, b...)
}

// ints writes a packed list of integers.
func (m *message) ints(field int, list []int64) {
	if len(list) == 0 {
		return
	}
	var packed message
	for _, v := range list {
		packed = binary.AppendUvarint(packed, uint64(v))
	}
	m.bytes(field, packed)
}
