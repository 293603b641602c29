package diag

import "strings"

// BadFile returns Bad as a complete Go file of a package named example, with
// the imports that it uses.
func (e Entry) BadFile() string { return file(e.Bad) }

// GoodFile returns Good as a complete Go file, as BadFile does.
func (e Entry) GoodFile() string { return file(e.Good) }

// importable lists what the examples may use: the standard library first, each
// part sorted by path.
var importable = [...]struct{ name, path string }{
	{"context", "context"},
	{"errors", "errors"},
	{"fmt", "fmt"},
	{"slices", "slices"},
	{"strings", "strings"},
	{"sync", "sync"},
	{"time", "time"},
	{"unsafe", "unsafe"},
	{"framealloc", modulePath},
	{"arkframe", modulePath + "/arkframe"},
	{"diag", modulePath + "/diag"},
	{"ebitenframe", modulePath + "/ebitenframe"},
	{"framesync", modulePath + "/framesync"},
	{"handle", modulePath + "/handle"},
	{"stream", modulePath + "/stream"},
	{"ebiten", "github.com/hajimehoshi/ebiten/v2"},
	{"ecs", "github.com/mlange-42/ark/ecs"},
}

func file(declarations string) string {
	var std, others strings.Builder
	for _, p := range importable {
		if !mentions(declarations, p.name) {
			continue
		}
		to := &std
		if strings.Contains(p.path, ".") {
			to = &others
		}
		to.WriteString("\t\"" + p.path + "\"\n")
	}
	imports := std.String()
	if std.Len() > 0 && others.Len() > 0 {
		imports += "\n"
	}
	if imports += others.String(); imports != "" {
		imports = "import (\n" + imports + ")\n\n"
	}
	return "package example\n\n" + imports + declarations
}

// mentions reports whether the text has name, as a word, followed by a dot and
// a capital letter: a qualified name. Comments count, so an example does not
// name a package in a comment alone.
func mentions(text, name string) bool {
	for {
		i := strings.Index(text, name+".")
		if i < 0 {
			return false
		}
		before := i > 0 && isWord(text[i-1])
		text = text[i:]
		after := text[len(name)+1:]
		if !before && after != "" && 'A' <= after[0] && after[0] <= 'Z' {
			return true
		}
		text = after
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
