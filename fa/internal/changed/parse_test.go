package changed

import (
	"reflect"
	"testing"
)

func TestParse(t *testing.T) {
	diff := `diff --git a/one.go b/one.go
--- a/one.go
+++ b/one.go
@@ -3 +3,2 @@ func f() {
-old
+new
++++ b/not a header
@@ -10,2 +12,0 @@
-gone
--- a/gone too
@@ -20,0 +21 @@
+added
diff --git "a/t\tb.go" "b/t\tb.go"
--- "a/t\tb.go"
+++ "b/t\tb.go"
@@ -0,0 +1,3 @@
+a
+b
+c
diff --git a/gone.go b/gone.go
--- a/gone.go
+++ /dev/null
@@ -1 +0,0 @@
-x
\ No newline at end of file
`
	want := map[string][]span{
		"/r/one.go":  {{3, 4}, {21, 21}},
		"/r/t\tb.go": {{1, 3}},
	}
	if got := parse("/r", []byte(diff)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Whatever git prints, reading it ends and finds no impossible lines.
func FuzzParse(f *testing.F) {
	f.Add("+++ b/x\n@@ -1 +2,3 @@\n+a\n")
	f.Add("@@ -1,9999999999999999999 +1,-4 @@\n")
	f.Add("+++ \"b/\\\n@@ @@ @@\n@@ - +")
	f.Fuzz(func(t *testing.T, diff string) {
		for file, spans := range parse("/r", []byte(diff)) {
			for _, s := range spans {
				if s.last < s.first {
					t.Errorf("%s: lines %d to %d", file, s.first, s.last)
				}
			}
		}
	})
}
