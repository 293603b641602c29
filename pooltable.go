package framealloc

type poolTable struct{ active bool }

func (*poolTable) publish(*published)  {}
func (*poolTable) drain()              {}
func (*poolTable) watch(bool)          {}
func (*poolTable) totals() IntentStats { return IntentStats{} }

type depots struct{}
type span struct{ from, to uint64 }
