package export_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
)

// FuzzText puts any text into an attribute, a contact and a service, and expects it back from every format. What the importer takes off
// every cell (white space around it, NUL) and what stands for the cell above is not asked for, nor what XML lacks.
func FuzzText(f *testing.F) {
	for _, s := range hard {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.TrimFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || r <= ' ' || r == '\uFEFF' || r == '\u200B' || r == '\u2060'
		})
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0xFFFE && r <= 0xFFFF }) ||
			len(s) > 900 || len([]rune(s)) < 3 || strings.Contains(s, "_x") {
			return
		}
		switch strings.ToLower(s) {
		case "ditto", "dito", "idem", "as above", "same as above", "see above", "wie oben", "siehe oben", "members":
			return
		}
		if strings.HasPrefix(graph.Fold(s), "site ") || graph.Fold(s) == "members" || graph.Fold(s) == "" {
			return
		}
		source := graph.NewSource("client", []*graph.NodeRecord{{ID: "a", Name: "A", Contact: s, Attrs: []graph.Attr{{Name: "note", Value: s}}}},
			[]*graph.LinkRecord{{Provider: "a", Consumer: "b", Service: s, Agreement: s}})
		for _, format := range tableFormats {
			got := read(t, write(t, export.Stated(source), format)...)
			n, l := got.Sources[0].Nodes[0], got.Sources[0].Links[0]
			if n.Contact != s || len(n.Attrs) != 1 || n.Attrs[0].Value != s || l.Service != s || l.Agreement != s {
				t.Errorf("%s: %q comes back as %q, %q, %q, %q", format, s, n.Contact, n.Attrs, l.Service, l.Agreement)
			}
		}
	})
}
