package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"example.com/whoserves/graph"
)

// shapes tell the kinds apart.
var shapes = map[graph.Kind]string{graph.Team: "box", graph.Person: "ellipse", graph.Supplier: "house", graph.Resource: "cylinder",
	graph.Customer: "doubleoctagon", graph.Unit: "folder"}

// styles tell the criticalities apart: a dashed line is one that a consumer can do without.
var styles = map[graph.Criticality]string{graph.Critical: "bold", graph.Important: "solid", graph.Minor: "dashed"}

// writeDOT writes a drawing for Graphviz: units as clusters within one another, an edge for each link. It is the whole organisation,
// not one of the views that “draw” makes.
func writeDOT(w io.Writer, s *graph.Snapshot) error {
	d := &dotWriter{Writer: bufio.NewWriter(w), Snapshot: s, inside: make([][]int32, len(s.Nodes)+1)}
	for i, n := range s.Nodes {
		d.inside[n.Unit+1] = append(d.inside[n.Unit+1], int32(i))
	}
	fmt.Fprintf(d, "digraph %s {\n  rankdir=LR;\n", dotID(s.Org.Name))
	d.unit(-1, "  ")
	for _, l := range s.Links {
		fmt.Fprintf(d, "  %s -> %s [", dotID(s.Nodes[l.Provider].ID), dotID(s.Nodes[l.Consumer].ID))
		if l.Service != "" {
			fmt.Fprintf(d, "label=%s, ", dotLabel(l.Service))
		}
		if c := l.Values.Criticality; c != graph.NoCriticality {
			fmt.Fprintf(d, "class=%q, ", c)
		}
		fmt.Fprintf(d, "style=%s];\n", styles[l.Values.Criticality.OrDefault()])
	}
	d.WriteString("}\n")
	return d.Flush()
}

type dotWriter struct {
	*bufio.Writer
	*graph.Snapshot
	inside [][]int32 // of what belongs to each unit, one further on; at 0 what belongs to none
}

// unit writes what belongs to a unit; -1 stands for the organisation. A unit is a node as well where a link names it, or when
// nothing is in it.
func (d *dotWriter) unit(u int32, indent string) {
	for _, i := range d.inside[u+1] {
		n := &d.Nodes[i]
		box := n.Kind == graph.Unit && len(d.inside[i+1]) > 0
		if box {
			fmt.Fprintf(d, "%ssubgraph %s {\n%s  label=%s;\n", indent, dotID("cluster "+n.ID), indent, dotLabel(n.Name))
			d.unit(i, indent+"  ")
		}
		if !box || len(d.LinksFrom(i)) > 0 || len(d.LinksTo(i)) > 0 {
			inner := indent
			if box {
				inner += "  "
			}
			fmt.Fprintf(d, "%s%s [label=%s, class=%q, shape=%s];\n", inner, dotID(n.ID), dotLabel(n.Name), n.Kind, shapes[n.Kind])
		}
		if box {
			fmt.Fprintf(d, "%s}\n", indent)
		}
	}
}

// dotID quotes a text as an id of DOT. There only \" is read, so that a \ before it, or at the end, would swallow the quote: each \
// is written twice, and stays so.
func dotID(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\x00", "").Replace(strings.ToValidUTF8(s, "\uFFFD")) + `"`
}

// dotLabel quotes a text as a label, in which \ and & have a meaning.
func dotLabel(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\r", "", "\n", `\n`, "\x00", "").Replace(strings.ToValidUTF8(s, "\uFFFD")) + `"`
}
