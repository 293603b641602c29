package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// requireValid encodes s and checks it against the published schema.
func requireValid(t *testing.T, s *Snapshot) []byte {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems(t, text) {
		t.Errorf("the snapshot breaks its schema: %s", problem)
	}
	return text
}

// problems says where a document breaks the published schema.
func problems(t *testing.T, document []byte) []string {
	t.Helper()
	c := &checker{root: decode(t, Schema()).(map[string]any)}
	c.check(c.root, decode(t, document), "")
	return c.problems
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// checker checks documents against the keywords of JSON Schema that ours uses,
// and complains of a keyword that it does not know: none goes unchecked. Beyond
// the standard, it complains of properties that the schema does not describe.
// (The module otelframe checks snapshots with a whole implementation.)
type checker struct {
	root     map[string]any
	problems []string
}

func (c *checker) complain(at, format string, args ...any) {
	c.problems = append(c.problems, at+": "+fmt.Sprintf(format, args...))
}

func (c *checker) check(schema map[string]any, v any, at string) {
	object, _ := v.(map[string]any)
	array, isArray := v.([]any)
	text, isString := v.(string)
	number, isNumber := v.(json.Number)
	for keyword, want := range schema {
		switch keyword {
		case "$schema", "$id", "title", "description", "$defs":
		case "$ref":
			name := strings.TrimPrefix(want.(string), "#/$defs/")
			c.check(c.root["$defs"].(map[string]any)[name].(map[string]any), v, at)
		case "type":
			if !isType(want.(string), v) {
				c.complain(at, "%v is no %v", v, want)
			}
		case "const":
			if fmt.Sprint(v) != fmt.Sprint(want) {
				c.complain(at, "%v is not %v", v, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), v) {
				c.complain(at, "%v is none of %v", v, want)
			}
		case "required":
			for _, name := range want.([]any) {
				if _, ok := object[name.(string)]; !ok {
					c.complain(at, "there is no %v", name)
				}
			}
		case "properties":
			for name, value := range object {
				s, ok := want.(map[string]any)[name].(map[string]any)
				if !ok {
					c.complain(at, "the schema does not describe %s", name)
					continue
				}
				c.check(s, value, at+"/"+name)
			}
		case "items":
			for i, value := range array {
				c.check(want.(map[string]any), value, fmt.Sprintf("%s/%d", at, i))
			}
		case "minItems", "maxItems":
			n, _ := want.(json.Number).Int64()
			if isArray && (keyword == "minItems" && len(array) < int(n) || keyword == "maxItems" && len(array) > int(n)) {
				c.complain(at, "%d items, %s is %d", len(array), keyword, n)
			}
		case "minimum":
			least, _ := want.(json.Number).Float64()
			if f, err := number.Float64(); isNumber && (err != nil || f < least) {
				c.complain(at, "%v is less than %v", v, want)
			}
		case "pattern":
			if isString && !regexp.MustCompile(want.(string)).MatchString(text) {
				c.complain(at, "%q does not match %v", text, want)
			}
		case "format":
			if _, err := time.Parse(time.RFC3339Nano, text); want != "date-time" || isString && err != nil {
				c.complain(at, "%q is no %v", text, want)
			}
		case "anyOf":
			c.anyOf(want.([]any), v, at)
		default:
			c.complain(at, "the schema uses %q, which this test does not know", keyword)
		}
	}
}

func (c *checker) anyOf(schemas []any, v any, at string) {
	var all []string
	for _, s := range schemas {
		try := &checker{root: c.root}
		if try.check(s.(map[string]any), v, at); len(try.problems) == 0 {
			return
		}
		all = append(all, try.problems...)
	}
	c.complain(at, "no alternative fits: %s", strings.Join(all, "; "))
}

func isType(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case map[string]any:
		return name == "object"
	case []any:
		return name == "array"
	case string:
		return name == "string" && utf8.ValidString(v)
	case bool:
		return name == "boolean"
	case json.Number:
		_, err := v.Int64()
		return name == "number" || name == "integer" && err == nil
	}
	return false
}

// TestSchemaRefuses: what passes is worth nothing unless something fails.
func TestSchemaRefuses(t *testing.T) {
	o, _ := scene(t)
	var s Snapshot
	o.Take(&s)
	valid := string(requireValid(t, &s))
	for _, c := range []struct{ name, old, new, want string }{
		{"another version", `"version":1`, `"version":2`, "/version: 2 is not 1"},
		{"a number for a name", `"allocator":"game"`, `"allocator":7`, "/allocator: 7 is no string"},
		{"a missing field", `"transfers"`, `"transferz"`, "there is no transfers"},
		{"an unknown field", `"transfers"`, `"more":0,"transfers"`, "does not describe more"},
		{"a negative count", `"sequence":1`, `"sequence":-1`, "-1 is less than 1"},
		{"a fraction", `"sequence":1`, `"sequence":1.5`, "1.5 is no integer"},
		{"a wrong enum", `"policy":"warn"`, `"policy":"worn"`, "worn is none of"},
		{"null for a list", `"budgets":[`, `"budgets":null,"x":[`, "<nil> is no array"},
		{"local time", `Z","allocator"`, `+02:00","allocator"`, "does not match"},
		{"half a garbage report", `"garbage":null`, `"garbage":{"frames":1}`, "no alternative fits"},
		{"too few buckets", `,0]}}`, `]}}`, "13 items, minItems is 14"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(valid, c.old) {
				t.Fatalf("there is no %s in %s", c.old, valid)
			}
			got := problems(t, []byte(strings.Replace(valid, c.old, c.new, 1)))
			if !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestSchemaKnowsItself: its own name and version are those of the package.
func TestSchemaKnowsItself(t *testing.T) {
	s := decode(t, Schema()).(map[string]any)
	if s["$id"] != SchemaID || s["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("$id %v, $schema %v", s["$id"], s["$schema"])
	}
	if !strings.HasSuffix(SchemaID, fmt.Sprintf("/snapshot/schema/v%d.json", Version)) {
		t.Errorf("version %d is at %s", Version, SchemaID)
	}
	text := Schema()
	clear(text)
	if len(decode(t, Schema()).(map[string]any)) == 0 {
		t.Error("the schema can be overwritten")
	}
}
