package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/framealloc/framealloc/fa/internal/source"
)

// Identify sets the fingerprint of every finding. A fingerprint is made from
// the code, the file's path below root and the text of the line, so it stays
// the same when the code around it moves; the same line a second time in a
// file is told apart by its ordinal. The findings must be sorted.
func Identify(fs []Finding, root string, files *source.Cache) {
	seen := make(map[string]int)
	for i := range fs {
		f := &fs[i]
		key := strings.Join([]string{
			string(f.Code),
			source.Rel(root, f.Range.File),
			strings.Join(strings.Fields(files.Line(f.Range.File, f.Range.Start.Line)), " "),
		}, "\x00")
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
		f.Fingerprint = hex.EncodeToString(sum[:12])
	}
}
