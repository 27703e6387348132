package importer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

var (
	drawIOStart = regexp.MustCompile(`(?m)\A(?:\s*\n|#[^\n]*\n)*#[ \t]*(?:connect|label|stylename|identity|layout|ignore|parentstyle):`)
	percentName = regexp.MustCompile(`%([^%\s<>]+)%`)
	htmlTag     = regexp.MustCompile(`<[^>]*>`)
)

// drawIO reads the CSV that draw.io makes drawings of: lines with # say how, the table stands below them.
//
// Each row is a node, called by the columns that the label names (%name%), identified by the column identity or id. A setting connect says
// which column refers to which: {"from": "supplier", "to": "id", "invert": true}, several between commas. Who serves whom the arrow does not say,
// but its column or its label may: supplier and depends on name who serves, customer and required by who is served. A column that names a manager
// makes people and their reporting lines, which are no services. A parent is the unit. Everything else is kept as attributes.
func drawIO(ctx context.Context, x *exchange, text []byte) error {
	x.stable = true
	d := &drawing{exchange: x, settings: map[string]string{}}
	offset, table := d.head(text)
	if err := d.read(csvSheet(x.file, table, ','), offset); err != nil {
		return err
	}
	for _, c := range d.connects {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.connect(c)
	}
	x.tell(0, graph.Info, "comments and settings of layout and style were left out")
	return nil
}

type drawing struct {
	*exchange
	settings map[string]string
	connects []drawnEdge
	headers  []string
	rows     [][]string
	found    []*entity // of the rows
}

// drawnEdge is what a setting connect says.
type drawnEdge struct {
	From, To, Label, FromLabel, ToLabel string
	Invert                              bool
}

// head reads the lines with # and gives the rest, and how many lines came before.
func (d *drawing) head(text []byte) (lines int, rest []byte) {
	var open string
	for len(text) > 0 {
		line, after, _ := bytes.Cut(text, []byte("\n"))
		trimmed := strings.TrimSpace(string(line))
		if trimmed != "" && !strings.HasPrefix(trimmed, "#") {
			break
		}
		text = after
		lines++
		if strings.HasPrefix(trimmed, "##") {
			continue
		}
		setting, goesOn := strings.CutSuffix(strings.TrimSpace(strings.TrimPrefix(trimmed, "#")), "\\")
		if open += setting; goesOn {
			continue
		}
		key, v, _ := strings.Cut(open, ":")
		d.set(lines, strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(v))
		open = ""
	}
	return lines, text
}

func (d *drawing) set(line int, key, text string) {
	if key != "connect" {
		d.settings[key] = text
		return
	}
	var c drawnEdge
	if err := json.Unmarshal([]byte(text), &c); err != nil || c.From == "" || c.To == "" {
		d.tell(line, graph.Warning, "the setting connect cannot be read, so no links were made of it: write {\"from\": \"column\", \"to\": \"column\"}")
		return
	}
	if len(d.connects) < 100 {
		d.connects = append(d.connects, c)
	}
}

// read takes the table.
func (d *drawing) read(s *sheet, offset int) error {
	for r := range s.rows {
		if r.blank() {
			continue
		}
		cells := make([]string, len(r.cells))
		for i, c := range r.cells {
			cells[i] = string(trim(c))
		}
		for _, f := range r.faults {
			d.tell(offset+r.number, f.severity, "%s", f.message)
			if f.severity == graph.Error {
				cells = nil
			}
		}
		if d.headers == nil {
			d.headers = cells
			continue
		}
		if cells != nil {
			d.row(offset+r.number, cells)
		}
	}
	if d.headers == nil {
		return errors.New("the file holds settings of draw.io, and no table below them")
	}
	return nil
}

func (d *drawing) column(name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(d.headers, func(h string) bool { return strings.EqualFold(h, name) })
}

func cellAt(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return cells[i]
}

func (d *drawing) row(line int, cells []string) {
	var parts []string
	used := map[int]bool{}
	for _, m := range percentName.FindAllStringSubmatch(htmlTag.ReplaceAllString(d.settings["label"], " "), -1) {
		if i := d.column(m[1]); len(parts) == 0 && cellAt(cells, i) != "" {
			parts = append(parts, cellAt(cells, i))
			used[i] = true
		}
	}
	name, id, parent := d.column("name"), d.column(cmp.Or(d.settings["identity"], "id")), d.column(d.settings["parent"])
	if len(parts) == 0 {
		parts, used[name] = append(parts, cellAt(cells, name)), true
	}
	n := &entity{line: line, name: parts[0], id: cellAt(cells, id), unit: cellAt(cells, parent)}
	n.id = cmp.Or(n.id, n.name)
	if n.id == "" {
		d.tell(line, graph.Error, "the row has neither an id nor a name and was left out")
		return
	}
	used[id], used[parent] = true, true
	for _, c := range d.connects {
		used[d.column(c.From)] = true
	}
	for i, text := range cells {
		header := cellAt(d.headers, i)
		switch {
		case used[i]:
		case strings.EqualFold(header, "kind"), strings.EqualFold(header, "type"):
			n.isA(header, text)
		default:
			n.keep(cmp.Or(header, "column "+letters(i)), text)
		}
	}
	d.nodes, d.found, d.rows = append(d.nodes, n), append(d.found, n), append(d.rows, cells)
}

// connect makes edges of a setting.
func (d *drawing) connect(c drawnEdge) {
	from, to := d.column(c.From), d.column(c.To)
	if from < 0 || to < 0 {
		d.tell(0, graph.Warning, "the setting connect names the columns “%s” and “%s”, one of which is missing: no links were made of it", shorten(c.From, 40), shorten(c.To, 40))
		return
	}
	byText := map[string]*entity{}
	for i, cells := range d.rows {
		if key := cellAt(cells, to); key != "" && byText[key] == nil {
			byText[key] = d.found[i]
		}
	}
	means, word := c.means()
	for i, cells := range d.rows {
		for text := range strings.SplitSeq(cellAt(cells, from), ",") {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			n, other := d.found[i], text
			if target := byText[text]; target != nil {
				other = target.id
			}
			if means == noService {
				if n.manager == "" {
					n.kind, n.manager = graph.Person, other
					if target := byText[text]; target != nil {
						target.kind = graph.Person
					}
				} else {
					n.keep(c.From, other)
				}
				continue
			}
			e := edge{line: n.line, from: n.id, to: other, means: means, relation: word}
			if c.Invert && means == unsaid {
				e.from, e.to = e.to, e.from
			}
			if c.Label != "" && relationWords[foldHeader(c.Label)] == unsaid {
				e.service = c.Label
			}
			for _, label := range []struct{ key, column string }{{"fromlabel", c.FromLabel}, {"tolabel", c.ToLabel}} {
				if at := d.column(label.column); at >= 0 {
					e.keep(label.key, cellAt(cells, at))
				}
			}
			d.edges = append(d.edges, e)
		}
	}
}

// means says what a row has to do with whom its column names: noService is a reporting line.
func (c drawnEdge) means() (meaning, string) {
	if m, known := relationWords[foldHeader(c.Label)]; known {
		if c.Invert && m == fromServes {
			return toServes, c.Label
		}
		if c.Invert {
			return fromServes, c.Label
		}
		return m, c.Label
	}
	fold := foldHeader(c.From)
	if m, known := tableNamed("people").lookup(fold); known && m.field == "manager" {
		return noService, c.From
	}
	if m, known := tableNamed("links").lookup(fold); known && m.rank < 2 {
		switch m.field {
		case "provider":
			return toServes, c.From
		case "consumer":
			return fromServes, c.From
		}
	}
	if m, known := relationWords[fold]; known {
		return m, c.From
	}
	return unsaid, ""
}
