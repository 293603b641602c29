package profile

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
)

// writeText writes the snapshot for people.
func (s *snapshot) writeText(w io.Writer) error {
	samples := slices.Clone(s.samples)
	slices.SortFunc(samples, func(a, b snapshotSample) int { return cmp.Compare(b.alloc.bytes, a.alloc.bytes) })
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "framealloc profile of %v, one sample in %d bytes\n", s.end.Sub(s.begin).Round(1e6), s.rate)
	e := &encoder{locations: map[uintptr]*location{}}
	for _, x := range samples {
		if whole(x.alloc.bytes) == 0 && whole(x.inuse.bytes) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%d objects, %d bytes allocated; %d objects, %d bytes in use\n%v %s",
			whole(x.alloc.objects), whole(x.alloc.bytes), whole(x.inuse.objects), whole(x.inuse.bytes), x.intent, x.typ)
		for _, l := range [...][2]string{{"worker", x.worker}, {"tag", x.tag}, {"phase", x.phase}} {
			if l[1] != "" {
				fmt.Fprintf(b, ", %s %s", l[0], l[1])
			}
		}
		fmt.Fprintln(b)
		for _, pc := range e.users(x.stack) {
			l := e.lookUp(pc)
			fmt.Fprintf(b, "\t%s\n\t\t%s:%d\n", l.function, l.file, l.line)
		}
	}
	return b.Flush()
}
