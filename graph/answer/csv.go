package answer

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// csvTable writes rows whose cells no spreadsheet takes for a formula.
type csvTable struct{ w *csv.Writer }

func newCSV(w io.Writer, header ...string) csvTable {
	t := csvTable{csv.NewWriter(w)}
	t.w.Write(header) // the error stays in the writer and comes out at the end
	return t
}

func (t csvTable) row(cells ...string) {
	for i, c := range cells {
		cells[i] = safeCell(c)
	}
	t.w.Write(cells)
}

func (t csvTable) end() error {
	t.w.Flush()
	return t.w.Error()
}

// safeCell puts an apostrophe before what a spreadsheet would run as a formula; numbers stay as they are.
func safeCell(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
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
