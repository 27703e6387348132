package viewer

import (
	"fmt"
	"strings"

	"example.com/whoserves/graph"
)

// orgOf makes an organisation of one source.
func orgOf(name string, nodes []*graph.NodeRecord, links []*graph.LinkRecord) *graph.Org {
	src := graph.NewSource("test", nodes, links)
	src.Rank = 1
	return &graph.Org{Name: name, Sources: []*graph.Source{src}}
}

// layers makes an organisation of about n nodes: suppliers serve a first row of teams, each row serves the next, the last one
// serves the customers. Every third need has an alternate; a few are important or minor; some facts are left out.
func layers(n int) *graph.Org {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	add := func(id string, kind graph.Kind, change func(*graph.NodeRecord)) {
		r := &graph.NodeRecord{ID: id, Name: strings.ToUpper(id[:1]) + strings.ReplaceAll(id[1:], "-", " "), Kind: kind}
		if change != nil {
			change(r)
		}
		nodes = append(nodes, r)
	}
	customers, suppliers := max(1, n/20), max(1, n/8)
	teams := n - customers - suppliers
	units := max(1, teams/8)
	for u := range units {
		add(fmt.Sprintf("unit-%d", u), graph.Unit, nil)
	}
	for i := range suppliers {
		add(fmt.Sprintf("supplier-%d", i), graph.Supplier, func(r *graph.NodeRecord) {
			if i%2 == 0 {
				r.RecoveryHours = graph.Given(96)
			}
		})
	}
	for i := range teams {
		add(fmt.Sprintf("team-%d", i), graph.Team, func(r *graph.NodeRecord) {
			r.Unit = fmt.Sprintf("unit-%d", i%units)
			r.Contact = fmt.Sprintf("desk %d", i)
			if i%3 > 0 {
				r.RecoveryHours, r.Capacity = graph.Given(float64(i%48)), graph.Given(100)
			}
			if i%7 == 0 {
				r.Tags, r.Sites = []string{"night"}, []string{"hangar"}
			}
		})
	}
	add("hangar", graph.Resource, nil)
	add("ada-key", graph.Person, func(r *graph.NodeRecord) { r.Teams, r.Role = []string{"team-0"}, "Head" })
	for i := range customers {
		add(fmt.Sprintf("customer-%d", i), graph.Customer, func(r *graph.NodeRecord) {
			r.Value = graph.Given(float64(100 - i%90))
			r.Segment = graph.Segment(i % 4)
		})
	}
	link := func(p, c, service string, k int) {
		l := &graph.LinkRecord{Provider: p, Consumer: c, Service: service, Tolerance: graph.Given(float64(k % 30)), Volume: graph.Given(float64(10 + k%100))}
		if k%4 > 0 {
			l.Satisfaction, l.Channel = graph.Given(float64(40+k%60)), "phone"
		}
		switch k % 9 {
		case 7:
			l.Criticality = graph.Important
		case 8:
			l.Criticality = graph.Minor
		}
		links = append(links, l)
	}
	const width = 5
	for i := range teams {
		consumer := fmt.Sprintf("team-%d", i)
		if i < width {
			link(fmt.Sprintf("supplier-%d", i%suppliers), consumer, "goods", i)
			continue
		}
		link(fmt.Sprintf("team-%d", i-width), consumer, "work", i)
		if i%3 == 0 {
			link(fmt.Sprintf("team-%d", i-width+1), consumer, "work", i)
		}
		if i%5 == 0 {
			link(fmt.Sprintf("supplier-%d", i%suppliers), consumer, "parts", i)
		}
	}
	for i := range customers {
		link(fmt.Sprintf("team-%d", teams-1-i%min(teams, 10)), fmt.Sprintf("customer-%d", i), "service", i)
		link(fmt.Sprintf("team-%d", teams-1-(i+3)%min(teams, 10)), fmt.Sprintf("customer-%d", i), "help", i+3)
	}
	if teams > 2 {
		link("team-1", "team-0", "loop", 1)
		link("team-0", "team-1", "loop", 2)
	}
	return orgOf("Layers & Sons", nodes, links)
}

// hostileNames are names as they must never be taken: as markup, as escapes, as ends of sections.
var hostileNames = []string{
	`"quotes" and 'more'`, `<script>alert(1)</script>`, `\N \G \L \n end`, `]]> end`, `🧑‍🚀🚀 emoji`, `الخطوط الجوية`, `客舱服务部`,
	strings.Repeat("three hundred letters ", 14), `&amp; &lt;b&gt; & co`, `a/b?c=d#e%20f`, `=1+2`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `{{.}}`, `-->`, `..`,
}

// hostile makes an organisation in which everything that a person can write is hostile.
func hostile() *graph.Org {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	nodes = append(nodes, &graph.NodeRecord{ID: "unit " + hostileNames[1], Name: hostileNames[1] + " unit", Kind: graph.Unit})
	for i, name := range hostileNames {
		r := &graph.NodeRecord{Name: name, Kind: graph.Team, Unit: "unit " + hostileNames[1], Contact: name, Role: name, Tags: []string{name}}
		if i%2 == 0 {
			r.ID = name // ids may be anything as well
		}
		nodes = append(nodes, r)
		if i > 0 {
			links = append(links, &graph.LinkRecord{Provider: hostileNames[i-1], Consumer: name, Service: name, Channel: name, Feedback: name, Agreement: name,
				Satisfaction: graph.Given(40), Tolerance: graph.Given(3)})
		}
	}
	nodes = append(nodes, &graph.NodeRecord{ID: "c", Name: `<b>Customer</b> & "friends"`, Kind: graph.Customer})
	links = append(links, &graph.LinkRecord{Provider: hostileNames[len(hostileNames)-1], Consumer: "c", Service: "<i>all</i>"})
	return orgOf(`<script>org</script> & "co"`, nodes, links)
}
