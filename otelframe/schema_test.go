package otelframe_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"os"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/snapshot"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSnapshotsObeyTheirSchema checks the schema against that of JSON Schema, and
// what is written against the schema, with a whole implementation of it. It stands
// here because the library itself has no dependencies.
func TestSnapshotsObeyTheirSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(snapshot.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(snapshot.SchemaID, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(snapshot.SchemaID) // checks it against its own schema, too
	if err != nil {
		t.Fatal(err)
	}
	validate := func(text []byte) error {
		t.Helper()
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}

	alloc := framealloc.NewAllocator(framealloc.Config{MaxFrameBytes: 1 << 20})
	defer alloc.Close()
	o := snapshot.ObserveAs("game", alloc)
	defer o.Stop()
	dir := t.TempDir()
	emitter, err := snapshot.NewEmitter(o, snapshot.Config{Dir: dir, Every: 1, MinInterval: -1, Queue: 20, AtClose: true})
	if err != nil {
		t.Fatal(err)
	}
	play(t, alloc)
	alloc.SetModes(framealloc.ModeDebug)
	play(t, alloc)
	if err := emitter.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 7 {
		t.Fatalf("%d snapshots, %v; want one for each frame of the main worker and the last", len(files), err)
	}
	var text []byte
	for _, name := range files {
		if text, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
		if err := validate(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	var s snapshot.Snapshot
	o.Take(&s)
	s.Garbage = &snapshot.Garbage{Sites: []snapshot.Site{{Function: "main.main", Caller: "main.go:7", Allocations: 1, Bytes: 8}}}
	with, err := json.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(with); err != nil {
		t.Errorf("with garbage: %v", err)
	}
	for _, c := range []struct{ old, new string }{
		{`"version": 1`, `"version": 2`},
		{`"allocator": "game"`, `"allocator": 1`},
		{`"transfers"`, `"transferz"`},
	} {
		broken := bytes.Replace(text, []byte(c.old), []byte(c.new), 1)
		if bytes.Equal(broken, text) || validate(broken) == nil {
			t.Errorf("%s for %s passes", c.new, c.old)
		}
	}
}
