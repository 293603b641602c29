package framealloc

import (
	"reflect"
	"strings"
)

// nameOf returns a type's name as a person writes it: type arguments lose the
// directories of their packages, "Box[game/world.Enemy]" is "Box[world.Enemy]".
func nameOf(t reflect.Type) string {
	name := t.String()
	if !strings.Contains(name, "/") {
		return name
	}
	var b strings.Builder
	for len(name) > 0 {
		end := strings.IndexAny(name, "[], *()") + 1
		if end == 0 {
			end = len(name)
		}
		b.WriteString(name[strings.LastIndexByte(name[:end], '/')+1 : end])
		name = name[end:]
	}
	return b.String()
}
