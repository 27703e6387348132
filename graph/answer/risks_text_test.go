package answer_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
)

// However many nodes are full, the text names the fullest and counts the rest.
func TestManyFullNodes(t *testing.T) {
	const full = 200
	nodes := []*graph.NodeRecord{{ID: "shop", Kind: graph.Customer}}
	var links []*graph.LinkRecord
	for i := range full {
		id := fmt.Sprintf("t%03d", i)
		nodes = append(nodes, &graph.NodeRecord{ID: id, Kind: graph.Team, Capacity: graph.Given(100)})
		links = append(links, &graph.LinkRecord{Provider: id, Consumer: "shop", Service: id, Volume: graph.Given(float64(90 + i))})
	}
	source := graph.NewSource("links", nodes, links)
	source.Rank = 1
	src := &answer.Source{Snapshot: graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{source}})}
	var b bytes.Buffer
	if err := ask(t, src, "risks", "").WriteText(&b, 80); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	if !strings.Contains(text, "Measured, load of capacity: t199 289 %, t198 288 %") {
		t.Errorf("the fullest do not stand first:\n%s", &b)
	}
	if want := "t180 270 % and 180 more (--format json lists all)."; !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%s", want, &b)
	}
}
