// Package pixelfont draws text in capitals three pixels wide and five high,
// scaled by whole numbers: enough for a head-up display and a plot's labels.
package pixelfont

import (
	"image"
	"image/color"
)

// glyphs holds five rows of three bits each, the top row in the highest bits.
var glyphs = map[byte]uint16{
	'0': 0b111_101_101_101_111, '1': 0b010_110_010_010_111, '2': 0b111_001_111_100_111, '3': 0b111_001_111_001_111,
	'4': 0b101_101_111_001_001, '5': 0b111_100_111_001_111, '6': 0b111_100_111_101_111, '7': 0b111_001_001_001_001,
	'8': 0b111_101_111_101_111, '9': 0b111_101_111_001_111,
	'A': 0b010_101_111_101_101, 'B': 0b110_101_110_101_110, 'C': 0b011_100_100_100_011, 'D': 0b110_101_101_101_110,
	'E': 0b111_100_110_100_111, 'F': 0b111_100_110_100_100, 'G': 0b011_100_101_101_011, 'H': 0b101_101_111_101_101,
	'I': 0b111_010_010_010_111, 'J': 0b001_001_001_101_010, 'K': 0b101_101_110_101_101, 'L': 0b100_100_100_100_111,
	'M': 0b101_111_111_101_101, 'N': 0b110_101_101_101_101, 'O': 0b010_101_101_101_010, 'P': 0b110_101_110_100_100,
	'Q': 0b010_101_101_111_011, 'R': 0b110_101_110_101_101, 'S': 0b011_100_010_001_110, 'T': 0b111_010_010_010_010,
	'U': 0b101_101_101_101_111, 'V': 0b101_101_101_101_010, 'W': 0b101_101_111_111_101, 'X': 0b101_101_010_101_101,
	'Y': 0b101_101_010_010_010, 'Z': 0b111_001_010_100_111,
	'.': 0b000_000_000_000_010, ':': 0b000_010_000_010_000, '-': 0b000_000_111_000_000, '/': 0b001_001_010_100_100,
	'%': 0b101_001_010_100_101, '(': 0b010_100_100_100_010, ')': 0b010_001_001_001_010, ',': 0b000_000_000_010_100,
	'+': 0b000_010_111_010_000,
}

// Advance is the width of a character with its gap, in pixels at scale 1; a line
// is 5 pixels high.
const Advance = 4

// Draw writes s with its upper left corner at x, y. Small letters are drawn as
// capitals; what has no glyph is left blank. It allocates nothing.
func Draw(img *image.RGBA, x, y, scale int, c color.RGBA, s string) {
	for i := 0; i < len(s); i++ {
		b := s[i]
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		g := glyphs[b]
		for bit := range 15 {
			if g>>(14-bit)&1 == 0 {
				continue
			}
			px, py := x+bit%3*scale, y+bit/3*scale
			for dy := range scale {
				for dx := range scale {
					img.SetRGBA(px+dx, py+dy, c)
				}
			}
		}
		x += Advance * scale
	}
}

// Width returns how wide s is at the scale.
func Width(s string, scale int) int { return len(s)*Advance*scale - scale }
