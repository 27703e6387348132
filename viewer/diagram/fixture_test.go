package diagram

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// nasty are names that must show as themselves and do nothing.
var nasty = []string{
	`Say "when"`, `back\slash \N \G \E \l`, `]]> end`, `<script>alert(1)</script>`, `R&D &lt; &amp;`, "bell\x07 and tab\there", "bad \xff\xfe bytes",
	"👩‍🚀 crew", "فريق العمليات", "货运销售部", "e\u0301galite\u0301", strings.Repeat("Very long name ", 20), "-- /* comment */ <!--", "\u202eesrever", "\x00\x01",
}

// small is an organisation with something of everything: alternates, false and circular redundancy, loops, a key person,
// a site, nested units, a unit that serves, customers of three segments, and nasty names.
func small() *graph.Org {
	n := func(id, name string, k graph.Kind, unit string) *graph.NodeRecord {
		return &graph.NodeRecord{ID: id, Name: name, Kind: k, Unit: unit, RecoveryHours: graph.Given(6), Capacity: graph.Given(100)}
	}
	nodes := []*graph.NodeRecord{
		n("flight", "Flight operations", graph.Unit, ""), n("ground", "Ground", graph.Unit, ""), n("ramp-unit", "Ramp", graph.Unit, "ground"),
		n("control", "Operations control", graph.Team, "flight"), n("crew", "Crew scheduling", graph.Team, "flight"), n("pilots", "Pilots", graph.Team, "flight"),
		n("ramp", "Ramp handling", graph.Team, "ramp-unit"), n("gates", "Gates", graph.Team, "ground"), n("it", "IT", graph.Team, "ground"), n("hr", "HR", graph.Team, "ground"),
		n("fuel-a", "Kestrel Fuels", graph.Supplier, ""), n("fuel-b", "Ocell Fuels", graph.Supplier, ""), n("depot", "Fuel depot", graph.Supplier, ""),
		n("generator", "Generator", graph.Resource, ""), n("hangar", "Hangar", graph.Resource, ""),
		n("business", "Business travellers", graph.Customer, ""), n("leisure", "Leisure travellers", graph.Customer, ""), n("tour", "Tour firm", graph.Customer, ""),
		{ID: "ann", Name: "Ann Only", Kind: graph.Person, Teams: []string{"crew"}},
		{ID: "bo", Name: "Bo", Kind: graph.Person, Teams: []string{"gates"}}, {ID: "cy", Name: "Cy", Kind: graph.Person, Teams: []string{"gates"}},
	}
	for _, r := range nodes {
		switch r.ID {
		case "business":
			r.Segment, r.Value = graph.Potential, graph.Given(5)
		case "tour":
			r.Segment, r.Value = graph.Temporary, graph.Given(9)
		case "pilots":
			r.Sites, r.Tags = []string{"hangar"}, []string{"licensed"}
		case "crew":
			r.Tags, r.RecoveryHours = []string{"licensed"}, graph.Given(90)
		}
	}
	for i, name := range nasty {
		nodes = append(nodes, n(fmt.Sprintf("x%d<&\"\\ %d", i, i), name, []graph.Kind{graph.Team, graph.Supplier, graph.Person, graph.Resource, graph.Customer}[i%5], ""))
	}
	var links []*graph.LinkRecord
	l := func(from, to, service string, c graph.Criticality, hours, volume, rating float64) {
		links = append(links, &graph.LinkRecord{Provider: from, Consumer: to, Service: service, Criticality: c,
			Tolerance: graph.Given(hours), Volume: graph.Given(volume), Satisfaction: graph.Given(rating), LeadTime: graph.Given(hours / 2)})
	}
	l("depot", "fuel-a", "Bulk fuel", graph.Critical, 24, 40, 80)
	l("depot", "fuel-b", "Bulk fuel", graph.Critical, 48, 40, 50)
	l("fuel-a", "ramp", "Fuel", graph.Critical, 12, 30, 90)
	l("fuel-b", "ramp", "Fuel", graph.Critical, 12, 30, 40)
	l("ramp", "control", "Turnaround", graph.Critical, 2, 99, 70)
	l("crew", "pilots", "Rosters", graph.Critical, 24, 20, 70)
	l("pilots", "control", "Pilots", graph.Critical, 2, 30, 70)
	l("control", "business", "Flights", graph.Critical, 6, 60, 77)
	l("control", "leisure", "Flights", graph.Critical, 100, 60, 77)
	l("gates", "leisure", "Boarding", graph.Important, 4, 10, 30)
	l("gates", "tour", "Boarding", graph.Critical, 4, 10, 30)
	l("it", "hr", "Accounts", graph.Critical, 24, 0, 60)
	l("hr", "it", "Pay", graph.Important, 72, 0, 60)
	l("it", "gates", "Screens", graph.Critical, 3, 5, 60)
	l("it", "generator", "Monitoring", graph.Critical, 3, 5, 60)
	l("generator", "it", "Power", graph.Critical, 1, 5, 60)
	l("hangar", "it", "Power", graph.Critical, 1, 5, 60)
	l("flight", "gates", "Delay notices", graph.Minor, 1, 0, 60)
	for i := range nasty {
		l(fmt.Sprintf("x%d<&\"\\ %d", i, i), "control", nasty[(i+1)%len(nasty)], graph.Critical, 5, 1, 10)
	}
	return &graph.Org{Name: `Air "Larkway" & <sons>`, Sources: []*graph.Source{graph.NewSource("test", nodes, links)}}
}

// large is an organisation with n teams, customers and many who can stop them.
func large(n, links int, units bool) *graph.Org {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	var nodes []*graph.NodeRecord
	var ls []*graph.LinkRecord
	for i := range n {
		rec := &graph.NodeRecord{ID: fmt.Sprintf("t%d", i), Name: fmt.Sprintf("Team %d", i), Kind: graph.Team, Capacity: graph.Given(float64(20 + r.IntN(100)))}
		if units {
			rec.Unit = fmt.Sprintf("Unit %d", i%(n/20+1))
		}
		nodes = append(nodes, rec)
	}
	customers := max(3, n/15)
	for i := range customers {
		nodes = append(nodes, &graph.NodeRecord{ID: fmt.Sprintf("c%d", i), Name: fmt.Sprintf("Customer %d", i), Kind: graph.Customer})
		for range 3 {
			ls = append(ls, &graph.LinkRecord{Provider: fmt.Sprintf("t%d", n-1-r.IntN(n/3+1)), Consumer: fmt.Sprintf("c%d", i), Service: fmt.Sprintf("S%d", r.IntN(3))})
		}
	}
	for range links {
		a := r.IntN(n)
		b := min(n-1, a+1+r.IntN(n/10+2))
		if r.IntN(30) == 0 {
			a, b = b, a
		}
		ls = append(ls, &graph.LinkRecord{Provider: fmt.Sprintf("t%d", a), Consumer: fmt.Sprintf("t%d", b), Service: fmt.Sprintf("S%d", r.IntN(8)),
			Criticality: []graph.Criticality{graph.Critical, graph.Important, graph.Minor}[r.IntN(3)], Tolerance: graph.Given(float64(r.IntN(40))), Volume: graph.Given(float64(r.IntN(30)))})
	}
	return &graph.Org{Name: "Large", Sources: []*graph.Source{graph.NewSource("test", nodes, ls)}}
}

func analysed(tb testing.TB, o *graph.Org) (*graph.Snapshot, *analysis.Findings) {
	tb.Helper()
	s := graph.NewSnapshot(o)
	f, err := analysis.Analyse(context.Background(), s, analysis.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return s, f
}

// smallViews are queries that between them show every mark there is.
var smallViews = []string{
	"view=overview", "view=overview&colour=risk&links=all", "view=overview&open=flight", "view=overview&open=ramp-unit&links=all", "view=overview&hubs=draw", "view=overview&kind=supplier",
	"view=customer&customer=business", "view=customer&customer=leisure&chain=depot", "view=customer&customer=tour&links=all", "view=customer&customer=business&colour=rating",
	"view=customer&customer=leisure&kind=supplier&hide=fuel-a", "view=customer&customer=leisure&unit=flight", "view=customer&customer=business&tag=licensed", "view=customer&customer=business&site=hangar", "view=customer&customer=leisure&nodes=5",
	"view=node&node=control", "view=node&node=it", "view=node&node=ramp&hops=3", "view=node&node=flight", "view=node&node=leisure", "view=node&node=crew&colour=load", "view=node&node=bo",
	"view=risks", "view=risks&customer=tour", "view=risks&exposed=1&given=1",
	"view=bottlenecks", "view=bottlenecks&basis=measured", "view=bottlenecks&basis=structural",
	"view=paths&from=depot&to=leisure", "view=paths&from=leisure&to=depot", "view=paths&from=depot&to=leisure&via=fuel-b&avoid=fuel-a&by=lead_time",
	"view=ripple&fail=depot", "view=ripple&fail=unit:ground&worse=ann", "view=ripple&worse=it&links=all", "view=ripple&fail=tag:licensed&links=important", "view=ripple&fail=bo",
}

func build(tb testing.TB, s *graph.Snapshot, f *analysis.Findings, query string) *Diagram {
	tb.Helper()
	v, err := ParseQuery(query)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	d, err := Build(context.Background(), s, f, v)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return d
}

// shuffled is the same organisation, its rows in another order.
func shuffled(o *graph.Org, seed uint64) *graph.Org {
	r := rand.New(rand.NewPCG(seed, 1))
	src := o.Sources[0]
	nodes, links := slices.Clone(src.Nodes), slices.Clone(src.Links)
	r.Shuffle(len(nodes), func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
	r.Shuffle(len(links), func(i, j int) { links[i], links[j] = links[j], links[i] })
	return &graph.Org{Name: o.Name, Sources: []*graph.Source{graph.NewSource(src.Name, nodes, links)}}
}
