package viewer

import (
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// found is how many hits a search shows.
const found = 100

// searchPage finds by name: one exact hit goes straight there.
func (s *Server) searchPage(r *request) (*page, error) {
	if err := onlyKeys(r, "q"); err != nil {
		return nil, err
	}
	ed := r.ed
	q := strings.TrimSpace(r.query.Get("q"))
	p := s.newPage(r, "", "Search")
	p.Query = q
	if q == "" {
		p.Heading = say("Find by name")
		p.Answer = []text{say("Write a name, an id or a part of one in the field above.")}
		return p, nil
	}
	v, err := ed.snap.Lookup(q)
	if err == nil {
		return nil, moved{to: ed.href(v)}
	}
	p.Title = "Search for " + q
	if hits := ed.search(q); len(hits) > 0 {
		p.Heading = say(phrase.Plural(len(hits), "name", "names")+" with ", run{Text: "“" + q + "”", Name: true})
		if len(hits) > found {
			p.Answer = []text{say("Showing ", found, " of ", len(hits), ". Write more of the name to see the rest.")}
			hits = hits[:found]
		}
		p.Sections = []section{ed.introductions(hits)}
		return p, nil
	}
	where := ""
	if s.stored() {
		where = " in " + p.Version
	}
	p.Heading = say("There is no ", run{Text: "“" + q + "”", Name: true}, where)
	var near []int32
	for _, name := range ed.snap.Nearest(q, 8) {
		if v, err := ed.snap.Lookup(name); err == nil {
			near = append(near, v)
		}
	}
	if len(near) == 0 {
		lists := append([]run{link("Customers", "/customers")}, ed.kindLinks(graph.NoKind)...)
		p.Answer = []text{append(say("Nothing has a name like it. The lists hold everything: "), joinRuns(lists)...)}
		return p, nil
	}
	p.Answer = []text{say("These are the nearest names:")}
	p.Sections = []section{ed.introductions(near)}
	return p, nil
}

// introductions lists nodes with what they are.
func (ed *edition) introductions(nodes []int32) section {
	list := make([]text, len(nodes))
	for i, v := range nodes {
		list[i] = ed.introduce(v)
	}
	return section{Parts: []part{{List: list}}}
}

func joinRuns(runs []run) text {
	var t text
	for i, r := range runs {
		if i > 0 {
			t = append(t, run{Text: " · "})
		}
		t = append(t, r)
	}
	return t
}

// search lists the nodes whose name, id, alias, role or contact has q in it: those that begin with it first.
func (ed *edition) search(q string) []int32 {
	folded := graph.Fold(q)
	if folded == "" {
		return nil
	}
	has := func(s string) bool { return s != "" && strings.Contains(graph.Fold(s), folded) }
	var hits []int32
	for i := range int32(len(ed.snap.Nodes)) {
		n := &ed.snap.Nodes[i]
		if has(n.Name) || has(n.ID) || has(n.Role) || has(n.Contact) || slices.ContainsFunc(n.Aliases, has) || slices.ContainsFunc(n.Tags, has) {
			hits = append(hits, i)
		}
	}
	begins := func(v int32) int {
		if strings.HasPrefix(graph.Fold(ed.nameOf(v)), folded) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(hits, func(a, b int32) int {
		if d := begins(a) - begins(b); d != 0 {
			return d
		}
		return compareNames(ed.nameOf(a), ed.nameOf(b))
	})
	return hits
}
