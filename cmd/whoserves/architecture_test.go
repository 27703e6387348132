package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestArchitecture holds the arrows between the packages: one way data flows, and no package knows more than it needs.
func TestArchitecture(t *testing.T) {
	const module = "example.com/whoserves/"
	may := map[string][]string{
		"graph":                      {},
		"graph/phrase":               {},
		"graph/names":                {"graph"},
		"graph/formula":              {},
		"graph/export":               {"graph", "graph/formula", "graph/propertygraph"},
		"graph/template":             {"graph", "graph/export", "graph/formula"},
		"graph/graphtest":            {"graph"},
		"graph/analysis":             {"graph"},
		"graph/answer":               {"graph", "graph/analysis", "graph/formula", "graph/names", "graph/phrase"},
		"graph/sqlitestore":          {"graph"},
		"graph/storetest":            {"graph", "graph/graphtest"},
		"graph/propertygraph":        {"graph"},
		"graph/neo4jstore":           {"graph", "graph/propertygraph"},
		"graph/neo4jstore/neo4jtest": {},
		"importer":                   {"graph", "graph/formula", "graph/names"},
		"importer/kept":              {"graph", "importer"},
		"viewer/render/privatetmp":   {},
		"viewer/drawing":             {},
		"viewer/render":              {"viewer/drawing", "viewer/render/privatetmp"},
		"viewer/diagram":             {"graph", "graph/analysis", "graph/phrase"},
		"viewer":                     {"graph", "graph/analysis", "graph/answer", "graph/export", "graph/formula", "graph/names", "graph/phrase", "graph/template", "importer", "importer/kept", "viewer/diagram", "viewer/draft", "viewer/drawing", "viewer/render", "viewer/sheet"},
		"viewer/draft":               {"graph", "graph/names", "importer"},
		"viewer/sheet":               {"graph", "graph/phrase", "viewer/diagram", "viewer/drawing", "viewer/render"},
		"examples":                   {},
	}
	// Only these packages know these libraries.
	only := map[string][]string{
		"github.com/goccy/go-graphviz":     {"viewer/render"},
		"github.com/gofiber/fiber/v2":      {"viewer"},
		"modernc.org/sqlite":               {"graph/sqlitestore"},
		"github.com/go-text/typesetting":   {"viewer/drawing"},
		"codeberg.org/go-pdf/fpdf":         {"viewer/drawing"},
		"github.com/neo4j/neo4j-go-driver": {"graph/neo4jstore", "graph/neo4jstore/neo4jtest"},
		"github.com/spf13/cobra":           {"cmd/whoserves"},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		name := strings.TrimPrefix(words[0], module)
		allowed, known := may[name]
		if !known && name != "cmd/whoserves" {
			t.Errorf("package %s has no place in the architecture: give it one here", name)
		}
		for _, imported := range words[1:] {
			if ours, ok := strings.CutPrefix(imported, module); ok && name != "cmd/whoserves" && !slices.Contains(allowed, ours) {
				t.Errorf("%s must not import %s", name, ours)
			}
			for library, owners := range only {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && !slices.Contains(owners, name) {
					t.Errorf("%s must not import %s: only %s does", name, imported, strings.Join(owners, " and "))
				}
			}
		}
	}
}
