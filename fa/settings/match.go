package settings

import (
	"path"
	"slices"
	"strings"
)

// MatchPackage reports whether a pattern stands for a package. A pattern is an
// import path, or the last elements of one ("physics", "game/physics"); each
// element may hold the wildcards of [path.Match], and "/..." at the end stands
// for everything below.
func MatchPackage(pattern, pkg string) bool {
	below := strings.HasSuffix(pattern, "/...")
	want := strings.Split(strings.TrimSuffix(pattern, "/..."), "/")
	have := strings.Split(pkg, "/")
	if pattern == "..." {
		return true
	}
	for start := 0; start+len(want) <= len(have); start++ {
		if !below && start+len(want) != len(have) {
			continue
		}
		if matchAll(want, have[start:start+len(want)]) {
			return true
		}
	}
	return false
}

func matchAll(want, have []string) bool {
	for i, w := range want {
		if ok, err := path.Match(w, have[i]); err != nil || !ok {
			return false
		}
	}
	return true
}

// CoversTag reports whether a rule or budget for the tag outer holds for tag:
// it is the same, or lies below it.
func CoversTag(outer, tag string) bool {
	return tag == outer || strings.HasPrefix(tag, outer+"/")
}

// KnownTag reports whether a list of tags knows a tag: it is listed, or lies
// below one that is listed without any of the tags below it. So "ai" alone
// knows "ai/path", and "ai" together with "ai/path" does not know "ai/pth".
func KnownTag(list []string, tag string) bool {
	if slices.Contains(list, tag) {
		return true
	}
	for _, outer := range list {
		if !CoversTag(outer, tag) {
			continue
		}
		detailed := slices.ContainsFunc(list, func(t string) bool { return t != outer && CoversTag(outer, t) })
		if !detailed {
			return true
		}
	}
	return false
}
