package report

import (
	"strconv"
	"strings"
)

// splitPos takes a "file:line:col" apart, of which the numbers may be missing.
func splitPos(pos string) (file string, line, column int) {
	parts := strings.Split(pos, ":")
	numbers := make([]int, 0, 2)
	for len(parts) > 1 && len(numbers) < 2 {
		n, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil {
			break
		}
		numbers = append(numbers, n)
		parts = parts[:len(parts)-1]
	}
	file = strings.Join(parts, ":")
	switch len(numbers) {
	case 1:
		line = numbers[0]
	case 2:
		line, column = numbers[1], numbers[0]
	}
	return file, line, column
}
