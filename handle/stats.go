package handle

// Stats are a table's figures. Sizes are in bytes.
type Stats struct {
	Name        string
	Handles     int // that name something
	Used        int // by them, and by what pins hold
	HighWater   int // the most in use at once
	Capacity    int // of all blocks
	Blocks      int
	Pinned      int // values and slices with pins, freed ones included
	Gaps        int // free pieces
	LargestFree int // the longest of them

	News, Frees uint64
	Grown       uint64 // how often it took a block
	Moves       uint64 // values and slices moved
	Moved       uint64 // bytes moved
}

// Fragmentation returns how much of the free memory is not in the longest free
// piece: 0 where there is one piece or none, near 1 where it is all crumbs.
func (s Stats) Fragmentation() float64 {
	if free := s.Capacity - s.Used; free > s.LargestFree {
		return 1 - float64(s.LargestFree)/float64(free)
	}
	return 0
}

// Stats returns the table's figures as of now.
func (t *Table[T]) Stats() Stats {
	size, s := t.size(), t.space.Stats()
	return Stats{
		Name: t.config.Name, Handles: t.live, Used: s.Taken * size, HighWater: t.high, Capacity: s.Size * size,
		Blocks: s.Blocks, Pinned: s.Pinned, Gaps: s.Holes, LargestFree: s.Largest * size,
		News: t.news, Frees: t.frees, Grown: t.grown, Moves: t.moves, Moved: t.moved,
	}
}
