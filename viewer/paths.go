package viewer

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// pathsPage answers: the ways from one to another, and whom all of them need.
func (s *Server) pathsPage(r *request) (*page, error) {
	r.splitNames("via")
	r.splitNames("avoid")
	v, err := r.view("paths")
	if err != nil {
		return nil, err
	}
	ed := r.ed
	p := s.newPage(r, "/paths", "Paths")
	p.Ask = ed.pathsForm(v)
	if v.From == "" || v.To == "" {
		p.Heading = say("How does one reach another?")
		p.Answer = []text{say("Say where the chain begins and where it ends: you see the shortest ways, and whom all of them need.")}
		return p, nil
	}
	q, err := ed.pathQuery(v)
	if err != nil {
		return nil, err
	}
	found, err := analysis.Paths(r.ctx, ed.snap, q)
	switch {
	case r.ctx.Err() != nil:
		return nil, r.ctx.Err()
	case err != nil:
		return nil, &problem{Status: 400, Heading: "This path cannot be looked for", Say: say(upper(err.Error()) + "."), Acts: []run{link("Ask again", "/paths")}}
	}
	p.Title = "Paths from " + ed.nameOf(q.From) + " to " + ed.nameOf(q.To)
	p.Heading = say("How ", ed.plainName(q.From), " reaches ", ed.plainName(q.To))
	if len(found.Paths) == 0 {
		p.Heading = say(ed.plainName(q.From), " does not reach ", ed.plainName(q.To))
		p.Answer = []text{ed.noPath(q, found)}
		return p, nil
	}
	p.Answer = []text{ed.pathsAnswer(q, found)}
	pl, _, err := s.plate(p, r, v, "Picture of the paths from "+ed.nameOf(q.From)+" to "+ed.nameOf(q.To)+".")
	if err != nil {
		return nil, err
	}
	p.Plate = pl
	pl.Title = phrase.Plural(len(found.Paths), "shortest path", "shortest paths") + ", by " + map[bool]string{false: "number of links", true: "hours of lead time"}[q.ByLeadTime]
	p.Sections = []section{ed.pathsSaid(r, v, found)}
	return p, nil
}

// pathsSaid tells every path in a sentence.
func (ed *edition) pathsSaid(r *request, v diagram.View, found *analysis.PathAnswer) section {
	said := section{ID: "said", Heading: "The same paths as sentences", Columns: "two paths",
		Intro: []text{say(run{Text: "Save as CSV", Href: "/api/v1/paths?format=csv&" + apiPaths(v), Class: "saveas"})}}
	for _, path := range found.Paths {
		said.Parts = append(said.Parts, ed.pathPart(path))
	}
	if k := max(v.K, 3); len(found.Paths) == k && k < 10 {
		said.After = []text{say(link("Show 10 paths", r.with("k", "10")))}
	}
	return said
}

// splitNames reads a field of a form that may hold several names, separated by commas.
func (r *request) splitNames(key string) {
	var names []string
	for _, v := range r.query[key] {
		if _, err := r.ed.snap.Lookup(v); err == nil {
			names = append(names, v)
			continue
		}
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				names = append(names, part)
			}
		}
	}
	if len(names) > 0 {
		r.query[key] = names
	}
}

func (ed *edition) pathsForm(v diagram.View) *form {
	f := &form{Action: "/paths", Label: "Which paths", Submit: "Find paths", Strong: true, ListID: "who", Names: ed.nameList(), Hidden: hidden(v, "view", "from", "to", "via", "avoid", "k", "by")}
	labels := func(refs []string) string {
		out := make([]string, len(refs))
		for i, ref := range refs {
			out[i] = ed.labelOf(ref)
		}
		return strings.Join(out, ", ")
	}
	from, to := v.From, v.To
	if from != "" {
		from = ed.labelOf(from)
	}
	if to != "" {
		to = ed.labelOf(to)
	}
	list := len(f.Names) > 0
	f.Fields = []field{
		{Type: "text", ID: "from", Name: "from", Label: "From", Value: from, List: list},
		{Type: "text", ID: "to", Name: "to", Label: "To", Value: to, List: list},
		{Type: "text", ID: "via", Name: "via", Label: "Through (optional)", Value: labels(v.Via), Placeholder: "any", List: list},
		{Type: "text", ID: "avoid", Name: "avoid", Label: "Not through (optional)", Value: labels(v.Avoid), Placeholder: "nobody", List: list},
		{Type: "select", ID: "k", Name: "k", Label: "How many", Options: choose([]option{{Value: "3", Label: "3"}, {Value: "1", Label: "1"}, {Value: "5", Label: "5"}, {Value: "10", Label: "10"}, {Value: "20", Label: "20"}}, cmp.Or(trimZero(v.K), "3"))},
		{Type: "radio", ID: "by", Name: "by", Label: "Shortest by", Options: choose([]option{{Value: "hops", Label: "links"}, {Value: "lead_time", Label: "hours"}}, cmp.Or(v.By, "hops"))},
	}
	return f
}

func (ed *edition) pathQuery(v diagram.View) (analysis.PathQuery, error) {
	q := analysis.PathQuery{K: v.K, ByLeadTime: v.By == "lead_time"}
	var err error
	find := func(ref string) int32 {
		if err != nil {
			return -1
		}
		var x int32
		x, err = ed.snap.Lookup(ref)
		return x
	}
	q.From, q.To = find(v.From), find(v.To)
	for _, ref := range v.Via {
		q.Via = append(q.Via, find(ref))
	}
	for _, ref := range v.Avoid {
		q.Avoid = append(q.Avoid, find(ref))
	}
	return q, err
}

func apiPaths(v diagram.View) string {
	q := v.Values()
	for k := range q {
		if !slices.Contains([]string{"from", "to", "via", "avoid", "k", "by"}, k) {
			delete(q, k)
		}
	}
	return q.Encode()
}

func (ed *edition) noPath(q analysis.PathQuery, a *analysis.PathAnswer) text {
	t := say("No chain of service leads there. ")
	if a.Reached <= 1 {
		t = append(t, say(ed.name(q.From), " serves nobody that could be passed through.")...)
	} else {
		t = append(t, say("The search got to ", a.Reached, " of ", ed.snap.NodeCount(), " and no further than ")...)
		t = append(t, ed.names(a.Nearest, "and", 4)...)
		t = append(t, run{Text: "."})
	}
	if ed.served(q.To, q.From) {
		t = append(t, say(" The other way round there is one: ", link("from "+short(ed.nameOf(q.To))+" to "+short(ed.nameOf(q.From)), "/paths?from="+url.QueryEscape(ed.snap.Nodes[q.To].ID)+"&to="+url.QueryEscape(ed.snap.Nodes[q.From].ID)), ".")...)
	}
	return t
}

// served says whether a chain leads from one to another.
func (ed *edition) served(from, to int32) bool {
	seen := make([]bool, len(ed.snap.Nodes))
	todo := []int32{from}
	seen[from] = true
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v == to {
			return true
		}
		for _, c := range ed.snap.Served(v) {
			if !seen[c] {
				seen[c] = true
				todo = append(todo, c)
			}
		}
	}
	return false
}

// pathsAnswer says how many there are and whom all of them need.
func (ed *edition) pathsAnswer(q analysis.PathQuery, a *analysis.PathAnswer) text {
	n := len(a.Paths)
	if n == 1 {
		p := a.Paths[0]
		if want := max(q.K, 1); q.K == 0 || want > 1 {
			return say("There is one way, over ", phrase.Plural(p.Hops, "link", "links")+".")
		}
		return say("The shortest way is over ", phrase.Plural(p.Hops, "link", "links")+".")
	}
	t := say("These are the " + inWords(n) + " shortest ways. ")
	if n < max(q.K, 3) {
		t = say("There are " + inWords(n) + " ways in all. ")
	}
	all := slices.Clone(a.Paths[0].Nodes)
	for _, p := range a.Paths[1:] {
		all = slices.DeleteFunc(all, func(v int32) bool { return !slices.Contains(p.Nodes, v) })
	}
	all = slices.DeleteFunc(all, func(v int32) bool { return v == q.From || v == q.To })
	if len(all) == 0 {
		return append(t, run{Text: "No one between is on all of them."})
	}
	t = append(t, run{Text: "All of them go through "})
	return append(append(t, ed.names(all, "and", 4)...), run{Text: "."})
}

// pathPart tells one path in a sentence.
func (ed *edition) pathPart(path analysis.Path) part {
	heading := phrase.Plural(path.Hops, "link", "links")
	switch h, ok := path.LeadTime.Get(); {
	case ok:
		heading += ", " + phrase.HoursInWords(h) + " of lead time"
	case path.Missing < path.Hops:
		heading += fmt.Sprintf(", lead time not known for %d", path.Missing)
	}
	var items []text
	worst := graph.Critical
	for i := 0; i+1 < len(path.Nodes); i++ {
		item, crit := ed.stepSaid(path.Nodes[i], path.Nodes[i+1])
		worst = min(worst, crit)
		items = append(items, item)
	}
	p := part{Level: 3, Heading: say(heading), Paras: []text{joinWith(items, "; ", ".")}}
	from, to := ed.plainName(path.Nodes[0]), ed.plainName(path.Nodes[len(path.Nodes)-1])
	switch worst {
	case graph.Important:
		p.Paras = append(p.Paras, text{marked("mute", "If "), from, marked("mute", " fails, this path alone makes "), to, marked("mute", " work worse but does not stop it: not every link on it is critical.")})
	case graph.Minor:
		p.Paras = append(p.Paras, text{marked("mute", "If "), from, marked("mute", " fails, this path alone does not trouble "), to, marked("mute", ": one link on it is minor.")})
	}
	return p
}

// stepSaid tells what one provides to the next, and how bad its loss would be.
func (ed *edition) stepSaid(from, to int32) (text, graph.Criticality) {
	var services []string
	crit := graph.NoCriticality
	needs, _ := ed.snap.NeedsOf(to)
	for i := range needs {
		if slices.Contains(needs[i].Providers, from) {
			services = append(services, ed.needWords(&needs[i]))
			crit = max(crit, needs[i].Criticality)
		}
	}
	if len(services) == 0 {
		return say(ed.name(from), " serves ", ed.name(to)), graph.Critical
	}
	if len(services) == 1 && services[0] == service("") {
		return say(ed.name(from), " serves ", ed.name(to)), crit
	}
	return say(ed.name(from), " serves ", ed.name(to), " with ", strong(strings.Join(services, ", "))), crit
}
