package main

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"github.com/framealloc/framealloc/diag"
)

// titles are the categories' headings.
var titles = map[diag.Category]string{
	diag.CategoryFrame:        "FA0xx: frames",
	diag.CategoryEngine:       "FA1xx: engine integration",
	diag.CategoryThreading:    "FA2xx: goroutines",
	diag.CategoryBudget:       "FA3xx: budgets",
	diag.CategoryHandle:       "FA4xx: handles and streams",
	diag.CategoryBehavior:     "FA5xx: behavior",
	diag.CategoryLifetime:     "FA6xx: lifetime",
	diag.CategoryAsync:        "FA7xx: waiting and callbacks",
	diag.CategoryArchitecture: "FA8xx: architecture",
	diag.CategoryInternal:     "FA9xx: internal",
}

const head = `<!-- Written by go generate ./diag from the catalogue there. Do not edit. -->

# The codes

Every mistake that the library finds while a program runs, and that the analyzer
fa finds before, has a code. A code means the same in both. In a terminal,
"fa explain FA601" shows the same text; in a program, diag.Lookup does.

* An **error** is a certain mistake: the program's result depends on it.
* A **warning** is a likely mistake, or one that costs memory or time.
* A **hint** is advice: the program is right, and could be better.

`

// render writes the page: a table of all codes, then each one explained.
func render(w *bytes.Buffer, entries iter.Seq[diag.Entry]) {
	w.WriteString(head)
	w.WriteString("| code | meaning | severity | found at |\n|---|---|---|---|\n")
	for e := range entries {
		fmt.Fprintf(w, "| [%s](#%s) | %s | %s | %s |\n",
			e.Code, strings.ToLower(string(e.Code)), markdown(e.Name), e.Severity, e.Found)
	}
	var category diag.Category
	for e := range entries {
		if e.Category != category {
			category = e.Category
			fmt.Fprintf(w, "\n## %s\n", titles[category])
		}
		section(w, e)
	}
}

// section writes one entry. Its heading is the code alone, so that links to it
// stay when its name improves.
func section(w *bytes.Buffer, e diag.Entry) {
	fmt.Fprintf(w, "\n### %s\n\n", e.Code)
	fmt.Fprintf(w, "**%s** (%s; found at %s)\n\n", markdown(capital(e.Name)), e.Severity, e.Found)
	fmt.Fprintf(w, "%s\n\n%s\n\n", markdown(e.Summary), markdown(e.Explanation))
	fmt.Fprintf(w, "*How it is found.* %s\n\n", markdown(e.Detection))
	fmt.Fprintf(w, "*What to do.* %s.\n\n", markdown(capital(e.Help)))
	fmt.Fprintf(w, "Wrong:\n\n```go\n%s```\n\nRight:\n\n```go\n%s```\n", e.Bad, e.Good)
}

// capital makes a sentence's first letter large, unless the sentence begins
// with a name of Go.
func capital(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if strings.ContainsAny(word, ".(") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// markdown keeps plain text from being read as markup.
var markdown = strings.NewReplacer(
	`\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`", `<`, `&lt;`, `>`, `&gt;`, `[`, `\[`, `]`, `\]`, `|`, `\|`, `#`, `\#`,
).Replace
