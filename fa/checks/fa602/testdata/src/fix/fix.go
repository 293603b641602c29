// Package fix is put right by allocating once.
package fix

import "github.com/framealloc/framealloc"

func blur(f *framealloc.Frame, rows [][]float32) (sum float32) {
	for _, row := range rows {
		for i := range row {
			window := framealloc.Slice[float32](f, 5) // want `Slice allocates in each turn of a hot loop`
			window[0] = row[i]
			sum += window[0] + window[4]
		}
	}
	return sum
}

func kept(f *framealloc.Frame) (list [][]byte) {
	for range 100 {
		b := framealloc.Bytes(f, 5) // want `Bytes allocates in each turn of a hot loop`
		list = append(list, b)
	}
	return list
}
