// Package changed knows which lines of a work tree are new since a revision.
package changed

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/framealloc/framealloc/fa/internal/finding"
)

// Lines are the changed lines of a work tree, by absolute file name.
type Lines struct {
	spans map[string][]span
	whole map[string]bool // files that git does not know yet
}

// span is a run of lines from first to last.
type span struct{ first, last int }

// Since asks git for the lines that changed between a revision and the files
// on disk. Files that git does not track count as changed altogether.
func Since(ctx context.Context, dir, revision string) (*Lines, error) {
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root := filepath.FromSlash(strings.TrimSpace(string(top)))
	if _, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); err != nil {
		return nil, fmt.Errorf("git knows no revision %q", revision)
	}
	diff, err := git(ctx, root, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames",
		"--src-prefix=a/", "--dst-prefix=b/", revision, "--")
	if err != nil {
		return nil, err
	}
	l := &Lines{spans: parse(root, diff), whole: make(map[string]bool)}
	others, err := git(ctx, root, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(others), "\x00") {
		if name != "" {
			l.whole[filepath.Join(root, filepath.FromSlash(name))] = true
		}
	}
	return l, nil
}

// Touch reports whether a range has a changed line.
func (l *Lines) Touch(r finding.Range) bool {
	file := r.File
	if resolved, err := filepath.EvalSymlinks(file); err == nil {
		file = resolved // git names files that way
	}
	if l.whole[file] {
		return true
	}
	for _, s := range l.spans[file] {
		if r.Start.Line <= s.last && r.End.Line >= s.first {
			return true
		}
	}
	return false
}

// parse reads the new side of a unified diff.
func parse(root string, diff []byte) map[string][]span {
	spans := make(map[string][]span)
	file := ""
	scanner := bufio.NewScanner(bytes.NewReader(diff))
	scanner.Buffer(nil, 1<<30)
	inHunk := 0 // lines of the hunk still to come; they may look like headers
	for scanner.Scan() {
		line := scanner.Text()
		if inHunk > 0 && (strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-")) {
			inHunk--
			continue
		}
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			file = filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(unquote(name), "b/")))
			continue
		}
		if !strings.HasPrefix(line, "@@ ") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		_, removed := hunk(fields[1])
		first, added := hunk(fields[2])
		inHunk = removed + added
		if added > 0 {
			spans[file] = append(spans[file], span{first, first + added - 1})
		}
	}
	return spans
}

// hunk reads "-12,3" or "+7": the first line and the number of lines.
func hunk(s string) (first, count int) {
	start, n, ok := strings.Cut(s[1:], ",")
	first, _ = strconv.Atoi(start)
	count = 1
	if ok {
		count, _ = strconv.Atoi(n)
	}
	return first, count
}

// unquote undoes git's quoting of unusual file names.
func unquote(name string) string {
	name = strings.TrimSuffix(name, "\t")
	if strings.HasPrefix(name, `"`) {
		if s, err := strconv.Unquote(name); err == nil {
			return s
		}
	}
	return name
}

func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.quotepath=off"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(exit.Stderr)))
		}
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out, nil
}
