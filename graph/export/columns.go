package export

import (
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// cell is what one cell holds: nil for nothing, a string, a graph.Number, or []string.
type cell any

// Column is a native column of a table, with the way to its cells. The importer knows the same names, and some more for each.
type Column[R any] struct {
	About
	Name string
	get  func(*R) cell
}

// About says what a column is for people who fill it in.
type About struct {
	Meaning string      // in one or two plain sentences, with units
	Needed  bool        // a row does not count without it
	Words   []string    // the words that it may hold; nil: others too
	Number  graph.Range // of a number; the zero value: it holds no number
	Date    bool        // it holds a date, 2026-11-02
	Names   string      // the table whose rows it names: "nodes", "units", "people"; "" where it names none
	List    bool        // several, with | between
	Example string      // a cell of the same made-up example in every table
}

// IsNumber says that the column holds numbers.
func (a About) IsNumber() bool { return a.Number != graph.Range{} }

// Cell gives what a cell of a workbook holds for a record: nil for nothing, a float64, or a text that no program takes for a formula.
func (c Column[R]) Cell(r *R) any {
	switch v := c.get(r).(type) {
	case nil:
		return nil
	case graph.Number:
		return v.Or(0)
	default:
		return neutralText(v)
	}
}

func text[R any](name string, about About, get func(*R) string) Column[R] {
	return Column[R]{about, name, func(r *R) cell {
		if s := get(r); s != "" {
			return s
		}
		return nil
	}}
}

func figure[R any](name string, about About, get func(*R) graph.Number) Column[R] {
	return Column[R]{about, name, func(r *R) cell {
		if n := get(r); n.IsGiven() {
			return n
		}
		return nil
	}}
}

func list[R any](name string, about About, get func(*R) []string) Column[R] {
	about.List = true
	return Column[R]{about, name, func(r *R) cell {
		if l := get(r); len(l) > 0 {
			return l
		}
		return nil
	}}
}

type (
	node = graph.NodeRecord
	link = graph.LinkRecord
)

// Words that only some columns hold.
var (
	kinds = []string{graph.Team.String(), graph.Supplier.String(), graph.Resource.String(), graph.Person.String(), graph.Customer.String()}
	yesNo = []string{graph.Yes.String(), graph.No.String()}
)

var idColumn = text("id", About{Meaning: "A short code that stays the same when the name changes, such as the one in your HR system. Left blank, one is made from the name."},
	func(r *node) string { return r.ID })

func nameColumn(meaning, example string) Column[node] {
	return text("name", About{Meaning: meaning, Needed: true, Example: example}, func(r *node) string { return r.Name })
}

func contactColumn(meaning, example string) Column[node] {
	return text("contact", About{Meaning: meaning, Example: example}, func(r *node) string { return r.Contact })
}

// NodeColumns are the columns of the table nodes. They are not to be changed, as are those of the other tables.
var NodeColumns = []Column[node]{
	idColumn,
	nameColumn("What people call it. Write it the same wherever you refer to it.", "Payroll"),
	text("kind", About{Words: kinds, Example: "team",
		Meaning: "What it is: a team, a supplier (an outside firm), a resource (a system, site or facility), a person, or a customer outside the organisation. Blank means team."},
		func(r *node) string { return r.Kind.String() }),
	text("unit", About{Names: "units", Example: "Finance", Meaning: "The department or division that it belongs to: a name or id from the sheet units."},
		func(r *node) string { return r.Unit }),
	figure("headcount", About{Number: graph.Amounts, Example: "6", Meaning: "How many people work in it, as a number; part-time counts as a part: 5.5."},
		func(r *node) graph.Number { return r.Headcount }),
	figure("min_staff", About{Number: graph.Counts, Example: "2", Meaning: "How many of its people must be there for it to work at all: a whole number. Blank means 1."},
		func(r *node) graph.Number { return r.MinStaff }),
	figure("capacity", About{Number: graph.Amounts, Example: "900",
		Meaning: "The most that it can serve, in the unit that its links use for volume (pieces, hours, cases a week). Its load is compared with this."},
		func(r *node) graph.Number { return r.Capacity }),
	figure("recovery_hours", About{Number: graph.Amounts, Example: "24", Meaning: "How long it takes to come back after it failed, in hours; 48 is two days."},
		func(r *node) graph.Number { return r.RecoveryHours }),
	figure("failures_per_year", About{Number: graph.Amounts, Example: "0.5", Meaning: "How often a year it fails; 0.5 is once in two years."},
		func(r *node) graph.Number { return r.FailuresPerYear }),
	figure("value", About{Number: graph.Money, Meaning: "Of a customer: what it is worth a year, in one currency for all. It says which risks matter most."},
		func(r *node) graph.Number { return r.Value }),
	text("segment", About{Words: []string{graph.External.String(), graph.Potential.String(), graph.Temporary.String()},
		Meaning: "Of a customer: external (a customer today), potential or temporary. It is for display only."},
		func(r *node) string { return r.Segment.String() }),
	text("can_fail", About{Words: yesNo, Example: "yes", Meaning: "no for what cannot fail, such as a committee or a group in name only. Blank means yes."},
		func(r *node) string { return r.CanFail.String() }),
	contactColumn("Whom to call when something is wrong, and how.", "payroll desk, ext. 204"),
	list("site", About{Example: "Head office", Meaning: "The building or place that it cannot work without. Several with | between: Head office | Depot."},
		func(r *node) []string { return r.Sites }),
	list("tags", About{Example: "back office", Meaning: "Words of your own to find it by. Several with | between."}, func(r *node) []string { return r.Tags }),
	list("aliases", About{Example: "Wages office", Meaning: "Other names that people use for the same. Several with | between."}, func(r *node) []string { return r.Aliases }),
}

// UnitColumns are the columns of the table units.
var UnitColumns = []Column[node]{
	idColumn,
	nameColumn("What the department or division is called.", "Finance"),
	text("parent", About{Names: "units", Example: "Head office services", Meaning: "The unit that it is a part of: a name or id from this sheet. Blank for one at the top."},
		func(r *node) string { return r.Unit }),
}

// PeopleColumns are the columns of the table people.
var PeopleColumns = []Column[node]{
	idColumn,
	nameColumn("The person's full name.", "Dana Reyes"),
	list("team", About{Names: "nodes", Example: "Payroll", Meaning: "The team that the person works in. Several with | between. A team stops when too few of its people are there."},
		func(r *node) []string { return r.Teams }),
	text("manager", About{Names: "people", Meaning: "Whom the person reports to: a name or id from this sheet. Blank for nobody."}, func(r *node) string { return r.Manager }),
	text("role", About{Example: "Payroll lead", Meaning: "What the person does there."}, func(r *node) string { return r.Role }),
	contactColumn("How to reach the person.", "ext. 205"),
}

// LinkColumns are the columns of the table links.
var LinkColumns = []Column[link]{
	text("provider", About{Names: "nodes", Needed: true, Example: "Payroll", Meaning: "Who serves: a team, supplier, system or unit. A row means: provider serves consumer."},
		func(r *link) string { return r.Provider }),
	text("consumer", About{Names: "nodes", Needed: true, Example: "Crew scheduling", Meaning: "Who is served: a team inside, or a customer outside. A row means: provider serves consumer."},
		func(r *link) string { return r.Consumer }),
	text("service", About{Example: "Hours and pay rules",
		Meaning: "What is provided, in a few words. Several providers of one service to one consumer stand in for each other."},
		func(r *link) string { return r.Service }),
	text("criticality", About{Words: []string{graph.Critical.String(), graph.Important.String(), graph.Minor.String()}, Example: "critical",
		Meaning: "What happens to the consumer without it. critical: it stops; important: it gets worse; minor: it is noticed. Blank counts as critical."},
		func(r *link) string { return r.Criticality.String() }),
	figure("min_providers", About{Number: graph.Providers, Example: "1", Meaning: "How many of the providers of this service must work at once: a whole number. Blank means 1."},
		func(r *link) graph.Number { return r.MinProviders }),
	figure("tolerance_hours", About{Number: graph.Amounts, Example: "72", Meaning: "How long the consumer copes without it, in hours; 48 is two days. Blank counts as 0."},
		func(r *link) graph.Number { return r.Tolerance }),
	figure("volume", About{Number: graph.Amounts, Example: "340", Meaning: "How much of it is provided, in the unit that the provider's capacity has (pieces, hours, cases a week)."},
		func(r *link) graph.Number { return r.Volume }),
	figure("lead_time_hours", About{Number: graph.Amounts, Example: "24", Meaning: "How long it takes from the request until it is there, in hours."},
		func(r *link) graph.Number { return r.LeadTime }),
	figure("satisfaction", About{Number: graph.Ratings, Example: "80", Meaning: "How the consumer rates it: a number from 0 (bad) to 100 (as good as can be)."},
		func(r *link) graph.Number { return r.Satisfaction }),
	text("agreement", About{Example: "OLA-06", Meaning: "The agreement about it, by name or number: a contract, SLA or OLA. Blank for none."}, func(r *link) string { return r.Agreement }),
	text("channel", About{Example: "e-mail", Meaning: "The agreed way to talk about it day by day: phone, e-mail, a meeting. Blank for none."}, func(r *link) string { return r.Channel }),
	text("feedback", About{Example: "monthly review", Meaning: "How the consumer tells what is good and bad: a survey, a review. Blank for none."}, func(r *link) string { return r.Feedback }),
	figure("response_hours", About{Number: graph.Amounts, Example: "8", Meaning: "How soon the provider answers a question or complaint, in hours."},
		func(r *link) graph.Number { return r.ResponseHours }),
	text("declared_by", About{Names: "nodes", Example: "Crew scheduling", Meaning: "Which team says so: that of the person who fills in the row. What only one side says is worth a talk."},
		func(r *link) string { return r.DeclaredBy }),
	text("confirmed_on", About{Date: true, Example: "2026-11-02", Meaning: "When somebody who knows last said that this is so: a date, year-month-day as in 2026-11-02."},
		func(r *link) string { return r.ConfirmedOn }),
	figure("cost", About{Number: graph.Money, Meaning: "What it costs the consumer a year, in one currency for all."}, func(r *link) graph.Number { return r.Cost }),
}

// table is a native table, filled.
type table struct {
	name   string
	native int // how many of the columns are native; behind them are the attributes, by name
	header []string
	rows   [][]cell
}

// newTable fills a table. A native header gets a * behind where an attribute has that very name: headers fold, of two that are
// alike the first has the field, and the name of the other one is kept as it is.
func newTable[R any](name string, columns []Column[R], records []*R, attrs func(*R) []graph.Attr) table {
	place := map[string]int{}
	var names []string
	for _, r := range records {
		for _, a := range attrs(r) {
			if _, known := place[a.Name]; !known && header(a.Name) != "" {
				place[a.Name] = 0
				names = append(names, a.Name)
			}
		}
	}
	slices.Sort(names)
	t := table{name: name, native: len(columns), header: make([]string, 0, len(columns)+len(names))}
	for _, c := range columns {
		h := c.Name
		for _, taken := place[h]; taken; _, taken = place[h] {
			h += "*"
		}
		t.header = append(t.header, h)
	}
	for i, n := range names {
		place[n] = len(columns) + i
		t.header = append(t.header, header(n))
	}
	cells := make([]cell, len(records)*len(t.header))
	for _, r := range records {
		row := cells[:len(t.header):len(t.header)]
		cells = cells[len(t.header):]
		for i, c := range columns {
			row[i] = c.get(r)
		}
		for _, a := range attrs(r) {
			if i := place[a.Name]; i > 0 && a.Value != "" {
				row[i] = a.Value
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// header is the name of an attribute as a header can hold it: in one line.
func header(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "")), " ")
}
