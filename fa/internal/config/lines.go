package config

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// positions maps dotted keys to the lines they stand on.
type positions map[string]int

// line returns the line of a key, or of the nearest table around it.
func (p positions) line(key string) int {
	for key != "" {
		if n, ok := p[key]; ok {
			return n
		}
		i := strings.LastIndexAny(key, ".[")
		if i < 0 {
			break
		}
		key = key[:i]
	}
	return 0
}

// lines finds the lines of all keys in a file that is known to be valid TOML.
func lines(data []byte) positions {
	at := make(positions)
	var parser unstable.Parser
	parser.Reset(data)
	table := ""
	count := make(map[string]int) // of tables in each array of tables
	for parser.NextExpression() {
		e := parser.Expression()
		line := 0
		var parts []string
		for it := e.Key(); it.Next(); {
			k := it.Node()
			if line == 0 {
				line = 1 + bytes.Count(data[:k.Raw.Offset], []byte("\n"))
			}
			parts = append(parts, string(k.Data))
		}
		key := strings.Join(parts, ".")
		switch e.Kind {
		case unstable.Table:
			table = within(key, count)
			at[table] = line
		case unstable.ArrayTable:
			table = fmt.Sprintf("%s[%d]", key, count[key])
			count[key]++
			at[table] = line
		case unstable.KeyValue:
			if table != "" {
				key = table + "." + key
			}
			at[key] = line
			inline(at, key, e.Value(), data, line)
		}
	}
	return at
}

// within rewrites the key of a table inside an array of tables, such as
// paths.levels, to name the element it belongs to.
func within(key string, count map[string]int) string {
	for array, n := range count {
		if rest, ok := strings.CutPrefix(key, array+"."); ok {
			return fmt.Sprintf("%s[%d].%s", array, n-1, rest)
		}
	}
	return key
}

// inline books the keys of an inline table.
func inline(at positions, prefix string, value *unstable.Node, data []byte, line int) {
	if value.Kind != unstable.InlineTable {
		return
	}
	for it := value.Children(); it.Next(); {
		kv := it.Node()
		if kv.Kind != unstable.KeyValue {
			continue
		}
		var parts []string
		for k := kv.Key(); k.Next(); {
			parts = append(parts, string(k.Node().Data))
			line = 1 + bytes.Count(data[:k.Node().Raw.Offset], []byte("\n"))
		}
		key := prefix + "." + strings.Join(parts, ".")
		at[key] = line
		inline(at, key, kv.Value(), data, line)
	}
}
