package export

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/propertygraph"
)

// writeCypher writes a script for cypher-shell or Neo4j Browser: the graph of package propertygraph, a statement for each node and
// relationship. Run twice it makes nothing twice; it takes nothing away that is there.
func writeCypher(w io.Writer, s *graph.Snapshot) error {
	nodes, links := model(s)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "// %d nodes and %d relationships. Run it with: cypher-shell -f FILE\n", len(nodes), len(links))
	out.WriteString(propertygraph.Rule{Label: propertygraph.LabelEntity, Property: propertygraph.PropertyUID, Unique: true}.Cypher() + ";\n")
	for _, n := range nodes {
		fmt.Fprintf(out, "MERGE (n:%s {%s: %s}) SET n:%s SET n += %s;\n", propertygraph.LabelEntity, propertygraph.PropertyUID,
			literal(n.uid), n.label, literal(n.properties))
	}
	for _, l := range links {
		fmt.Fprintf(out, "MATCH (a:%s {%s: %s}), (b:%s {%s: %s}) ", propertygraph.LabelEntity, propertygraph.PropertyUID, literal(l.from),
			propertygraph.LabelEntity, propertygraph.PropertyUID, literal(l.to))
		service, named := l.properties[propertygraph.PropertyService]
		switch {
		case named:
			fmt.Fprintf(out, "MERGE (a)-[r:%s {%s: %s}]->(b)", l.typ, propertygraph.PropertyService, literal(service))
		case l.typ == propertygraph.Serves: // MERGE cannot look for a property that is not there
			fmt.Fprintf(out, "OPTIONAL MATCH (a)-[old:%s]->(b) WHERE old.%s IS NULL DELETE old WITH DISTINCT a, b CREATE (a)-[r:%s]->(b)",
				l.typ, propertygraph.PropertyService, l.typ)
		default:
			fmt.Fprintf(out, "MERGE (a)-[r:%s]->(b)", l.typ)
		}
		fmt.Fprintf(out, " SET r += %s;\n", literal(l.properties))
	}
	return out.Flush()
}

// literal writes a value of Cypher.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return literalText(v)
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if v == math.Trunc(v) {
			s += ".0"
		}
		return s
	case []string:
		texts := make([]string, len(v))
		for i, s := range v {
			texts[i] = literalText(s)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case map[string]any:
		var b strings.Builder
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(propertyName(name) + ": " + literal(v[name]))
		}
		return "{" + b.String() + "}"
	}
	return fmt.Sprint(v) // int64, bool
}

var escapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// literalText writes a text in quotes. Older servers turn \u0027 into a quote before they look at anything else, so a \ before a u
// never stands so in the script: the text is put together of two.
func literalText(s string) string {
	pieces := strings.Split(s, `\u`)
	for i := range pieces {
		if i > 0 {
			pieces[i] = "u" + pieces[i]
		}
		if i < len(pieces)-1 {
			pieces[i] += `\`
		}
		pieces[i] = "'" + escapes.Replace(pieces[i]) + "'"
	}
	return strings.Join(pieces, " + ")
}

// propertyName writes the name of a property: as it is where it can stand so, else in backticks, within which a \u would have a
// meaning.
func propertyName(name string) string {
	plain := func(i int, r rune) bool {
		return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || i > 0 && '0' <= r && r <= '9'
	}
	for i, r := range name {
		if !plain(i, r) {
			return "`" + strings.ReplaceAll(strings.ReplaceAll(name, `\`, "/"), "`", "``") + "`"
		}
	}
	return name
}
