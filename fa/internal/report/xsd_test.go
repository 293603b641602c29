package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// xsd validates documents against the part of XML Schema that the schemas in
// testdata use: global elements with sequences of references and attributes.
// It refuses schemas that use more.
type xsd struct {
	elements map[string]*node
}

// node is an element of any XML document.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []*node    `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n *node) child(name string) *node {
	for _, c := range n.Nodes {
		if c.XMLName.Local == name {
			return c
		}
	}
	return nil
}

func readXSD(t *testing.T, path string) *xsd {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var schema node
	if err := xml.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	x := &xsd{make(map[string]*node)}
	for _, e := range schema.Nodes {
		if e.XMLName.Local != "element" {
			t.Fatalf("%s: <%s> is more than this validator knows", path, e.XMLName.Local)
		}
		x.elements[e.attr("name")] = e
	}
	return x
}

// validate returns the first thing that is wrong with a document.
func (x *xsd) validate(doc []byte) error {
	var root node
	d := xml.NewDecoder(bytes.NewReader(doc))
	if err := d.Decode(&root); err != nil {
		return err
	}
	return x.element(&root)
}

func (x *xsd) element(n *node) error {
	name := n.XMLName.Local
	decl, ok := x.elements[name]
	if !ok {
		return fmt.Errorf("<%s> is not declared", name)
	}
	if decl.attr("type") == "xs:string" {
		if len(n.Nodes)+len(n.Attrs) > 0 {
			return fmt.Errorf("<%s> holds more than text", name)
		}
		return nil
	}
	ct := decl.child("complexType")
	if ct == nil {
		return fmt.Errorf("schema: <%s> has no complex type", name)
	}
	if ct.attr("mixed") != "true" && strings.TrimSpace(n.Text) != "" {
		return fmt.Errorf("<%s> must not hold text: %q", name, n.Text)
	}
	var attrs []*node
	var sequence []*node
	for _, part := range ct.Nodes {
		switch part.XMLName.Local {
		case "attribute":
			attrs = append(attrs, part)
		case "sequence":
			sequence = part.Nodes
		default:
			return fmt.Errorf("schema: <%s> is more than this validator knows", part.XMLName.Local)
		}
	}
	if err := attributes(n, attrs); err != nil {
		return err
	}
	return x.sequence(n, sequence)
}

func attributes(n *node, decls []*node) error {
	for _, d := range decls {
		if d.attr("use") == "required" && !slices.ContainsFunc(n.Attrs, func(a xml.Attr) bool { return a.Name.Local == d.attr("name") }) {
			return fmt.Errorf("<%s> lacks %s", n.XMLName.Local, d.attr("name"))
		}
	}
	for _, a := range n.Attrs {
		i := slices.IndexFunc(decls, func(d *node) bool { return d.attr("name") == a.Name.Local })
		if i < 0 {
			return fmt.Errorf("<%s> must not have %s", n.XMLName.Local, a.Name.Local)
		}
		if err := value(decls[i], a.Value); err != nil {
			return fmt.Errorf("<%s %s>: %w", n.XMLName.Local, a.Name.Local, err)
		}
	}
	return nil
}

// value checks an attribute's value against its type.
func value(decl *node, v string) error {
	switch decl.attr("type") {
	case "xs:string":
		return nil
	case "xs:positiveInteger":
		if n, err := strconv.Atoi(v); err != nil || n < 1 {
			return fmt.Errorf("%q is no positive integer", v)
		}
		return nil
	case "":
		var values []string
		for _, e := range decl.child("simpleType").child("restriction").Nodes {
			values = append(values, e.attr("value"))
		}
		if !slices.Contains(values, v) {
			return fmt.Errorf("%q is none of %v", v, values)
		}
		return nil
	}
	return fmt.Errorf("schema: type %s is more than this validator knows", decl.attr("type"))
}

// sequence checks the order and the number of an element's children.
func (x *xsd) sequence(n *node, decls []*node) error {
	rest := n.Nodes
	for _, d := range decls {
		low, high := 1, 1
		if s := d.attr("minOccurs"); s != "" {
			low, _ = strconv.Atoi(s)
		}
		switch s := d.attr("maxOccurs"); s {
		case "":
		case "unbounded":
			high = len(rest)
		default:
			high, _ = strconv.Atoi(s)
		}
		count := 0
		for len(rest) > 0 && count < high && rest[0].XMLName.Local == d.attr("ref") {
			if err := x.element(rest[0]); err != nil {
				return err
			}
			rest = rest[1:]
			count++
		}
		if count < low {
			return fmt.Errorf("<%s> lacks <%s>", n.XMLName.Local, d.attr("ref"))
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("<%s> must not be here in <%s>", rest[0].XMLName.Local, n.XMLName.Local)
	}
	return nil
}

// The validator finds mistakes: otherwise what it accepts means nothing.
func TestXSDRejects(t *testing.T) {
	for file, docs := range map[string][]string{
		"testdata/jenkins-junit.xsd": {
			`<testsuites><testsuite tests="1"></testsuite></testsuites>`,
			`<testsuites><testsuite name="a" tests="1"><properties></properties></testsuite></testsuites>`,
			`<testsuites><testcase name="a"></testcase></testsuites>`,
			`<testsuites color="red"></testsuites>`,
			`<testsuites>text</testsuites>`,
			`<testsuites><testsuite name="a" tests="1"><testcase name="b"><failure/><error/></testcase></testsuite></testsuites>`,
		},
		"testdata/checkstyle.xsd": {
			`<checkstyle></checkstyle>`,
			`<checkstyle version="1"><error/></checkstyle>`,
			`<checkstyle version="1"><file name="a"><error line="0" severity="error" message="m" source="s"/></file></checkstyle>`,
			`<checkstyle version="1"><file name="a"><error severity="hint" message="m" source="s"/></file></checkstyle>`,
		},
	} {
		x := readXSD(t, file)
		for _, doc := range docs {
			if x.validate([]byte(doc)) == nil {
				t.Errorf("%s accepts %s", file, doc)
			}
		}
	}
}
