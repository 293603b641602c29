package main

import (
	"io"
	"os"
	"path/filepath"

	"github.com/framealloc/framealloc/cmd/framedemo/report"
)

// write puts the plot, the page, the last frame and the figures into the output
// directory.
func write(o options, runs []report.Run) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	files := []struct {
		name string
		fill func(io.Writer) error
	}{
		{"frametimes.png", func(w io.Writer) error { return report.PNG(w, runs, o.budget) }},
		{"index.html", func(w io.Writer) error { return report.HTML(w, runs, o.budget) }},
		{"frame.png", func(w io.Writer) error { _, err := w.Write(runs[len(runs)-1].Image); return err }},
		{"result.json", func(w io.Writer) error { return report.JSON(w, runs) }},
	}
	for _, f := range files {
		if err := create(filepath.Join(o.out, f.name), f.fill); err != nil {
			return err
		}
	}
	return nil
}

func create(name string, fill func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := fill(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
