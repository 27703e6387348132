package importer

import (
	"fmt"
	"strings"

	"example.com/whoserves/graph"
)

// maxName is the length, in characters, from which on an id or a name is taken for a mistake.
const maxName = 1000

// trait says what the cells of a column have in common that one cell alone may not tell.
type trait uint8

const (
	plain   trait = iota
	numbers       // which decimal mark
	dates         // day or month first
	grades        // is "critical" in use
)

// field says how the cells of a native column get into a record. set is given trimmed cells that are not blank.
type field[R any] struct {
	trait trait
	set   func(t *tableReader, c *cells, r *R, raw []byte)
}

var linkFields = map[string]field[graph.LinkRecord]{
	"provider":        end(func(r *graph.LinkRecord) *string { return &r.Provider }),
	"consumer":        end(func(r *graph.LinkRecord) *string { return &r.Consumer }),
	"service":         service(func(r *graph.LinkRecord) *string { return &r.Service }),
	"criticality":     grade(func(r *graph.LinkRecord) *graph.Criticality { return &r.Criticality }),
	"min_providers":   number(func(r *graph.LinkRecord) *graph.Number { return &r.MinProviders }, rule{Range: graph.Providers}),
	"tolerance_hours": hours(func(r *graph.LinkRecord) *graph.Number { return &r.Tolerance }),
	"volume":          number(func(r *graph.LinkRecord) *graph.Number { return &r.Volume }, amount),
	"lead_time_hours": hours(func(r *graph.LinkRecord) *graph.Number { return &r.LeadTime }),
	"satisfaction":    number(func(r *graph.LinkRecord) *graph.Number { return &r.Satisfaction }, percents),
	"response_hours":  hours(func(r *graph.LinkRecord) *graph.Number { return &r.ResponseHours }),
	"cost":            number(func(r *graph.LinkRecord) *graph.Number { return &r.Cost }, money),
	"agreement":       text(func(r *graph.LinkRecord) *string { return &r.Agreement }),
	"channel":         text(func(r *graph.LinkRecord) *string { return &r.Channel }),
	"feedback":        text(func(r *graph.LinkRecord) *string { return &r.Feedback }),
	"declared_by":     text(func(r *graph.LinkRecord) *string { return &r.DeclaredBy }),
	"confirmed_on":    date(func(r *graph.LinkRecord) *string { return &r.ConfirmedOn }),
	"still_true":      {set: func(*tableReader, *cells, *graph.LinkRecord, []byte) {}}, // says whether the row counts: handout.go
}

// nodeFields serve the tables of nodes, units and people.
var nodeFields = map[string]field[graph.NodeRecord]{
	"id":                end(func(r *graph.NodeRecord) *string { return &r.ID }),
	"name":              end(func(r *graph.NodeRecord) *string { return &r.Name }),
	"kind":              word(func(r *graph.NodeRecord) *graph.Kind { return &r.Kind }, graph.ParseKind, kindWords),
	"unit":              reference(func(r *graph.NodeRecord) *string { return &r.Unit }),
	"parent":            reference(func(r *graph.NodeRecord) *string { return &r.Unit }),
	"headcount":         number(func(r *graph.NodeRecord) *graph.Number { return &r.Headcount }, amount),
	"min_staff":         number(func(r *graph.NodeRecord) *graph.Number { return &r.MinStaff }, rule{Range: graph.Counts}),
	"capacity":          number(func(r *graph.NodeRecord) *graph.Number { return &r.Capacity }, amount),
	"recovery_hours":    hours(func(r *graph.NodeRecord) *graph.Number { return &r.RecoveryHours }),
	"failures_per_year": number(func(r *graph.NodeRecord) *graph.Number { return &r.FailuresPerYear }, amount),
	"value":             number(func(r *graph.NodeRecord) *graph.Number { return &r.Value }, money),
	"segment":           word(func(r *graph.NodeRecord) *graph.Segment { return &r.Segment }, graph.ParseSegment, segmentWords),
	"can_fail":          word(func(r *graph.NodeRecord) *graph.Answer { return &r.CanFail }, graph.ParseAnswer, answerWords),
	"contact":           text(func(r *graph.NodeRecord) *string { return &r.Contact }),
	"site":              list(func(r *graph.NodeRecord) *[]string { return &r.Sites }),
	"tags":              list(func(r *graph.NodeRecord) *[]string { return &r.Tags }),
	"aliases":           list(func(r *graph.NodeRecord) *[]string { return &r.Aliases }),
	"team":              list(func(r *graph.NodeRecord) *[]string { return &r.Teams }),
	"manager":           reference(func(r *graph.NodeRecord) *string { return &r.Manager }),
	"role":              text(func(r *graph.NodeRecord) *string { return &r.Role }),
}

// text takes the cell as it is.
func text[R any](get func(*R) *string) field[R] {
	return field[R]{set: func(t *tableReader, c *cells, r *R, raw []byte) { *get(r) = c.text(t, raw) }}
}

// end takes an id, a name or an end of a link. A word for nobody leaves it blank; whether the row can do without, the end of
// the row decides.
func end[R any](get func(*R) *string) field[R] {
	return field[R]{set: func(t *tableReader, c *cells, r *R, raw []byte) {
		switch {
		case isNobody(raw):
		case tooLong(raw):
			t.reject(c, "a name of %d characters cannot be right: look for a quote that is missing, or shorten it", runeCount(raw))
		default:
			*get(r) = c.text(t, raw)
		}
	}}
}

// reference takes the name or id of another entity. A word for nobody is told and left blank.
func reference[R any](get func(*R) *string) field[R] {
	return field[R]{set: func(t *tableReader, c *cells, r *R, raw []byte) {
		switch {
		case isNobody(raw), c.field == "manager" && isWord(noBosses, raw):
			t.info(c, "“%s” names nobody, so the cell counts as blank", raw)
		case tooLong(raw):
			t.warn(c, "a name of %d characters cannot be right, so the cell was left out: look for a quote that is missing, or shorten it", runeCount(raw))
		default:
			*get(r) = c.text(t, raw)
		}
	}}
}

func tooLong(raw []byte) bool { return len(raw) > maxName && runeCount(raw) > maxName }

// service takes the name of a service, which must not be a reserved one.
func service[R any](get func(*R) *string) field[R] {
	return field[R]{set: func(t *tableReader, c *cells, r *R, raw []byte) {
		s := c.text(t, raw)
		if _, checked := c.words[s]; !checked {
			switch folded := graph.Fold(s); {
			case folded == graph.ServiceMembers:
				t.reject(c, "the service “%s” is reserved for the members of a team: list them in a people table with column team, or name the service otherwise", s)
				return
			case strings.HasPrefix(folded, graph.ServiceSitePrefix):
				t.reject(c, "services that start with “site” are reserved: write “%s” into the column site of the consumer in a nodes table, or name the service otherwise",
					shorten(folded[len(graph.ServiceSitePrefix):], 60))
				return
			case tooLong(raw):
				t.reject(c, "the name of a service of %d characters cannot be right: look for a quote that is missing, or shorten it", runeCount(raw))
				return
			}
			if len(c.words) < maxMemo {
				c.words[s] = 1
			}
		}
		*get(r) = s
	}}
}

// list takes texts with | or line ends between them; blank ones, repeated ones and words for nobody are left out.
func list[R any](get func(*R) *[]string) field[R] {
	return field[R]{set: func(t *tableReader, c *cells, r *R, raw []byte) {
		all, known := c.lists[string(raw)]
		if !known {
			all = c.list(t, raw)
		}
		*get(r) = all
	}}
}

// word takes one of a few words, or what people write in its place.
func word[R any, W ~uint8](get func(*R) *W, parse func(string) (W, error), others map[string]W) field[R] {
	return field[R]{set: func(t *tableReader, c *cells, r *R, raw []byte) {
		if w, ok := c.words[string(raw)]; ok {
			*get(r) = W(w)
			return
		}
		w, err := parse(string(raw))
		other, ok := others[graph.Fold(string(raw))]
		switch {
		case err == nil:
		case ok:
			w = other
			if c.field != "can_fail" {
				t.info(c, "“%s” was read as %s here and below", raw, fmt.Sprint(w))
			}
		case isNobody(raw):
			t.info(c, "“%s” counts as blank", raw)
			return
		default:
			t.warn(c, "%s; the cell was left out", err.Error())
			return
		}
		c.words[string(raw)] = uint8(w)
		*get(r) = w
	}}
}

// grade takes a criticality. In a column that uses "critical" too, "high" is the grade below it.
func grade[R any](get func(*R) *graph.Criticality) field[R] {
	f := word(get, graph.ParseCriticality, criticalityWords)
	return field[R]{trait: grades, set: func(t *tableReader, c *cells, r *R, raw []byte) {
		if _, known := c.words[string(raw)]; !known && highWords[graph.Fold(string(raw))] != 0 {
			if t.look(); c.critical != "" {
				c.words[string(raw)] = uint8(graph.Important)
				t.info(c, "“%s” was read as %s here and below, since the column has “%s” as well", raw, "important", c.critical)
			}
		}
		f.set(t, c, r, raw)
	}}
}

// rule says what a number may be and what may stand beside it.
type rule struct {
	graph.Range
	percent bool // a percent sign may follow
	money   bool // a currency may stand beside it
}

var (
	amount   = rule{Range: graph.Amounts}
	money    = rule{Range: graph.Money, money: true}
	percents = rule{Range: graph.Ratings, percent: true}
)

// number takes a number.
func number[R any](get func(*R) *graph.Number, u rule) field[R] {
	return field[R]{trait: numbers, set: func(t *tableReader, c *cells, r *R, raw []byte) {
		if v, ok := shortFigure(raw); ok && u.Check(v) == "" {
			*get(r) = graph.Given(v)
			return
		}
		*get(r) = c.number(t, raw, u, func(s string) ([]part, error) {
			f, ok := readFigure(u.strip(s))
			if !ok {
				return nil, fmt.Errorf("“%s” is no number: write digits, such as 12 or 12.5; the cell was left out", shorten(s, 60))
			}
			return []part{{f, 1}}, nil
		})
	}}
}

// strip takes away what may stand beside the number.
func (u rule) strip(s string) string {
	switch {
	case u.money:
		return currency(s)
	case u.percent:
		return strings.TrimRight(strings.TrimSuffix(s, "%"), " \u00a0\u202f")
	}
	return s
}

// hours takes a duration: a plain number counts hours, or what the header says.
func hours[R any](get func(*R) *graph.Number) field[R] {
	return field[R]{trait: numbers, set: func(t *tableReader, c *cells, r *R, raw []byte) {
		unit := c.match.unit
		if unit == 0 {
			unit = 1
		}
		if v, ok := shortFigure(raw); ok && unit == 1 && v <= amount.Max {
			*get(r) = graph.Given(v)
			return
		}
		*get(r) = c.number(t, raw, amount, func(s string) ([]part, error) {
			parts, err := readDuration(s, unit)
			if err != nil {
				return nil, fmt.Errorf("“%s” is no duration: write hours as a number, or such as 4 hours, 30 min, 2 days, 1 week; the cell was left out", shorten(s, 60))
			}
			return parts, nil
		})
	}}
}

// date takes a date, kept as 2026-11-02.
func date[R any](get func(*R) *string) field[R] {
	return field[R]{trait: dates, set: func(t *tableReader, c *cells, r *R, raw []byte) {
		iso, err := readDate(string(raw), noOrder)
		if err == errWhichIsDay {
			t.look()
			if iso, err = readDate(string(raw), c.order()); err == nil && !c.told {
				c.told = true
				t.info(c, "“%s” was read as %s, and the like here and below, since other dates of the column show whether the day or the month comes first", raw, iso)
			}
		}
		switch {
		case err == nil:
			*get(r) = c.text(t, []byte(iso))
		case isNobody(raw):
			t.info(c, "“%s” counts as blank", raw)
		case err == errWhichIsDay:
			t.warn(c, "“%s” does not tell which is the day and which the month: write it as 2026-11-02; the cell was left out", raw)
		default:
			t.warn(c, "“%s” is no date: write it as 2026-11-02; the cell was left out", shorten(string(raw), 60))
		}
	}}
}
