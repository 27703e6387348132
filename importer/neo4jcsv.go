package importer

import (
	"cmp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// neo4jHeader is a header of neo4j-admin's import: personId:ID(Person), year:int, :LABEL.
type neo4jHeader struct {
	property, what, space string
	list, number          bool
}

// neo4jColumn reads a header; one without a colon is a text.
func neo4jColumn(header string) neo4jHeader {
	name, kind, ok := strings.Cut(header, ":")
	if !ok {
		return neo4jHeader{property: header}
	}
	kind, _, _ = strings.Cut(kind, "{")
	h := neo4jHeader{property: strings.TrimSpace(name)}
	if i := strings.IndexByte(kind, '('); i >= 0 {
		h.space, kind = strings.Trim(kind[i:], "()"), kind[:i]
	}
	kind, h.list = strings.CutSuffix(kind, "[]")
	switch h.what = strings.ToUpper(strings.TrimSpace(kind)); h.what {
	case "INT", "LONG", "FLOAT", "DOUBLE", "BYTE", "SHORT":
		h.number = !h.list
	}
	return h
}

// neo4j reads the CSV files of neo4j-admin's import, with their header row in the file: nodes (:ID, :LABEL, properties) and relationships (:START_ID,
// :END_ID, :TYPE). An id in an id space is SPACE:id. A label that is one of our kinds is the kind, all are kept as labels. A type such as SERVES or
// DEPENDS_ON says who serves; another is kept as the relation. A column :IGNORE is left out, as Neo4j does; ; separates what is in an array.
func (l *listSheet) neo4j() {
	var id, from, to, labels, kind string
	var values []property
	for i, header := range l.headers {
		if i >= len(l.row.cells) {
			break
		}
		h, text := neo4jColumn(header), string(trim(l.row.cells[i]))
		whole := text
		if h.space != "" {
			whole = h.space + ":" + text
		}
		switch {
		case text == "" || h.what == "IGNORE":
		case h.what == "ID":
			id = whole
		case h.what == "START_ID":
			from = whole
		case h.what == "END_ID":
			to = whole
		case h.what == "LABEL":
			labels = text
		case h.what == "TYPE":
			kind = text
		default:
			if h.list {
				text = strings.ReplaceAll(text, ";", "|")
			}
			values = append(values, property{cmp.Or(h.property, "column "+letters(i)), text, h.number})
		}
	}
	values = append(values, l.beyond()...)
	if slices.ContainsFunc(l.headers, func(h string) bool { return neo4jColumn(h).what == "START_ID" }) {
		if from == "" || to == "" {
			l.tell(l.row.number, graph.Error, "the relationship lacks :START_ID or :END_ID and was left out: write both")
			return
		}
		e := edge{line: l.row.number, from: from, to: to}
		e.means, e.relation = relationWords[foldHeader(kind)], kind
		e.describe(values)
		l.edges = append(l.edges, e)
		return
	}
	n := &entity{line: l.row.number, id: id}
	for label := range strings.SplitSeq(labels, ";") {
		if k := kindOf(label); k != graph.NoKind && n.kind == graph.NoKind {
			n.kind = k
		}
	}
	n.keep("labels", strings.ReplaceAll(labels, ";", "|"))
	n.describe(values)
	if n.id == "" && n.name == "" {
		l.tell(l.row.number, graph.Error, "the node has neither an :ID nor a name and was left out")
		return
	}
	l.nodes = append(l.nodes, n)
}

// beyond gives the cells to the right of the last header.
func (l *listSheet) beyond() []property {
	var all []property
	for i := len(l.headers); i < len(l.row.cells); i++ {
		if text := string(trim(l.row.cells[i])); text != "" {
			all = append(all, property{name: "column " + letters(i), text: text})
		}
	}
	return all
}
