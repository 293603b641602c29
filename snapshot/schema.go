package snapshot

import (
	_ "embed"
	"slices"
)

// SchemaID names the schema of this version. It is the address of the schema in
// the project's repository, and stands in each snapshot as "$schema".
const SchemaID = "https://raw.githubusercontent.com/framealloc/framealloc/main/snapshot/schema/v1.json"

//go:embed schema/v1.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of snapshots. The bytes are the
// caller's.
func Schema() []byte { return slices.Clone(schema) }
