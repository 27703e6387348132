package importer

import (
	"fmt"
	"strings"
	"testing"
)

// TestDOTDefaultsAreBounded holds that defaults, which stand once and count for every node and edge, cannot fill the memory.
func TestDOTDefaultsAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 150 {
		fmt.Fprintf(&many, "a%d=%d ", i, i)
	}
	var nodes strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&nodes, "n%d\n", i)
	}
	for name, c := range map[string]struct{ text, refused string }{
		"defaults for many nodes":  {"digraph {\nnode [" + many.String() + "]\n" + nodes.String() + "n1 -> n2}", "more than 4000000 attributes together"},
		"defaults for many edges":  {"digraph {\nedge [" + many.String() + "]\n{" + nodes.String()[:2000] + "} -> {" + nodes.String()[:2000] + "}}", "more than 4000000 attributes together"},
		"default over default":     {"digraph {\n" + strings.Repeat("node [a=1]\n", 100_000) + "n1 -> n2 [label=serves]}", ""},
		"too many names":           {"digraph {\nnode [" + strings.ReplaceAll(many.String(), "=", "x=") + many.String() + "]\nn1 -> n2}", "more than 200 attributes"},
		"too many names of a node": {"digraph {\nn1 [" + strings.ReplaceAll(many.String(), "=", "x=") + "]\nn1 [" + many.String() + "]\nn1 -> n2}", "more than 200 attributes"},
	} {
		said := problems(read(t, "links.dot", c.text))
		if c.refused == "" && strings.Contains(said, "error") || !strings.Contains(said, c.refused) {
			t.Errorf("%s: %.300s", name, said)
		}
	}
}
