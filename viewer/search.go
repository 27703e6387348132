package viewer

import (
	"slices"
	"strings"

	"example.com/whoserves/graph"
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
	hits := ed.search(q)
	if len(hits) > 0 {
		p.Heading = say(plural(len(hits), "name", "names")+" with ", run{Text: "“" + q + "”", Name: true})
		var list []text
		for _, h := range hits[:min(len(hits), found)] {
			list = append(list, ed.introduce(h))
		}
		if len(hits) > found {
			p.Answer = []text{say("Showing ", found, " of ", len(hits), ". Write more of the name to see the rest.")}
		}
		p.Sections = []section{{Parts: []part{{List: list}}}}
		return p, nil
	}
	where := ""
	if s.config.Store != nil {
		where = " in " + p.Version
	}
	p.Heading = say("There is no ", run{Text: "“" + q + "”", Name: true}, where)
	near := ed.snap.Nearest(q, 8)
	if len(near) == 0 {
		p.Answer = []text{say("Nothing has a name like it. The lists hold everything: ")}
		p.Answer[0] = append(p.Answer[0], joinRuns(append([]run{link("Customers", "/customers")}, ed.kindLinks(graph.NoKind)...))...)
		return p, nil
	}
	p.Answer = []text{say("These are the nearest names:")}
	var list []text
	for _, name := range near {
		if v, err := ed.snap.Lookup(name); err == nil {
			list = append(list, ed.introduce(v))
		}
	}
	p.Sections = []section{{Parts: []part{{List: list}}}}
	return p, nil
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
