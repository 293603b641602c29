package report

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"time"

	"github.com/framealloc/framealloc/cmd/framedemo/pixelfont"
)

const (
	plotWidth, plotHeight = 1000, 460
	plotLeft, plotRight   = 74, 20
	plotTop, plotBottom   = 56, 46
	areaWidth, areaHeight = plotWidth - plotLeft - plotRight, plotHeight - plotTop - plotBottom
)

// Colors are the modes' colours in the plots, told apart by the colour-blind too
// (Okabe & Ito 2008).
var Colors = map[string]color.RGBA{
	"heap": {213, 94, 0, 255}, "reuse": {86, 180, 233, 255}, "framealloc": {0, 158, 115, 255}, "mixed": {204, 121, 167, 255},
}

var (
	paper = color.RGBA{252, 252, 250, 255}
	ink   = color.RGBA{50, 54, 62, 255}
	grid  = color.RGBA{226, 226, 222, 255}
	limit = color.RGBA{170, 30, 50, 255}
)

// scale is the logarithmic axis of times.
type scale struct{ low, high float64 } // ms

func scaleOf(runs []Run, budget time.Duration) scale {
	s := scale{math.Inf(1), ms(budget) * 1.2}
	for _, r := range runs {
		for _, t := range r.Times {
			v := max(ms(t), 0.01)
			s.low, s.high = min(s.low, v), max(s.high, v)
		}
	}
	s.low = 0.8 * min(s.low, s.high/4)
	s.high *= 1.25
	return s
}

// y is the row of a time in the plot's area.
func (s scale) y(v float64) int {
	f := (math.Log10(max(v, s.low)) - math.Log10(s.low)) / (math.Log10(s.high) - math.Log10(s.low))
	return plotTop + areaHeight - int(f*float64(areaHeight))
}

// PNG draws every frame's time, mode over mode, on a logarithmic scale with the
// budget. A column of pixels that stands for several frames shows the range from
// the fastest to the slowest.
func PNG(w io.Writer, runs []Run, budget time.Duration) error {
	img := image.NewRGBA(image.Rect(0, 0, plotWidth, plotHeight))
	fill(img, img.Bounds(), paper)
	pixelfont.Draw(img, plotLeft, 14, 2, ink, "frame time in ms, one frame after the other (log scale)")
	s := scaleOf(runs, budget)
	for _, v := range ticks(s) {
		y := s.y(v)
		fill(img, image.Rect(plotLeft, y, plotWidth-plotRight, y+1), grid)
		label := tickLabel(v)
		pixelfont.Draw(img, plotLeft-10-pixelfont.Width(label, 2), y-5, 2, ink, label)
	}
	frames := 0
	for _, r := range runs {
		frames = max(frames, len(r.Times))
	}
	for _, r := range runs {
		drawRun(img, s, r, frames)
	}
	y := s.y(ms(budget))
	for x := plotLeft; x < plotWidth-plotRight; x += 8 {
		fill(img, image.Rect(x, y, x+5, y+2), limit)
	}
	note := fmt.Sprintf("budget %.1f", ms(budget))
	pixelfont.Draw(img, plotWidth-plotRight-pixelfont.Width(note, 2), y-14, 2, limit, note)
	x := plotLeft
	for _, r := range runs {
		fill(img, image.Rect(x, 34, x+14, 44), Colors[r.Mode.Mode])
		label := fmt.Sprintf("%s  p99.9 %.1f", r.Mode.Mode, r.P999)
		pixelfont.Draw(img, x+20, 34, 2, ink, label)
		x += 50 + pixelfont.Width(label, 2)
	}
	last := fmt.Sprintf("%d", frames)
	pixelfont.Draw(img, plotLeft, plotHeight-plotBottom+12, 2, ink, "1")
	pixelfont.Draw(img, plotWidth-plotRight-pixelfont.Width(last, 2), plotHeight-plotBottom+12, 2, ink, last)
	pixelfont.Draw(img, plotWidth/2-40, plotHeight-plotBottom+12, 2, ink, "frame")
	return png.Encode(w, img)
}

// drawRun draws a run from the fastest to the slowest frame of each column, and
// slow frames wide enough to be seen.
func drawRun(img *image.RGBA, s scale, r Run, frames int) {
	c := Colors[r.Mode.Mode]
	for x := range areaWidth {
		from, to := x*frames/areaWidth, max((x+1)*frames/areaWidth, x*frames/areaWidth+1)
		if from >= len(r.Times) {
			return
		}
		low, high := math.Inf(1), 0.0
		for _, t := range r.Times[from:min(to, len(r.Times))] {
			low, high = min(low, ms(t)), max(high, ms(t))
		}
		fill(img, image.Rect(plotLeft+x, s.y(high), plotLeft+x+1, s.y(low)+2), c)
		if high > 2*r.P50 {
			fill(img, image.Rect(plotLeft+x-1, s.y(high)-1, plotLeft+x+2, s.y(high)+3), c)
		}
	}
}

// ticks are 1, 2 and 5 times the powers of ten inside the scale.
func ticks(s scale) (v []float64) {
	for p := math.Pow(10, math.Floor(math.Log10(s.low))); p < s.high; p *= 10 {
		for _, k := range [3]float64{1, 2, 5} {
			if k*p >= s.low && k*p < s.high {
				v = append(v, k*p)
			}
		}
	}
	return v
}

func tickLabel(v float64) string {
	if v < 1 {
		return fmt.Sprintf("%.2g", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func fill(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	r = r.Intersect(img.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			img.SetRGBA(x, y, c)
		}
	}
}
