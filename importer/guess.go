package importer

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"example.com/whoserves/graph"
)

// guess reads columns by what their cells look like, where no header says what they are. A guess never takes a field from a header that says it,
// is told, and can be overruled by a mapping; who serves whom is always asked when the ends of links were guessed.
func (r *reader) guess(s *sheet, l *layout) {
	if s.given != nil || s.none != "" || l.foreign != "" {
		return
	}
	rows := s.firstRows()
	if s.keyed {
		return // keys are no matter of looks
	}
	if l.table == nil {
		if edges, ok := s.edges(rows); ok {
			edges.first, edges.firstAt = l.first, l.firstAt
			*l = edges
		}
	}
	if l.table != nil && !l.table.isShape() {
		l.guessColumns(rows)
	}
}

// The bounds of a list of edges without headers that say it.
const (
	guessRows    = 3  // data rows at least
	guessColumns = 8  // columns that are looked at
	guessName    = 80 // bytes of a name
)

// edges reads a sheet as links when two of its columns hold names, and several of the names stand in both. Other sheets of a workbook are not
// taken for links by that.
func (s *sheet) edges(rows []row) (layout, bool) {
	links := tableNamed("links")
	named, _ := s.named()
	if shape := s.chosen.shape(); shape != "" && shape != links.name || s.place.of > 1 && named != links {
		return layout{}, false
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.lone() })
	if len(rows) < guessRows {
		return layout{}, false
	}
	pair, found := [2]int{}, 0
	width := min(len(rows[0].cells), guessColumns)
	for i := range width {
		for j := i + 1; j < width; j++ {
			if shareNames(rows, i, j) {
				pair = [2]int{i, j}
				found++
			}
		}
	}
	if found != 1 {
		return layout{}, false
	}
	h := headerRow{chosen: s.chosen, cells: make([]headerCell, len(rows[0].cells))}
	if heads(rows, pair) {
		h = headerOf(rows[:1]).with(s.chosen)
	}
	l := links.match(h)
	for k, field := range []string{"provider", "consumer"} {
		c, other := &l.columns[pair[k]], l.columns[pair[1-k]]
		if c.chosen == "" && c.field == "" && !l.taken(field) {
			c.guess(field, fmt.Sprintf("several of its names stand in “%s” too", other.called()))
		}
	}
	if !links.fits(l.has()) {
		return layout{}, false
	}
	l.known = 2
	return l, true
}

// shareNames says that two columns hold names in nearly all rows, and that several of the names stand in both.
func shareNames(rows []row, i, j int) bool {
	seen := [2]map[string]bool{{}, {}}
	full := 0
	for _, r := range rows {
		a, b := nameIn(r, i), nameIn(r, j)
		if a == "" || b == "" {
			continue
		}
		full++
		seen[0][a], seen[1][b] = true, true
	}
	both := 0
	for name := range seen[0] {
		if seen[1][name] {
			both++
		}
	}
	return full >= guessRows && 10*full >= 9*len(rows) && both >= 2 && 5*both >= min(len(seen[0]), len(seen[1]))
}

// nameIn gives the folded cell of a row where it looks like a name: short, with a letter but more than one, and no word for something else.
func nameIn(r row, column int) string {
	if column >= len(r.cells) {
		return ""
	}
	cell := trim(r.cells[column])
	if len(cell) < 2 || len(cell) > guessName || !bytes.ContainsFunc(cell, isLetter) || isNobody(cell) {
		return ""
	}
	fold := graph.Fold(string(cell))
	if criticalityWords[fold] != 0 || answerWords[fold] != 0 || kindWords[fold] != 0 || isEmail(fold) {
		return ""
	}
	return fold
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x7f }

// heads says that the first row is a header: what stands in its two cells stands nowhere below.
func heads(rows []row, pair [2]int) bool {
	for _, i := range pair {
		first := nameIn(rows[0], i)
		for _, r := range rows[1:] {
			if name := nameIn(r, pair[0]); name == first {
				return false
			}
			if name := nameIn(r, pair[1]); name == first {
				return false
			}
		}
	}
	return true
}

// guess gives a column a field that its header does not say.
func (c *column) guess(field, why string) {
	c.field, c.match, c.guessed = field, match{field: field, rank: 3}, why
}

// taken says that a column has a field.
func (l *layout) taken(field string) bool {
	return slices.ContainsFunc(l.columns, func(c column) bool { return c.field == field })
}

// looks are what cells look like, and the fields that a column of such cells may be, in the first table that has one. Those of which many
// columns look alike count only where the column has no header at all.
var looks = []struct {
	fields  []string
	why     string
	bare    bool
	looks   func(cell []byte) bool
	decides func(cell []byte) bool // one cell of this sort must be there; nil: any will do
}{
	{[]string{"criticality"}, "its cells are grades of criticality", false,
		func(b []byte) bool { return gradeOf(b) != 0 }, func(b []byte) bool {
			fold := graph.Fold(string(b))
			return criticalWords[fold] != 0 || fold == graph.Critical.String()
		}},
	{[]string{"kind"}, "its cells are kinds of nodes", false, func(b []byte) bool { return kindOf(string(b)) != graph.NoKind }, nil},
	{[]string{"contact"}, "its cells are e-mail addresses", false, func(b []byte) bool { return isEmail(string(b)) }, nil},
	{[]string{"confirmed_on"}, "its cells are dates", true, func(b []byte) bool {
		_, err := readDate(string(b), dayFirst)
		return err == nil && len(b) >= 8 && !isASCIIDigits(b)
	}, nil},
	{[]string{"tolerance_hours", "recovery_hours"}, "its cells are durations", true, func(b []byte) bool {
		_, err := readDuration(string(b), 1)
		return err == nil && bytes.ContainsFunc(b, isLetter)
	}, nil},
	{[]string{"can_fail"}, "its cells are yes and no", true, func(b []byte) bool {
		return len(b) > 1 && (answerWords[graph.Fold(string(b))] != 0 || bytes.EqualFold(b, []byte("yes")) || bytes.EqualFold(b, []byte("no")))
	}, nil},
}

func gradeOf(b []byte) graph.Criticality {
	c, err := graph.ParseCriticality(string(b))
	if err != nil {
		c = criticalityWords[graph.Fold(string(b))]
	}
	return c
}

var emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s.]+$`)

func isEmail(s string) bool { return emailForm.MatchString(s) }

// guessColumns gives fields that no header has to columns all of whose cells look like them. When two columns do, neither gets it.
func (l *layout) guessColumns(rows []row) {
	for _, look := range looks {
		field := ""
		for _, f := range look.fields {
			if slices.ContainsFunc(l.table.fields, func(h header) bool { return h.field == f }) {
				field = f
				break
			}
		}
		if field == "" || l.taken(field) || l.kind != graph.NoKind && field == "kind" {
			continue
		}
		found, n := 0, 0
		for i, c := range l.columns {
			if c.field != "" || c.chosen != "" || c.rival != "" || look.bare && c.named || isIgnored(c.header) {
				continue
			}
			if allLook(rows, l.last, i, look.looks, look.decides) {
				found = i
				n++
			}
		}
		if n == 1 {
			l.columns[found].guess(field, look.why)
		}
	}
}

// allLook says that all cells of a column look alike, at least three of them and one that decides.
func allLook(rows []row, header, column int, looks, decides func([]byte) bool) bool {
	n, decided := 0, decides == nil
	for _, r := range rows {
		if r.number <= header || column >= len(r.cells) {
			continue
		}
		cell := trim(r.cells[column])
		if len(cell) == 0 || isNobody(cell) {
			continue
		}
		if len(cell) > guessName || !looks(cell) {
			return false
		}
		decided = decided || decides(cell)
		n++
	}
	return n >= guessRows && decided
}
