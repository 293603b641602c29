package extent

// Value returns the first element of what a Ref names in a caller's blocks, nil
// where it names nothing or has no elements. It is generic so that the compiler
// inlines it where the type is known, which it does not do with a method of a
// package that the user does not import.
func Value[T any](s *Space, r Ref, blocks [][]T) *T {
	if uint(r.Index) < uint(len(s.records)) {
		if x := &s.records[r.Index]; x.generation == r.Generation && x.a > 0 {
			return &blocks[x.block][x.at]
		}
	}
	return nil
}

// Values returns all elements of what a Ref names, and reports false where it names
// nothing. Their capacity is their number.
func Values[T any](s *Space, r Ref, blocks [][]T) ([]T, bool) {
	if uint(r.Index) < uint(len(s.records)) {
		if x := &s.records[r.Index]; x.generation == r.Generation {
			return blocks[x.block][x.at:][:x.a:x.a], true
		}
	}
	return nil, false
}

// MoveValues makes a move in a caller's blocks. Where wipe says so, nothing stays behind
// that the collector would follow.
func MoveValues[T any](blocks [][]T, m Move, wipe bool) {
	from := blocks[m.From.Block][m.From.At:][:m.From.Len]
	copy(blocks[m.To.Block][m.To.At:][:m.To.Len], from)
	if !wipe {
		return
	}
	if over := m.To.At + m.To.Len - m.From.At; m.To.Block == m.From.Block && m.To.At < m.From.At && over > 0 {
		from = from[over:]
	}
	clear(from)
}
