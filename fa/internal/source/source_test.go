package source

import (
	"path/filepath"
	"testing"
)

func TestLinesAndColumns(t *testing.T) {
	var c Cache
	c.Put("x", "añb\r\n🙂c\n\xff\xfed")
	for line, want := range []string{"", "añb", "🙂c", "\xff\xfed", ""} {
		if got := c.Line("x", line); got != want {
			t.Errorf("line %d is %q, want %q", line, got, want)
		}
	}
	for _, test := range []struct{ line, column, want int }{
		{1, 1, 1}, {1, 2, 2}, {1, 4, 3}, {1, 5, 4}, {1, 9, 8}, // beyond the end
		{2, 5, 3}, {3, 3, 3}, {9, 7, 7}, {1, 0, 0},
	} {
		if got := c.UTF16Column("x", test.line, test.column); got != test.want {
			t.Errorf("%d:%d is UTF-16 column %d, want %d", test.line, test.column, got, test.want)
		}
	}
	if c.Line(filepath.Join(t.TempDir(), "none"), 1) != "" {
		t.Error("a file that is not there has lines")
	}
}

func TestByteOffset(t *testing.T) {
	const text = "añb\n🙂c\n"
	for _, test := range []struct{ line, units, want int }{
		{0, 0, 0}, {0, 2, 3}, {0, 99, 4}, {1, 0, 5}, {1, 2, 9}, {1, 3, 10}, {7, 0, len(text)},
	} {
		if got := ByteOffset(text, test.line, test.units); got != test.want {
			t.Errorf("%d:%d is at %d, want %d", test.line, test.units, got, test.want)
		}
	}
}

func TestRel(t *testing.T) {
	root := filepath.FromSlash("/a/b")
	for path, want := range map[string]string{"/a/b/c/d.go": "c/d.go", "/a/bc/d.go": "/a/bc/d.go", "/a/b/..c": "..c", "/x": "/x"} {
		if got := Rel(root, filepath.FromSlash(path)); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
