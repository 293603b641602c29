package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/framealloc/framealloc/bench/peers"
)

const casesAcross = 3 // so that a table fits a terminal

// table prints the comparison for people: a few cases side by side, with
// median, minimum and ratio to the floor for each peer.
func (r *report) table(w io.Writer) error {
	var b strings.Builder
	for from := 0; from < len(r.cases); from += casesAcross {
		r.block(&b, r.cases[from:min(from+casesAcross, len(r.cases))])
	}
	fmt.Fprintln(&b, "ns for one operation: median of the passes, least of the passes, median of the ratios to the floor (*), measured in pairs.")
	fmt.Fprintln(&b, "pointers: what became of pointers into the heap when the collector ran. ° not zeroed, for reference.")
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func (r *report) block(b *strings.Builder, cases []peers.Case) {
	fmt.Fprintf(b, "%-19s %-12s", "", "pointers")
	for _, c := range cases {
		fmt.Fprintf(b, " │ %-24s", c)
	}
	fmt.Fprintln(b)
	fmt.Fprintf(b, "%s%s\n", strings.Repeat("─", 33), strings.Repeat("┼"+strings.Repeat("─", 26), len(cases)))
	for _, p := range r.peers {
		if !r.measured(p, cases) {
			continue
		}
		name := p.Name
		if p.Uninit {
			name += "°"
		}
		verdict, _, _ := strings.Cut(r.verdicts[p.Name].Text, ":")
		fmt.Fprintf(b, "%-19s %-12s", name, verdict)
		for _, c := range cases {
			fmt.Fprintf(b, " │ %s", r.cell(p, c))
		}
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b)
}

func (r *report) measured(p peers.Peer, cases []peers.Case) bool {
	for _, c := range cases {
		if len(r.samples[key{p.Name, c}]) > 0 {
			return true
		}
	}
	return false
}

// cell is 24 columns wide.
func (r *report) cell(p peers.Peer, c peers.Case) string {
	samples := r.samples[key{p.Name, c}]
	if len(samples) == 0 {
		return fmt.Sprintf("%7s%17s", "–", "")
	}
	ratio := ""
	if x, ok := r.ratio(key{p.Name, c}); ok {
		ratio = number(x) + "x"
	}
	mark := " "
	if p.Name == peers.Floor(c) {
		mark = "*"
	}
	return fmt.Sprintf("%7s %7s %7s%s", number(samples.Median()), number(samples.Min()), ratio, mark)
}

// number prints three digits or so.
func number(x float64) string {
	switch {
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}
