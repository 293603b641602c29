package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/framealloc/framealloc/fa/internal/codes"
)

// unknownKey is the message for a key that the configuration does not have.
func unknownKey(key toml.Key) string {
	t := reflect.TypeFor[Config]()
	for i, part := range key {
		t = element(t)
		if t.Kind() != reflect.Struct {
			break
		}
		names, next := fields(t)
		if ft, ok := next[part]; ok {
			t = ft
			continue
		}
		where := ""
		if i > 0 {
			where = " in [" + strings.Join(key[:i], ".") + "]"
		}
		hint := codes.DidYouMean(part, names)
		if hint == "" {
			hint = "; known are " + strings.Join(names, ", ")
		}
		return fmt.Sprintf("unknown key %q%s%s", part, where, hint)
	}
	return fmt.Sprintf("unknown key %q", strings.Join(key, "."))
}

// element strips what a table of tables is wrapped in.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// fields returns the keys of a table, in the order of the struct, and the
// types of their values.
func fields(t reflect.Type) (names []string, types map[string]reflect.Type) {
	types = make(map[string]reflect.Type)
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("toml")
		if name == "" || name == "-" {
			continue
		}
		names = append(names, name)
		types[name] = t.Field(i).Type
	}
	return names, types
}

// Keys lists every key that a file may hold, dotted, tables before what is in
// them.
func Keys() []string {
	var keys []string
	var walk func(prefix string, t reflect.Type)
	walk = func(prefix string, t reflect.Type) {
		names, types := fields(t)
		for _, n := range names {
			keys = append(keys, prefix+n)
			if e := element(types[n]); e.Kind() == reflect.Struct {
				walk(prefix+n+".", e)
			}
		}
	}
	walk("", reflect.TypeFor[Config]())
	return keys
}
