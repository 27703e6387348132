package viewer

import (
	"math"
	"regexp"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// run is a piece of a sentence: plain words, words that lead somewhere, or words with a mark.
type run struct {
	Text   string
	Href   string
	Class  string // risk, warn, good, mute, tag …
	Strong bool
	Name   bool // a name from the data: it is set apart from the direction of the text round it
}

// text is a sentence or several.
type text []run

// say joins words, runs and texts into a text.
func say(parts ...any) text {
	var t text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			t = append(t, run{Text: p})
		case int:
			t = append(t, run{Text: phrase.Count(p)})
		case run:
			t = append(t, p)
		case text:
			t = append(t, p...)
		default:
			panic("say: a part is neither words nor a number")
		}
	}
	return t
}

// String gives the words alone.
func (t text) String() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Text)
	}
	return b.String()
}

func strong(s string) run        { return run{Text: s, Strong: true} }
func marked(class, s string) run { return run{Text: s, Class: class} }
func link(words, href string) run {
	return run{Text: words, Href: href}
}

// tag is a word in a border.
func tag(class, s string) run { return run{Text: s, Class: "tag " + class} }

var smallNumbers = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

// inWords writes a number of things as prose does: "two", "eleven" and more as figures.
func inWords(n int) string {
	if n >= 0 && n < len(smallNumbers) {
		return smallNumbers[n]
	}
	return phrase.Count(n)
}

// upper gives a text a capital at its start.
func upper(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// either picks the singular or the plural of a word.
func either(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// outOf gives "4 of 5 teams", "all five teams", "both teams", "the only team".
func outOf(n, all int, one, many string) string {
	switch {
	case n == all && all == 1:
		return "the only " + one
	case n == all && all == 2:
		return "both " + many
	case n == all:
		return "all " + inWords(all) + " " + many
	}
	return phrase.Count(n) + " of " + phrase.Count(all) + " " + either(all, one, many)
}

// kindWords are the singular and the plural that pages use.
var kindWords = map[graph.Kind][2]string{
	graph.Team: {"team", "teams"}, graph.Supplier: {"supplier", "suppliers"}, graph.Resource: {"resource", "resources"},
	graph.Person: {"person", "people"}, graph.Customer: {"customer", "customers"}, graph.Unit: {"unit", "units"},
}

func kindCount(n int, k graph.Kind) string { w := kindWords[k]; return phrase.Plural(n, w[0], w[1]) }

// hours writes after how many hours something happens, for tables: "–" for never.
func hours(h float64) string {
	if math.IsInf(h, 1) {
		return "–"
	}
	return phrase.When(h)
}

var figureAndSign = regexp.MustCompile(`(\d) (h|d|min|%)(\s|[.,;:)]|$)`)

// keepTogether ties the sign of a unit to its figure, so that no line ends between them.
func keepTogether(s string) string { return figureAndSign.ReplaceAllString(s, "$1\u00a0$2$3") }

// withoutIt says what a consumer does without a need.
func withoutIt(c graph.Criticality) string {
	switch c.OrDefault() {
	case graph.Minor:
		return "notices"
	case graph.Important:
		return "works worse"
	default:
		return "stops"
	}
}

// names writes nodes as links in a sentence: "A, B and C". More than most are counted: "A, B and 7 more".
func (ed *edition) names(nodes []int32, and string, most int) text {
	var items []text
	for i, v := range nodes {
		if i == most && len(nodes) > most+1 {
			items = append(items, say(phrase.Count(len(nodes)-most)+" more"))
			break
		}
		items = append(items, say(ed.name(v)))
	}
	return enumerate(items, and)
}

// enumerate joins texts as prose does: "A, B and C".
func enumerate(items []text, and string) text {
	var t text
	for i, item := range items {
		switch {
		case i == 0:
		case i == len(items)-1:
			t = append(t, run{Text: " " + and + " "})
		default:
			t = append(t, run{Text: ", "})
		}
		t = append(t, item...)
	}
	return t
}

// firstNames names the first of many things: "links.csv, hr.xlsx and 3 more files". One more than most is named too.
func firstNames(names []string, most int, more string) text {
	var items []text
	for i, name := range names {
		if i == most && len(names) > most+1 {
			items = append(items, say(len(names)-most, more))
			break
		}
		items = append(items, say(run{Text: name, Name: true}))
	}
	return enumerate(items, "and")
}

// name writes a node as a link to its page.
func (ed *edition) name(v int32) run {
	return run{Text: ed.nameOf(v), Href: ed.href(v), Name: true}
}

// plainName writes a node without a link.
func (ed *edition) plainName(v int32) run { return run{Text: ed.nameOf(v), Name: true} }

func (ed *edition) nameOf(v int32) string {
	n := &ed.snap.Nodes[v]
	if n.Name == "" {
		return n.ID
	}
	return n.Name
}

func (ed *edition) href(v int32) string {
	n := &ed.snap.Nodes[v]
	return diagram.Href(n.Kind, n.ID)
}

// service writes what a need or link provides; "" becomes a word.
func service(s string) string {
	if s == "" {
		return "its service"
	}
	return s
}
