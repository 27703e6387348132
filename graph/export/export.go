// Package export writes an organisation in other formats: the native tables (CSV, XLSX, JSON, YAML), which the importer reads back,
// and GraphML, DOT and Cypher for other programs.
//
// # What the tables say
//
// [Stated] gives what one source states, row by row in the order of its own rows, references as they were written. Imported as that
// source again it changes nothing: the same facts, at most in other rows. [Merged] gives what all sources say together, one row for
// each node, unit, person and link, references as ids: imported into an empty store it makes the same Snapshot (nodes, links with
// their values, needs, customers). Nothing is written that nobody said: a default stays a blank cell, a node that is only referred to
// gets no row, needs that follow from members and sites are no links.
//
// Merging loses which source said what, where sources differ, how many ratings a mean is made of, and names that lost against
// another one. Rows of one source that contradict one another keep their order within a table, and so which of them wins, but where
// one came from a nodes table and the other from a people table, that of the nodes table wins.
//
// # What a format cannot hold
//
//   - CSV, XLSX, JSON, YAML: a text of a list (tags, aliases, sites, teams) with | in it comes back as two; a team that has a manager
//     or is a member of a team comes back as a person, and a unit without them, as only people are read with these ([Tables.Notes]
//     tells of each). White space around a text goes, a text that means "as above" (ditto) may take the one above it, and a name that
//     stands for nobody (-, n/a, null) is read as none. No file gives such facts; edits and what others wrote into a Neo4j may.
//   - CSV, XLSX: text that a spreadsheet would run as a formula has an apostrophe in front (package formula); the importer takes it away.
//   - XLSX: more than 1,048,576 rows (an error), texts longer than 32,767 characters (cut) and control characters (lost): noted.
//   - YAML: the importer reads up to 8 MB and half a million lines and values of it: noted.
//   - GraphML: control characters; lists are texts with | between. It is not read back yet.
//   - DOT: all but ids, names, kinds, units, services and criticalities; it is a drawing. It is not read back yet.
//   - Cypher: a backslash in the name of an attribute (written /), and what a property cannot be called (package propertygraph). whoserves does not read the graph that the script makes:
//     copy to a Neo4j store for that.
//
// The same organisation always gives the same bytes. All is O(nodes + links) in time and memory.
package export

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Format is a format to write.
type Format string

// The formats.
const (
	CSV     Format = "csv" // a folder, or a zip archive, of the native tables
	XLSX    Format = "xlsx"
	JSON    Format = "json"
	YAML    Format = "yaml"
	GraphML Format = "graphml"
	DOT     Format = "dot"
	Cypher  Format = "cypher"
)

// Formats lists the formats.
func Formats() []Format { return []Format{CSV, XLSX, JSON, YAML, GraphML, DOT, Cypher} }

// FormatOf gives the format that the name of a file asks for by its end: .zip is CSV, and so is a name without an end, which is a
// folder. ok is false for an end that no format has.
func FormatOf(name string) (f Format, ok bool) {
	switch end := strings.ToLower(filepath.Ext(name)); end {
	case "", ".", ".zip":
		return CSV, true
	case ".yml":
		return YAML, true
	case ".gv":
		return DOT, true
	case ".cql", ".cyp":
		return Cypher, true
	default:
		f = Format(end[1:])
		return f, slices.Contains(Formats(), f)
	}
}

// IsText says that the format is one text, good for a terminal or a pipe.
func (f Format) IsText() bool { return f != CSV && f != XLSX }

// IsTable says that the format holds the native tables; the others hold the graph.
func (f Format) IsTable() bool { return f == CSV || f == XLSX || f == JSON || f == YAML }

// WriteGraph writes the organisation in one of the formats that hold the graph.
func WriteGraph(w io.Writer, f Format, s *graph.Snapshot) error {
	switch f {
	case GraphML:
		return writeGraphML(w, s)
	case DOT:
		return writeDOT(w, s)
	case Cypher:
		return writeCypher(w, s)
	}
	return fmt.Errorf("%s does not hold a graph", f)
}

// Write writes the tables in one of the formats that hold them; CSV is a zip archive of the files that WriteFolder writes.
func (t *Tables) Write(w io.Writer, f Format) error {
	switch f {
	case CSV:
		return t.writeZip(w)
	case XLSX:
		return t.writeXLSX(w)
	case JSON:
		return t.writeJSON(w)
	case YAML:
		return t.writeYAML(w)
	}
	return fmt.Errorf("%s does not hold tables", f)
}
