package metrics

import (
	"bytes"
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/framealloc/framealloc/snapshot"
)

// The formats of a page.
const (
	textType        = "text/plain; version=0.0.4; charset=utf-8"
	openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8"
)

// WriteText writes the figures in Prometheus's text format, version 0.0.4. The
// error is w's.
func (e *Exporter) WriteText(w io.Writer) error {
	return e.render(w, func(b *bytes.Buffer, s []snapshot.Snapshot) { writePage(b, s, false) })
}

// WriteOpenMetrics writes the figures in the OpenMetrics text format, version
// 1.0.0. The error is w's.
func (e *Exporter) WriteOpenMetrics(w io.Writer) error {
	return e.render(w, func(b *bytes.Buffer, s []snapshot.Snapshot) { writePage(b, s, true) })
}

// ServeHTTP answers with the figures: in the OpenMetrics format where the request
// prefers it, else in Prometheus's.
func (e *Exporter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the figures can only be read", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept")
	if prefersOpenMetrics(r.Header.Values("Accept")) {
		w.Header().Set("Content-Type", openMetricsType)
		_ = e.WriteOpenMetrics(w) // the reader has gone
		return
	}
	w.Header().Set("Content-Type", textType)
	_ = e.WriteText(w)
}

// prefersOpenMetrics reads what a request accepts.
func prefersOpenMetrics(accept []string) bool {
	open, text := 0.0, 0.0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		q := 1.0
		if v, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		switch kind {
		case "application/openmetrics-text":
			if v := params["version"]; v == "" || v == "1.0.0" || v == "0.0.1" {
				open = max(open, q)
			}
		case "text/plain", "text/*", "*/*":
			text = max(text, q)
		}
	}
	return open > 0 && open >= text
}

// writePage writes every figure that has values.
func writePage(b *bytes.Buffer, taken []snapshot.Snapshot, open bool) {
	for _, f := range table {
		w := familyWriter{Buffer: b, figure: f, open: open, sample: f.PrometheusName()}
		for i := range taken {
			s := &taken[i]
			for p := range f.Points(s) {
				w.write(s, p)
			}
		}
	}
	if open {
		b.WriteString("# EOF\n")
	}
}

// familyWriter writes the values of one figure, and its head before the first.
type familyWriter struct {
	*bytes.Buffer
	figure Figure
	sample string // name of the series
	open   bool   // in the OpenMetrics format
	begun  bool
}

func (w *familyWriter) head() {
	if w.begun {
		return
	}
	w.begun = true
	family := w.sample
	if w.open {
		family = w.figure.family() // a counter's family has no _total there
	}
	w.WriteString("# HELP " + family + " " + helpEscaper.Replace(w.figure.Help) + "\n")
	w.WriteString("# TYPE " + family + " " + w.figure.prometheusType() + "\n")
	if unit := w.figure.unitWord(); w.open && unit != "" {
		w.WriteString("# UNIT " + family + " " + unit + "\n")
	}
}

func (w *familyWriter) write(s *snapshot.Snapshot, p Point) {
	w.head()
	if w.figure.Kind != Histogram {
		w.series(w.sample, s, p, "", w.number(p.Value))
		return
	}
	n := uint64(0)
	bounds := w.figure.Bounds()
	for i, count := range p.Buckets {
		n += count
		bound := math.Inf(1)
		if i < len(bounds) {
			bound = bounds[i]
		}
		le := formatFloat(bound)
		if w.open && !strings.ContainsAny(le, ".eI") {
			le += ".0" // as OpenMetrics would have it
		}
		w.series(w.sample+"_bucket", s, p, le, strconv.FormatUint(n, 10))
	}
	w.series(w.sample+"_sum", s, p, "", w.number(p.Value))
	w.series(w.sample+"_count", s, p, "", strconv.FormatUint(n, 10))
}

// series writes one line.
func (w *familyWriter) series(name string, s *snapshot.Snapshot, p Point, le, value string) {
	w.WriteString(name)
	sep := byte('{')
	label := func(name, value string) {
		w.WriteByte(sep)
		sep = ','
		w.WriteString(name + `="` + labelEscaper.Replace(strings.ToValidUTF8(value, "\uFFFD")) + `"`)
	}
	if s.Allocator != "" {
		label(AllocatorLabel, s.Allocator)
	}
	for i, name := range w.figure.Labels {
		label(name, p.Labels[i])
	}
	if le != "" {
		label("le", le)
	}
	if sep == ',' {
		w.WriteByte('}')
	}
	w.WriteString(" " + value + "\n")
}

func (w *familyWriter) number(value uint64) string {
	if w.figure.Seconds() {
		return formatFloat(w.figure.Float(value))
	}
	return strconv.FormatUint(value, 10)
}

func formatFloat(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

var (
	helpEscaper  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscaper = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)
