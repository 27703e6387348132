package importer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The bounds of XML that is no workbook: all of it is held in memory, at several times its size.
const (
	maxXML         = 128 << 20
	maxXMLElements = 1_500_000
)

// element is an element of XML with all that is in it.
type element struct {
	name     string
	line     int
	attrs    []xml.Attr
	text     string // all pieces of text that lie directly in it, trimmed
	children []*element
}

// attr gives an attribute, whatever its name space; "" when there is none.
func (e *element) attr(name string) string {
	for i := range e.attrs {
		if e.attrs[i].Name.Local == name {
			return strings.TrimSpace(e.attrs[i].Value)
		}
	}
	return ""
}

// child gives the first element of a name in e; nil when there is none.
func (e *element) child(name string) *element {
	if e != nil {
		for _, c := range e.children {
			if c.name == name {
				return c
			}
		}
	}
	return nil
}

// all gives the elements of a name in e, one level down.
func (e *element) all(name string) []*element {
	var found []*element
	if e != nil {
		for _, c := range e.children {
			if c.name == name {
				found = append(found, c)
			}
		}
	}
	return found
}

// find gives the elements of a name in e, at any depth, in the order of the file. O(elements).
func (e *element) find(name string) []*element {
	var found []*element
	for _, c := range e.children {
		if c.name == name {
			found = append(found, c)
		}
		found = append(found, c.find(name)...)
	}
	return found
}

// words gives the text of a child; "" when there is none.
func (e *element) words(child string) string {
	if c := e.child(child); c != nil {
		return c.text
	}
	return ""
}

// readXML reads a document into memory, without the elements named in skip. Entities are those of XML alone, a document type is
// refused, and depth, size and number of elements have bounds.
func readXML(ctx context.Context, text []byte, skip map[string]bool) (*element, error) {
	if len(text) > maxXML {
		return nil, errors.New("the file is larger than 128 MB: export its nodes and edges as CSV")
	}
	left := int64(len(text) + 1)
	m := &markup{ctx: ctx, meter: &meter{Reader: bufio.NewReader(bytes.NewReader(text)), left: &left}}
	m.decoder = xml.NewDecoder(m.meter)
	m.decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it was decoded before
	var root *element
	var open []*element
	var texts [][]byte // of those that are open
	names, skipped, count := map[string]string{}, 0, 0
	for {
		line, _ := m.decoder.InputPos()
		token, err := m.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if skipped > 0 || skip[t.Name.Local] {
				skipped++
				continue
			}
			if count++; count > maxXMLElements {
				return nil, fmt.Errorf("the file holds more than %d elements: export its nodes and edges as CSV", maxXMLElements)
			}
			name, known := names[t.Name.Local]
			if !known {
				name = t.Name.Local
				names[name] = name
			}
			e := &element{name: name, line: line, attrs: t.Attr}
			switch {
			case len(open) > 0:
				open[len(open)-1].children = append(open[len(open)-1].children, e)
			case root != nil:
				return nil, m.damaged(errors.New("there is a second document behind the first"))
			default:
				root = e
			}
			open, texts = append(open, e), append(texts, nil)
		case xml.EndElement:
			if skipped > 0 {
				skipped--
				continue
			}
			if len(open) == 0 || open[len(open)-1].name != t.Name.Local {
				return nil, m.damaged(fmt.Errorf("<%s> ends where another element is open", shorten(t.Name.Local, 40)))
			}
			open[len(open)-1].text = string(bytes.TrimSpace(texts[len(open)-1]))
			open, texts = open[:len(open)-1], texts[:len(open)-1]
		case xml.CharData:
			if n := len(open) - 1; skipped == 0 && n >= 0 && (len(texts[n]) > 0 || len(bytes.TrimSpace(t)) > 0) {
				texts[n] = append(texts[n], t...)
			}
		}
	}
	if root == nil {
		return nil, errors.New("the XML holds no element")
	}
	return root, nil
}

var (
	xmlRoot     = regexp.MustCompile(`^\s*(?:<\?[^>]*\?>\s*|<!--(?s:.*?)-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)*<(?:[\w.-]+:)?([\w.-]+)`)
	xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']`)
)

// rootOf gives the name of the first element of a text; "" when it is no XML.
func rootOf(start []byte) string {
	if m := xmlRoot.FindSubmatch(start); m != nil {
		return string(m[1])
	}
	return ""
}

// encodingOfXML gives the encoding that XML says it has, where it is needed: "" for what is valid UTF-8 all the same.
func encodingOfXML(raw []byte) string {
	m := xmlEncoding.FindSubmatch(raw[:min(len(raw), 200)])
	if m == nil || utf8.Valid(raw) || strings.HasPrefix(strings.ToLower(string(m[1])), "utf") {
		return ""
	}
	if _, err := findEncoding(string(m[1])); err != nil {
		return ""
	}
	return string(m[1])
}
