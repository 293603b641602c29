// Package source reads the lines of source files and translates the columns
// that tools count in.
package source

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Cache holds the text of files that were asked for. The zero value is ready;
// it may be used from several goroutines.
type Cache struct {
	mu    sync.Mutex
	files map[string]file
}

type file struct {
	text  string
	lines []string
}

// Put makes text the content of a file, whatever the disk says: an editor
// holds files that it has not saved.
func (c *Cache) Put(path, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(path, text)
}

func (c *Cache) put(path, text string) file {
	if c.files == nil {
		c.files = make(map[string]file)
	}
	f := file{text: text, lines: strings.Split(text, "\n")}
	c.files[path] = f
	return f
}

func (c *Cache) load(path string) file {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.files[path]; ok {
		return f
	}
	data, err := os.ReadFile(path)
	if err != nil {
		data = nil // a file that is gone has no lines to show
	}
	return c.put(path, string(data))
}

// Text returns the content of a file, "" if it cannot be read.
func (c *Cache) Text(path string) string { return c.load(path).text }

// Line returns a line of a file, counted from 1, without its end; "" if there
// is no such line.
func (c *Cache) Line(path string, line int) string {
	lines := c.load(path).lines
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSuffix(lines[line-1], "\r")
}

// UTF16Column translates a column in bytes into one in UTF-16 code units, both
// from 1. A column beyond the line keeps its distance from the end.
func (c *Cache) UTF16Column(path string, line, column int) int {
	text := c.Line(path, line)
	n := column - 1
	if n < 0 {
		return column
	}
	beyond := 0
	if n > len(text) {
		beyond = n - len(text)
		n = len(text)
	}
	return UTF16Len(text[:n]) + beyond + 1
}

// UTF16Len returns the number of UTF-16 code units of a text.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// ByteOffset returns the offset in bytes of a place given, as editors do, by a
// line and a number of UTF-16 code units, both from 0.
func ByteOffset(text string, line, units int) int {
	offset := 0
	for ; line > 0; line-- {
		i := strings.IndexByte(text[offset:], '\n')
		if i < 0 {
			return len(text)
		}
		offset += i + 1
	}
	for units > 0 && offset < len(text) && text[offset] != '\n' {
		r, size := utf8.DecodeRuneInString(text[offset:])
		units -= max(1, utf16.RuneLen(r))
		offset += size
	}
	return offset
}

// Rel returns path as seen from root, with slashes, or path itself if it lies
// outside of root.
func Rel(root, path string) string {
	rel, err := filepath.Rel(root, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(rel)
}
