package importer

import (
	"strings"

	"example.com/whoserves/graph"
)

// hidden gathers the rows and columns that a sheet does not show.
type hidden struct {
	count, first int
	columns      [][2]int // from, to
}

func (h *hidden) row(number int) {
	if h.count++; h.count == 1 {
		h.first = number
	}
}

func (h *hidden) column(first, last int) {
	if first >= 0 && last >= first && len(h.columns) < 1000 {
		h.columns = append(h.columns, [2]int{first, min(last, maxColumns-1)})
	}
}

// tell says what of it was read all the same.
func (h *hidden) tell(g *grid) {
	switch {
	case h.count == 1:
		g.tell(h.first, graph.Info, "the row is hidden, and was read all the same")
	case h.count > 1:
		g.tell(h.first, graph.Info, "%d rows are hidden, this one the first of them, and were read all the same", h.count)
	}
	if len(h.columns) == 0 {
		return
	}
	used := make([]bool, maxColumns)
	for _, c := range g.cells {
		used[c.column] = true
	}
	var names []string
	for _, c := range h.columns {
		for i := c[0]; i <= c[1]; i++ {
			if used[i] {
				used[i] = false
				names = append(names, letters(i))
			}
		}
	}
	if len(names) > 6 {
		names = append(names[:5], "…")
	}
	if len(names) > 0 {
		g.tell(0, graph.Info, "hidden columns were read all the same: %s", strings.Join(names, ", "))
	}
}
