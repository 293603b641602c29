package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// The parts of SARIF 2.1.0 that fa writes. Optional parts are pointers or
// omitted when empty; results is present even if there are none, for without
// it a viewer takes the run for one that failed.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool                `json:"tool"`
		Invocations []sarifInvocation        `json:"invocations"`
		Bases       map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind  string                   `json:"columnKind"`
		Results     []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"` // begins with a digit
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string          `json:"id"`
		Name          string          `json:"name"`
		Short         sarifText       `json:"shortDescription"`
		Full          sarifText       `json:"fullDescription"`
		HelpURI       string          `json:"helpUri"`
		Help          sarifText       `json:"help"`
		Configuration sarifLevel      `json:"defaultConfiguration"`
		Properties    sarifProperties `json:"properties"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifProperties struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifArtifact struct {
		URI    string `json:"uri"`
		BaseID string `json:"uriBaseId,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		CodeFlows    []sarifCodeFlow   `json:"codeFlows,omitempty"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
	}
	sarifLocation struct {
		ID       *int          `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	sarifRoot   = "%SRCROOT%"
	homepage    = "https://github.com/framealloc/framealloc"
)

// CodePage returns the address of the page about a code.
func CodePage(c diag.Code) string {
	if c == codes.Directives {
		return homepage + "/blob/main/docs/fa.md#directives"
	}
	return homepage + "/blob/main/docs/codes.md#" + strings.ToLower(string(c))
}

func writeSARIF(w io.Writer, r *Report, _ Style) error {
	rules, index := sarifRules(r.Findings)
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "fa", Version: strings.TrimPrefix(r.Version, "v"), InformationURI: homepage, Rules: rules}},
		Invocations: []sarifInvocation{{Successful: len(r.Errors) == 0}},
		Bases:       map[string]sarifArtifact{sarifRoot: {URI: fileURI(r.Root) + "/"}},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
	}
	for _, f := range r.Findings {
		run.Results = append(run.Results, r.sarifResult(f, index[f.Code]))
	}
	for _, e := range r.Errors {
		n := sarifNotification{Level: "error", Message: sarifText{Text: e.Error()}}
		if file, line, _ := splitPos(e.Pos); file != "" {
			abs := file
			if !filepath.IsAbs(abs) {
				abs = filepath.Join(r.Dir, file)
			}
			place := sarifLocation{Physical: sarifPhysical{Artifact: r.artifact(abs)}}
			if line > 0 {
				place.Physical.Region = &sarifRegion{StartLine: line}
			}
			n.Locations = []sarifLocation{place}
		}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, n)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// sarifRules describes all codes of the catalogue that fa can report, and
// those that were reported without being in it.
func sarifRules(fs []finding.Finding) ([]sarifRule, map[diag.Code]int) {
	rules, index := []sarifRule{}, make(map[diag.Code]int)
	add := func(e diag.Entry) {
		if _, ok := index[e.Code]; ok {
			return
		}
		index[e.Code] = len(rules)
		rules = append(rules, sarifRule{
			ID:            string(e.Code),
			Name:          pascal(e.Name),
			Short:         sarifText{Text: e.Name},
			Full:          sarifText{Text: e.Summary},
			HelpURI:       CodePage(e.Code),
			Help:          sarifText{Text: e.Explanation + "\n\n" + e.Help, Markdown: entryMarkdown(e)},
			Configuration: sarifLevel{sarifSeverity(e.Severity)},
			Properties:    sarifProperties{[]string{"framealloc", string(e.Category)}},
		})
	}
	for _, e := range codes.All() {
		add(e)
	}
	for _, f := range fs {
		e, ok := codes.Lookup(f.Code)
		if !ok {
			name := "fa " + string(f.Code)
			e = diag.Entry{Code: f.Code, Name: name, Summary: name, Explanation: name, Severity: f.Severity}
		}
		add(e)
	}
	return rules, index
}

// entryMarkdown is the page that a code-scanning server shows about a rule.
func entryMarkdown(e diag.Entry) string {
	var b strings.Builder
	b.WriteString(e.Explanation)
	if e.Help != "" {
		b.WriteString("\n\n**Instead:** " + e.Help)
	}
	if e.Bad != "" {
		b.WriteString("\n\n## The mistake\n\n```go\n" + strings.TrimSpace(e.Bad) + "\n```")
	}
	if e.Good != "" {
		b.WriteString("\n\n## Put right\n\n```go\n" + strings.TrimSpace(e.Good) + "\n```")
	}
	return b.String()
}

// pascal makes a rule's name of a few words: "FrameMemoryEscapes".
func pascal(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = true
		case up:
			b.WriteRune(unicode.ToUpper(r))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func sarifSeverity(s diag.Severity) string {
	switch s {
	case diag.SeverityError:
		return "error"
	case diag.SeverityWarning:
		return "warning"
	}
	return "note"
}

func (r *Report) sarifResult(f finding.Finding, rule int) sarifResult {
	res := sarifResult{
		RuleID:    string(f.Code),
		RuleIndex: rule,
		Level:     sarifSeverity(f.Severity),
		Message:   sarifText{Text: f.Message},
		Locations: []sarifLocation{r.location(f.Range, "", nil)},
	}
	if f.Fingerprint != "" {
		res.Fingerprints = map[string]string{"faFingerprint/v1": f.Fingerprint}
	}
	if len(f.Flow) > 0 {
		var thread sarifThreadFlow
		for i, s := range f.Flow {
			thread.Locations = append(thread.Locations, sarifFlowLocation{r.location(s.Range, stepMessage(s), nil)})
			res.Related = append(res.Related, r.location(s.Range, stepMessage(s), &i))
		}
		if f.Flow[len(f.Flow)-1].Range != f.Range {
			thread.Locations = append(thread.Locations, sarifFlowLocation{r.location(f.Range, f.Message, nil)})
		}
		res.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{thread}}}
	}
	for _, x := range f.Fixes {
		res.Fixes = append(res.Fixes, r.sarifFix(x))
	}
	return res
}

func (r *Report) sarifFix(x finding.Fix) sarifFix {
	out := sarifFix{Description: sarifText{Text: x.Message}}
	at := make(map[string]int)
	for _, e := range x.Edits {
		i, ok := at[e.File]
		if !ok {
			i = len(out.Changes)
			at[e.File] = i
			out.Changes = append(out.Changes, sarifChange{Artifact: r.artifact(e.File)})
		}
		out.Changes[i].Replacements = append(out.Changes[i].Replacements, sarifReplacement{
			Deleted:  r.region(finding.Range{File: e.File, Start: r.point(e.File, e.Start), End: r.point(e.File, e.End)}),
			Inserted: sarifText{Text: e.New},
		})
	}
	return out
}

// point finds the line and column of an offset.
func (r *Report) point(file string, offset int) finding.Point {
	text := r.Files.Text(file)
	offset = min(offset, len(text))
	before := text[:offset]
	return finding.Point{
		Offset: offset,
		Line:   1 + strings.Count(before, "\n"),
		Column: offset - strings.LastIndexByte(before, '\n'),
	}
}

func (r *Report) location(g finding.Range, message string, id *int) sarifLocation {
	region := r.region(g)
	l := sarifLocation{ID: id, Physical: sarifPhysical{r.artifact(g.File), &region}}
	if message != "" {
		l.Message = &sarifText{Text: message}
	}
	return l
}

func (r *Report) region(g finding.Range) sarifRegion {
	return sarifRegion{
		StartLine:   g.Start.Line,
		StartColumn: r.Files.UTF16Column(g.File, g.Start.Line, g.Start.Column),
		EndLine:     g.End.Line,
		EndColumn:   r.Files.UTF16Column(g.File, g.End.Line, g.End.Column),
	}
}

// artifact names a file relative to the repository, or absolutely if it lies
// elsewhere, as a module in the module cache does.
func (r *Report) artifact(file string) sarifArtifact {
	rel := source.Rel(r.Root, file)
	if filepath.IsAbs(filepath.FromSlash(rel)) {
		return sarifArtifact{URI: fileURI(file)}
	}
	return sarifArtifact{URI: (&url.URL{Path: rel}).String(), BaseID: sarifRoot}
}

func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: strings.TrimSuffix(path, "/")}).String()
}
