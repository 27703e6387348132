package answer

import (
	"encoding/csv"
	"io"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/formula"
)

// csvTable writes rows whose cells no spreadsheet takes for a formula; numbers stay numbers.
type csvTable struct{ w *csv.Writer }

func newCSV(w io.Writer, header ...string) csvTable {
	t := csvTable{csv.NewWriter(w)}
	t.w.Write(header) // the error stays in the writer and comes out at the end
	return t
}

func (t csvTable) row(cells ...string) {
	for i, c := range cells {
		cells[i] = formula.Cell(c)
	}
	t.w.Write(cells)
}

func (t csvTable) end() error {
	t.w.Flush()
	return t.w.Error()
}

func list(vs []string) string { return strings.Join(vs, "|") }

func decimal(v float64) string { return graph.Given(v).String() }

func decimalOrBlank(v *float64) string {
	if v == nil {
		return ""
	}
	return decimal(*v)
}

func textOrBlank(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// chainCell writes a chain in one cell: "a→b: fuel|b→c".
func chainCell(chain []Link) string {
	out := make([]string, len(chain))
	for i, l := range chain {
		out[i] = l.Provider + "→" + l.Consumer
		if l.Service != "" {
			out[i] += ": " + l.Service
		}
	}
	return list(out)
}
