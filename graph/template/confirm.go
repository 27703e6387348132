package template

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
)

// The sheets of a confirmation.
const (
	ourLinks = "links"
	newLinks = "new links"
	ourTeam  = "our team"
	ourUnit  = "our unit"
)

// The columns that only a confirmation has. The importer knows stillTrue, and leaves out what is marked as not for it.
const (
	stillTrue = "still_true"
	means     = "what the row means (ignore)"
)

// Confirmation is the workbook in which a team confirms its links. Filled in and imported, it states the links that the team said are
// still true, as declared by the team and confirmed on the day that it wrote.
type Confirmation struct {
	Team  string // its id
	File  string // the name for the file: made from the id, and like that of no other
	Links int    // how many links it holds

	*confirming
	team int32
}

// confirming is what the workbooks of one organisation share.
type confirming struct {
	*graph.Snapshot
	nodes []*graph.NodeRecord
	links []*graph.LinkRecord
	names []string // that a link can name
}

// Confirmations gives a workbook for each of the nodes, by id. O(nodes + links), and so is writing each of them.
func Confirmations(s *graph.Snapshot, teams []int32) []*Confirmation {
	shared := &confirming{Snapshot: s}
	shared.nodes, shared.links = export.Records(s)
	shared.names = shared.nameAll()
	teams = slices.Clone(teams)
	slices.Sort(teams) // nodes stand by id
	taken := map[string]bool{}
	var all []*Confirmation
	for _, v := range slices.Compact(teams) {
		c := &Confirmation{Team: s.Nodes[v].ID, confirming: shared, team: v, Links: len(s.LinksFrom(v)) + len(s.LinksTo(v))}
		c.File = fileOf(c.Team, taken)
		all = append(all, c)
	}
	return all
}

// WithLinks gives the teams and units that provide or consume, by id: those who can be asked.
func WithLinks(s *graph.Snapshot) []int32 {
	var teams []int32
	for i := range int32(len(s.Nodes)) {
		if k := s.Nodes[i].Kind; (k == graph.Team || k == graph.Unit) && len(s.LinksFrom(i))+len(s.LinksTo(i)) > 0 {
			teams = append(teams, i)
		}
	}
	return teams
}

// Unasked counts the links that stand in the workbook of none of the nodes.
func Unasked(s *graph.Snapshot, teams []int32) int {
	asked := make([]bool, len(s.Nodes))
	for _, v := range teams {
		asked[v] = true
	}
	n := 0
	for i := range s.Links {
		if l := &s.Links[i]; !asked[l.Provider] && !asked[l.Consumer] {
			n++
		}
	}
	return n
}

// fileOf makes the name of a file that is like no other on any system. Its end keeps a year or number at the end of an id from being
// taken for the date of a file or for that of a copy.
func fileOf(id string, taken map[string]bool) string {
	const longest = 60 // runes: some systems take 255 bytes, which is fewer in some scripts
	stem := []rune(graph.Slug(id))
	stem = stem[:min(len(stem), longest)]
	if len(stem) == 0 {
		stem = []rune("team")
	}
	name := strings.Trim(string(stem), "-")
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", string(stem), n)
	}
	taken[name] = true
	return name + "-confirm.xlsx"
}

// nameAll lists what a link can name, as it can be written: the name where that means one thing, else the id. People are named where they
// stand in links. A list that is too long helps nobody and makes every workbook large: then there is none.
func (c *confirming) nameAll() []string {
	const most = 3000
	var names []string
	for i := range c.Nodes {
		n := &c.Nodes[i]
		if n.Kind == graph.Person && len(c.LinksFrom(int32(i)))+len(c.LinksTo(int32(i))) == 0 {
			continue
		}
		for _, name := range []string{n.Name, n.ID} {
			if is := c.Means(name, graph.NoKind); len(is) == 1 && int(is[0]) == i {
				names = append(names, name)
				break
			}
		}
	}
	if len(names) > most {
		return nil
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Write writes the workbook.
func (c *Confirmation) Write(w io.Writer) error {
	b := newBook()
	name := c.Nodes[c.team].Name
	b.say("The links of "+name, []string{
		"This is what is known about whom " + name + " serves and who serves it. Please say what of it is still true, and correct the rest.",
		"A row means: provider serves consumer. The first column of the sheet links says it in a sentence.",
		"1. On the sheet links answer each row with yes or no under still_true, and write today's date under confirmed_on. A row without either is taken as not answered, and is not read.",
		"2. Correct in the same row what is not right: hours, amounts, the agreement, the channel. Point at a header to read what its column means.",
		"3. Where the provider, the consumer or the service is another one, answer no, and write the right link on the sheet new links.",
		"4. Write links that are missing on the sheet new links, a row for each. The names to choose from are listed here, on the right; others may be written too.",
		"5. Correct the row about yourselves on the last sheet: head count, capacity, hours to recover, whom to call.",
		"6. Save the file under its name and send it back. Whoever gathers the files puts them into one folder and reads them in: whoserves import FOLDER",
	}, []legendLine{toFillLine, notOursLine, neededLine, mayLine})
	lists := b.listNames(c.names)
	c.writeLinks(b, lists)
	c.writeNew(b, lists)
	c.writeTeam(b)
	return b.write(w)
}

// listNames lists names beside what the first sheet says, and gives the range for those who refer to one.
func (b *book) listNames(names []string) map[string]string {
	if len(names) == 0 {
		return nil
	}
	const column, first = 2, 3
	letters := b.letters(column)
	b.try(b.SetColWidth(readMe, letters, letters, 40))
	b.put(readMe, column, first-1, "Names to choose from", b.style(font(excelize.Font{Bold: true})))
	for i, name := range names {
		b.put(readMe, column, first+i, name, 0)
	}
	return map[string]string{"nodes": fmt.Sprintf("'%s'!$%s$%d:$%[2]s$%d", readMe, letters, first, first+len(names)-1)}
}

// answers are the columns in front of the native ones, in which a team answers.
var answers = []column{
	{name: means, About: export.About{Meaning: "The row in a sentence, as it stands now. It is here to be read, and is not imported."}},
	{name: stillTrue, fill: toFill, About: export.About{Words: []string{graph.Yes.String(), graph.No.String()},
		Meaning: "yes when the row is true, with your corrections in it; no when there is no such link any more. A row without an answer and without a date is not imported."}},
}

// writeLinks writes the links as they stand: first whom the team serves, then who serves it.
func (c *Confirmation) writeLinks(b *book, lists map[string]string) {
	native := slices.Clone(export.LinkColumns)
	date := slices.IndexFunc(native, func(l export.Column[graph.LinkRecord]) bool { return l.Name == "confirmed_on" })
	native = slices.Insert(slices.Delete(native, date, date+1), 0, export.LinkColumns[date])
	columns := slices.Concat(answers, columnsOf(native))
	columns[len(answers)].fill = toFill
	b.sheet(ourLinks, columns, lists, 1)
	b.try(b.SetColWidth(ourLinks, "A", "A", 60))
	styles := make([]int, len(columns))
	for i, column := range columns {
		styles[i] = b.style(fill(column.fill), column.form)
	}
	explained, notTheirs := b.style(font(excelize.Font{Color: pale}), wrapped), b.style(fill(notOurs))
	for i, l := range slices.Concat(c.LinksFrom(c.team), c.LinksTo(c.team)) {
		row := i + 2
		r := *c.links[l]
		r.DeclaredBy, r.ConfirmedOn = c.Team, ""
		provides := c.Snapshot.Links[l].Provider == c.team
		if provides {
			r.Satisfaction = graph.Number{}
		}
		b.put(ourLinks, 0, row, c.sentence(l), explained)
		b.put(ourLinks, 1, row, nil, styles[1])
		for j, column := range native {
			style := styles[len(answers)+j]
			if column.Name == "satisfaction" && provides {
				style = notTheirs
			}
			b.set(ourLinks, len(answers)+j, row, column.Cell(&r), style)
		}
	}
}

// sentence says what a link means to the team.
func (c *Confirmation) sentence(l int32) string {
	link := &c.Snapshot.Links[l]
	who, whom := c.Nodes[link.Provider].Name, c.Nodes[link.Consumer].Name
	verb := " serves "
	if link.Provider == c.team {
		who, verb = "You", " serve "
	} else {
		whom = "you"
	}
	if link.Service == "" {
		return who + verb + whom + "."
	}
	return who + verb + whom + " with " + link.Service + "."
}

// writeNew writes the sheet for links that are missing.
func (c *Confirmation) writeNew(b *book, lists map[string]string) {
	columns := columnsOf(export.LinkColumns)
	for i := range columns {
		if columns[i].name == "declared_by" {
			columns[i].Meaning += " For you that is " + c.Team + "."
		}
	}
	b.sheet(newLinks, columns, lists, 0)
}

// writeTeam writes the row about the team itself.
func (c *Confirmation) writeTeam(b *book) {
	n := &c.Nodes[c.team]
	r := c.nodes[c.team]
	if r == nil { // only referred to so far
		r = &graph.NodeRecord{Name: n.Name}
	}
	sheet, native := ourTeam, export.NodeColumns
	if n.Kind == graph.Unit {
		sheet, native = ourUnit, export.UnitColumns
	}
	b.sheet(sheet, columnsOf(native), nil, 0)
	for j, column := range native {
		b.set(sheet, j, 2, column.Cell(r), 0)
	}
}
