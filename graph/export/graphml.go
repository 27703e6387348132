package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/propertygraph"
)

// writeGraphML writes the graph of package propertygraph as GraphML: nodes and units with their ids, relationships as directed edges
// with their type under the key “relation”. Lists have | between their texts.
func writeGraphML(w io.Writer, s *graph.Snapshot) error {
	nodes, links := model(s)
	var nodeMaps, edgeMaps []map[string]any
	for _, n := range nodes {
		n.properties["kind"] = strings.ToLower(n.label)
		delete(n.properties, propertygraph.PropertyUID)
		delete(n.properties, propertygraph.PropertyOrg)
		nodeMaps = append(nodeMaps, n.properties)
	}
	for _, l := range links {
		if own, taken := l.properties["relation"]; taken { // an attribute
			l.properties["relation_"] = own
		}
		l.properties["relation"] = l.typ
		delete(l.properties, propertygraph.PropertyOrg)
		edgeMaps = append(edgeMaps, l.properties)
	}
	nodeKeys, edgeKeys := keysOf("n", nodeMaps), keysOf("e", edgeMaps)
	out := bufio.NewWriter(w)
	out.WriteString(xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns">` + "\n")
	for _, keys := range []struct {
		of   string
		keys []key
	}{{"node", nodeKeys}, {"edge", edgeKeys}} {
		for _, k := range keys.keys {
			fmt.Fprintf(out, "  <key id=%q for=%q attr.name=\"%s\" attr.type=%q/>\n", k.id, keys.of, escape(k.name), k.typ)
		}
	}
	fmt.Fprintf(out, "  <graph id=\"%s\" edgedefault=\"directed\">\n", escape(s.Org.Name))
	for i, n := range nodes {
		fmt.Fprintf(out, "    <node id=\"%s\">", escape(idOf(s, n.uid)))
		writeData(out, nodeKeys, nodeMaps[i])
		out.WriteString("</node>\n")
	}
	for i, l := range links {
		fmt.Fprintf(out, "    <edge id=\"e%d\" source=\"%s\" target=\"%s\">", i, escape(idOf(s, l.from)), escape(idOf(s, l.to)))
		writeData(out, edgeKeys, edgeMaps[i])
		out.WriteString("</edge>\n")
	}
	out.WriteString("  </graph>\n</graphml>\n")
	return out.Flush()
}

// key is a declared property: its type is the narrowest that all its values have.
type key struct{ id, name, typ string }

func keysOf(prefix string, all []map[string]any) []key {
	types := map[string]string{}
	for _, m := range all {
		for name, v := range m {
			switch typ, known := typeOf(v), types[name]; {
			case known == "" || known == typ:
				types[name] = typ
			case typ == "string" || typ == "boolean" || known == "string" || known == "boolean":
				types[name] = "string"
			default:
				types[name] = "double"
			}
		}
	}
	var keys []key
	for i, name := range slices.Sorted(maps.Keys(types)) {
		keys = append(keys, key{prefix + strconv.Itoa(i), name, types[name]})
	}
	return keys
}

func typeOf(v any) string {
	switch v.(type) {
	case int64:
		return "long"
	case float64:
		return "double"
	case bool:
		return "boolean"
	}
	return "string"
}

func writeData(out *bufio.Writer, keys []key, properties map[string]any) {
	for _, k := range keys {
		if v, ok := properties[k.name]; ok {
			fmt.Fprintf(out, `<data key="%s">%s</data>`, k.id, escape(valueText(v)))
		}
	}
}

// valueText writes a property as a text.
func valueText(v any) string {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, "|")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// escape makes a text fit for XML, between tags and in quotes.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
