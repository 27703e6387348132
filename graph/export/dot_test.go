//go:build realdata

package export_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
)

// TestDOTDrawn lets Graphviz count what it reads.
func TestDOTDrawn(t *testing.T) {
	for _, c := range []struct {
		s            *graph.Snapshot
		nodes, edges int
	}{{small(), 6, 2}, {hardSnapshot(), len(hard), len(hard)}} {
		dot := exec.Command("dot", "-Tplain")
		dot.Stdin = strings.NewReader(graphText(t, export.DOT, c.s))
		var stderr bytes.Buffer
		dot.Stderr = &stderr
		plain, err := dot.Output()
		if err != nil || strings.Contains(stderr.String(), "rror") {
			t.Fatalf("dot: %v %s", err, &stderr)
		}
		nodes, edges := 0, 0
		for line := range strings.Lines(string(plain)) {
			switch word, _, _ := strings.Cut(line, " "); word {
			case "node":
				nodes++
			case "edge":
				edges++
			}
		}
		if nodes != c.nodes || edges != c.edges {
			t.Errorf("Graphviz finds %d nodes and %d edges, want %d and %d", nodes, edges, c.nodes, c.edges)
		}
	}
}
