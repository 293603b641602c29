package report

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{"size": size}).Parse(pageSource))

// HTML writes a page that needs nothing but itself: an interactive plot of all
// frame times, the table, and the last frame.
func HTML(w io.Writer, runs []Run, budget time.Duration) error {
	type series struct {
		Mode  string    `json:"mode"`
		Color string    `json:"color"`
		Times []float64 `json:"times"`
	}
	data := struct {
		Runs   []Run
		Series []series
		Budget float64
		Image  template.URL
	}{Runs: runs, Budget: ms(budget)}
	for _, r := range runs {
		c := Colors[r.Mode.Mode]
		s := series{Mode: r.Mode.Mode, Color: fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B), Times: []float64{}}
		for _, t := range r.Times {
			s.Times = append(s.Times, ms(t))
		}
		data.Series = append(data.Series, s)
		data.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(r.Image))
	}
	return page.Execute(w, data)
}
