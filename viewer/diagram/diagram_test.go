package diagram

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestDOTIsTheSameWhateverTheOrder(t *testing.T) {
	org := small()
	want := map[string]string{}
	for i := range 100 {
		s, f := analysed(t, shuffled(org, uint64(i)))
		for j, q := range smallViews {
			if i > 0 && j%10 != i%10 { // every view ten times
				continue
			}
			got := build(t, s, f, q).DOT()
			if want[q] == "" {
				want[q] = got
			} else if got != want[q] {
				t.Fatalf("%s: the DOT differs in build %d", q, i)
			}
		}
	}
}

func TestGolden(t *testing.T) {
	s, f := analysed(t, small())
	for name, query := range map[string]string{
		"overview": "view=overview",
		"customer": "view=customer&customer=leisure&chain=depot",
		"node":     "view=node&node=crew",
		"ripple":   "view=ripple&fail=depot",
	} {
		file := filepath.Join("testdata", name+".dot")
		got := build(t, s, f, query).DOT()
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: the DOT has changed (go test ./viewer/diagram -update writes it anew)\n%s", name, got)
		}
	}
}

func TestWithoutFindings(t *testing.T) {
	s, _ := analysed(t, small())
	for _, q := range smallViews {
		d := build(t, s, nil, q)
		if !slices.ContainsFunc(d.Notes, func(n string) bool { return strings.Contains(n, "being worked out") }) {
			t.Errorf("%s does not say that findings follow: %q", q, d.Notes)
		}
	}
}

func TestUnknown(t *testing.T) {
	s, f := analysed(t, small())
	for query, nearest := range map[string]string{
		"view=customer&customer=Bussiness+travellers":       "Business travellers",
		"view=customer&customer=leisure&chain=Kestrel+Fuel": "Kestrel Fuels",
		"view=node&node=Pilot":                              "Pilots",
		"view=paths&from=Pilot&to=leisure":                  "Pilots",
		"view=paths&from=pilots&to=leisure&via=Gate":        "Gates",
		"view=paths&from=pilots&to=leisure&avoid=Gate":      "Gates",
		"view=ripple&fail=Gate":                             "Gates",
		"view=risks&customer=Tour+frim":                     "Tour firm",
		"view=overview&open=Grund":                          "Ground",
		"view=overview&hide=Gate":                           "Gates",
		"view=overview&unit=Grund":                          "Ground",
	} {
		v, err := ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Build(context.Background(), s, f, v)
		var u *graph.UnknownError
		if !errors.As(err, &u) || !slices.Contains(u.Nearest, nearest) {
			t.Errorf("%s: %v", query, err)
		}
	}
	for query, key := range map[string]string{
		"view=customer": "customer", "view=node": "node", "view=paths&to=leisure": "from", "view=paths&from=depot": "to",
		"view=ripple": "fail", "view=overview&open=pilots": "open",
	} {
		v, _ := ParseQuery(query)
		_, err := Build(context.Background(), s, f, v)
		var q *QueryError
		if !errors.As(err, &q) || q.Key != key {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestStopsWhenTold(t *testing.T) {
	s, f := analysed(t, small())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, q := range smallViews {
		v, _ := ParseQuery(q)
		if _, err := Build(ctx, s, f, v); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func badges(d *Diagram, id string) []string {
	var all []string
	for _, n := range d.Nodes {
		if n.ID == id {
			for _, b := range n.Badges {
				all = append(all, b.Text)
			}
		}
	}
	return all
}

func class(d *Diagram, from, to, class string) bool {
	return slices.ContainsFunc(d.Links, func(l Link) bool {
		return l.From == from && l.To == to && slices.Contains(l.Classes, class)
	})
}

// The known answers of the small organisation: the depot stops Leisure travellers after 48 + 12 + 2 + 100 hours, through
// both fuel companies.
func TestCustomerView(t *testing.T) {
	s, f := analysed(t, small())
	d := build(t, s, f, "view=customer&customer=leisure&chain=depot")
	if got := badges(d, "depot"); !slices.Equal(got, []string{"▲ stops it alone · 6.8 d"}) {
		t.Errorf("depot: %q", got)
	}
	if got := badges(d, "pilots"); !slices.Equal(got, []string{"▲ stops it alone · 4.3 d"}) {
		t.Errorf("pilots: %q", got)
	}
	pill := ""
	for _, n := range d.Nodes {
		if n.form == needPill && strings.Contains(n.Tooltip, "Ramp handling") {
			pill = n.Key
			if n.Name != "▲ 1 of 2" || !n.look.falsely {
				t.Errorf("the pill of Fuel: %+v", n)
			}
		}
	}
	for _, e := range [][2]string{{"n-depot", "n-fuel-a"}, {"n-depot", "n-fuel-b"}, {"n-fuel-a", pill}, {"n-fuel-b", pill}, {pill, "n-ramp"}, {"n-ramp", "n-control"}, {"n-control", "n-leisure"}} {
		if !class(d, e[0], e[1], "on-chain") {
			t.Errorf("%s → %s is not on the failing chain", e[0], e[1])
		}
	}
	if class(d, "n-pilots", "n-control", "on-chain") {
		t.Error("Pilots are on the failing chain")
	}
	if !slices.ContainsFunc(d.Notes, func(n string) bool {
		return n == "Thick red line: how Fuel depot alone stops Leisure travellers after 6.8 d, although there are alternates."
	}) {
		t.Errorf("notes: %q", d.Notes)
	}
}

func TestHref(t *testing.T) {
	for _, c := range []struct {
		kind graph.Kind
		id   string
		want string
	}{
		{graph.Team, "it", "/teams/it"}, {graph.NoKind, "it", "/teams/it"}, {graph.Supplier, "a b", "/suppliers/a%20b"}, {graph.Person, "../x", "/people/..%2Fx"},
		{graph.Resource, "a&b?c#d", "/resources/a%26b%3Fc%23d"}, {graph.Unit, `"<`, "/units/%22%3C"}, {graph.Customer, "..", "/customers/%2E%2E"}, {graph.Team, `\N`, "/teams/%5CN"},
	} {
		if got := Href(c.kind, c.id); got != c.want {
			t.Errorf("Href(%s, %q) = %s, want %s", c.kind, c.id, got, c.want)
		}
	}
}

func TestElementIDsDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, id := range []string{"a", "a b", "a.20.b", "a\tb", "a\\b", "a&b", "a\xff", "a.xff.", "a�", "ä", "中", "a-b", "a_b", "", "."} {
		key := elementID("n-", id)
		if other, ok := seen[key]; ok {
			t.Errorf("%q and %q are both %s", id, other, key)
		}
		seen[key] = id
		if strings.ContainsAny(key, "\"\\ <>&\t") {
			t.Errorf("%q gives %q", id, key)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name string
		cols int
		want []string
	}{
		{"Payroll", 22, []string{"Payroll"}},
		{"Operations control centre", 22, []string{"Operations", "control centre"}},
		{"Donaudampfschifffahrtsgesellschaft", 14, []string{"Donaudampfsch", "ifffahrtsgesell", "schaft"}},
		{"货运销售部货运销售部", 10, []string{"货运销售部", "货运销售部"}},
		{"", 10, []string{"(no name)"}},
		{"\x00", 10, []string{"(no name)"}},
	} {
		got := wrap(c.name, c.cols, 3)
		if c.name == "Donaudampfschifffahrtsgesellschaft" {
			if strings.Join(got, "") != c.name {
				t.Errorf("%q", got)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q) = %q, want %q", c.name, got, c.want)
		}
	}
	long := wrap(strings.Repeat("word ", 60), 22, 3)
	if len(long) != 3 || !strings.HasSuffix(long[2], "…") {
		t.Errorf("%q", long)
	}
	for _, l := range long {
		if columns(l) > 22 {
			t.Errorf("%q is too wide", l)
		}
	}
}

var showing = regexp.MustCompile(`Showing(?: the)? ([0-9,]+)(?: \w+)? of ([0-9,]+)`)

// Large organisations stay within the limits, say so, and the numbers that they say are right.
func TestLimits(t *testing.T) {
	for _, org := range []*graph.Org{large(400, 1600, true), large(400, 1600, false), large(60, 600, false)} {
		s, f := analysed(t, org)
		for _, q := range []string{
			"view=overview", "view=overview&links=all", "view=overview&links=all&nodes=20", "view=customer&customer=c0&links=all", "view=customer&customer=c0&links=all&nodes=12",
			"view=risks", "view=risks&nodes=10", "view=bottlenecks&basis=structural", "view=bottlenecks&basis=measured", "view=node&node=t30&links=all&hops=2", "view=ripple&fail=t1&fail=t2&fail=t3", "view=ripple&fail=t1&fail=t2&fail=t3&links=all&nodes=9",
		} {
			d := build(t, s, f, q)
			nodes, links := 0, 0
			for _, n := range d.Nodes {
				if n.form == plainNode {
					nodes++
				}
			}
			for _, l := range d.Links {
				if !l.hidden && !slices.Contains(l.Classes, "axis") && !strings.HasPrefix(l.From, "j-") && !slices.Contains(l.Classes, "onward") {
					links++
				}
			}
			v := d.View
			if nodes > v.maxNodes() || links > v.maxLinks() {
				t.Errorf("%s: %d nodes, %d links", q, nodes, links)
			}
			if d.Shown.Nodes > d.Total.Nodes || d.Shown.Links > d.Total.Links {
				t.Errorf("%s: shown %+v of %+v", q, d.Shown, d.Total)
			}
			said := false
			for _, note := range d.Notes {
				if m := showing.FindStringSubmatch(note); m != nil {
					x, _ := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
					y, _ := strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
					said = said || x == d.Shown.Nodes && y == d.Total.Nodes || x < y
					if x > y {
						t.Errorf("%s: %s", q, note)
					}
				}
			}
			if d.Shown.Nodes < d.Total.Nodes && !said {
				t.Errorf("%s: shows %d of %d nodes without a word: %q", q, d.Shown.Nodes, d.Total.Nodes, d.Notes)
			}
		}
	}
}

// Every visible line of a view has its fact, and every fact is a sentence about nodes that exist.
func TestFacts(t *testing.T) {
	s, f := analysed(t, small())
	for _, q := range smallViews {
		d := build(t, s, f, q)
		if len(d.Links) > 0 && len(d.Facts) == 0 {
			t.Errorf("%s: lines without facts", q)
		}
		for _, fact := range d.Facts {
			if fact.From.Name == "" || fact.To.Name == "" || !strings.HasSuffix(fact.Text, ".") || !strings.Contains(fact.Text, fact.To.Name) {
				t.Errorf("%s: %+v", q, fact)
			}
			for _, e := range []End{fact.From, fact.To} {
				if e.ID != "" && s.ByID(e.ID) < 0 {
					t.Errorf("%s: no node %q", q, e.ID)
				}
			}
		}
	}
}

func TestHubsAreMarks(t *testing.T) {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	nodes = append(nodes, &graph.NodeRecord{ID: "c", Name: "Customer", Kind: graph.Customer}, &graph.NodeRecord{ID: "hub", Name: "Service desk", Kind: graph.Team})
	for i := range 10 {
		id := "t" + strconv.Itoa(i)
		nodes = append(nodes, &graph.NodeRecord{ID: id, Name: "Team " + id, Kind: graph.Team})
		links = append(links, &graph.LinkRecord{Provider: "hub", Consumer: id, Service: "Help"}, &graph.LinkRecord{Provider: id, Consumer: "c", Service: id})
	}
	s, f := analysed(t, &graph.Org{Sources: []*graph.Source{graph.NewSource("x", nodes, links)}})
	d := build(t, s, f, "view=customer&customer=c")
	if class(d, "n-hub", "n-t3", "critical") {
		t.Error("the hub's lines are drawn")
	}
	if got := badges(d, "t3"); !slices.Contains(got, "served by ●1") {
		t.Errorf("t3: %q", got)
	}
	if got := badges(d, "hub"); !slices.Contains(got, "●1 serves 10 of the 11 shown") {
		t.Errorf("hub: %q", got)
	}
	if d.Shown.Links != 20 || d.Total.Links != 20 || len(d.Facts) != 20 {
		t.Errorf("%+v of %+v, %d facts", d.Shown, d.Total, len(d.Facts))
	}
	drawn := build(t, s, f, "view=customer&customer=c&hubs=draw")
	if !class(drawn, "n-hub", "n-t3", "critical") {
		t.Error("hubs=draw does not draw the hub's lines")
	}
}

func TestLegendExplainsOnlyWhatOccurs(t *testing.T) {
	s, f := analysed(t, small())
	seen := map[string]bool{}
	for _, q := range smallViews {
		d := build(t, s, f, q)
		keys := map[string]bool{}
		for _, e := range d.Legend() {
			keys[e.Key], seen[e.Key] = true, true
		}
		dot := d.DOT()
		for _, kind := range []graph.Kind{graph.Person, graph.Supplier, graph.Resource} {
			if has := strings.Contains(dot, "k-"+kind.String()); has != keys[kind.String()] {
				t.Errorf("%s: %s occurs: %t, in the legend: %t", q, kind, has, keys[kind.String()])
			}
		}
		for key, mark := range map[string]string{"need": `class="need`, "false": `class="need false`, "on-chain": " on-chain", "spof": " spof", "focus": " focus", "path": "path-1", "degraded": " s-degraded"} {
			if has := strings.Contains(dot, mark); has != keys[key] && key != "on-chain" {
				t.Errorf("%s: %q occurs: %t, in the legend: %t", q, mark, has, keys[key])
			}
		}
	}
	for _, e := range legend {
		if !seen[e.Key] && !slices.Contains([]string{"hub"}, e.Key) {
			t.Errorf("no view of the tests shows %q", e.Key)
		}
	}
}

func TestGroupsAsOrigin(t *testing.T) {
	s, f := analysed(t, small())
	d := build(t, s, f, "view=ripple&fail=unit:ground&worse=ann")
	if d.Title != "If Ground stops: who is hit, and when" {
		t.Errorf("title %q", d.Title)
	}
	i := slices.IndexFunc(d.Nodes, func(n Node) bool { return n.ID == "ground" })
	if i < 0 || d.Nodes[i].Count != 4 || len(d.Nodes[i].Members) != 4 {
		t.Errorf("the box of the group: %+v", d.Nodes)
	}
}

// Without units and customers the overview draws the nodes themselves, those alike in one box.
func TestOverviewOfNodesThatAreAlike(t *testing.T) {
	var links []*graph.LinkRecord
	for i := range 30 {
		for j := range 3 {
			links = append(links, &graph.LinkRecord{Provider: "Team " + strconv.Itoa(i), Consumer: "Department " + strconv.Itoa((i%5+j)%5)})
		}
	}
	s, f := analysed(t, &graph.Org{Sources: []*graph.Source{graph.NewSource("x", nil, links)}})
	d := build(t, s, f, "view=overview")
	if len(d.Nodes) != 10 || d.Shown.Nodes != 35 || d.Total.Nodes != 35 {
		t.Errorf("%d boxes, %+v of %+v", len(d.Nodes), d.Shown, d.Total)
	}
	members := 0
	for _, n := range d.Nodes {
		members += len(n.Members)
		if n.Count == 6 && n.Name != "6 teams alike" {
			t.Errorf("%+v", n)
		}
	}
	if members != 30 || len(d.Facts) != 90 || d.Shown.Links != 90 {
		t.Errorf("%d members, %d facts, %d links", members, len(d.Facts), d.Shown.Links)
	}
	for _, want := range []string{"Who serves and is served alike shares a box: 30 nodes in 5 boxes.", "No external customer is known: 5 nodes that serve no one stand in."} {
		if !slices.Contains(d.Notes, want) {
			t.Errorf("%q is not said: %q", want, d.Notes)
		}
	}
	cells := frame(t, draw(t, d), d, FrameOptions{Grid: true}).Cells
	if len(cells) != 35 {
		t.Errorf("%d of 35 have a place on the grid", len(cells))
	}
}

// Long chains of units stand in few columns, and no line runs right of the customers.
func TestLongChainsOfUnits(t *testing.T) {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for i := range 40 {
		id := "t" + strconv.Itoa(i)
		nodes = append(nodes, &graph.NodeRecord{ID: id, Name: id, Kind: graph.Team, Unit: "Unit " + strconv.Itoa(i)})
		if i > 0 {
			links = append(links, &graph.LinkRecord{Provider: "t" + strconv.Itoa(i-1), Consumer: id})
		}
	}
	nodes = append(nodes, &graph.NodeRecord{ID: "c", Name: "Customer", Kind: graph.Customer})
	links = append(links, &graph.LinkRecord{Provider: "t20", Consumer: "c"})
	s, f := analysed(t, &graph.Org{Sources: []*graph.Source{graph.NewSource("x", nodes, links)}})
	d := build(t, s, f, "view=overview")
	framed := frame(t, draw(t, d), d, FrameOptions{Grid: true})
	if framed.Width > widthMost {
		t.Errorf("%.0f points wide", framed.Width)
	}
	cells := framed.Cells
	for id, cell := range cells {
		if id != "c" && cell[0] > cells["c"][0] {
			t.Errorf("%s at %s is right of the customer at %s", id, cell, cells["c"])
		}
	}
}

// More than twelve hours make bands; a node never stands left of what stops it.
func TestRippleBands(t *testing.T) {
	var links []*graph.LinkRecord
	for i := range 20 {
		links = append(links, &graph.LinkRecord{Provider: "t" + strconv.Itoa(i), Consumer: "t" + strconv.Itoa(i+1), Tolerance: graph.Given(float64(i) * 1.5)})
	}
	s, f := analysed(t, &graph.Org{Sources: []*graph.Source{graph.NewSource("x", nil, links)}})
	d := build(t, s, f, "view=ripple&fail=t0")
	var axis []string
	for _, n := range d.Nodes {
		if n.form == axisLabel {
			axis = append(axis, n.Name)
		}
	}
	if !slices.Equal(axis, []string{"at once", "by 2 h", "by 8 h", "by 24 h", "by 3 d", "by 7 d", "later"}) {
		t.Errorf("%q", axis)
	}
	if got := badges(d, "t20"); !slices.Equal(got, []string{"× stops at 11.9 d"}) {
		t.Errorf("t20: %q", got)
	}
	cells := frame(t, draw(t, d), d, FrameOptions{Grid: true}).Cells
	for i := range 20 {
		if cells["t"+strconv.Itoa(i)][0] > cells["t"+strconv.Itoa(i+1)][0] {
			t.Errorf("t%d at %s stands right of t%d at %s", i, cells["t"+strconv.Itoa(i)], i+1, cells["t"+strconv.Itoa(i+1)])
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	s, f := analysed(b, large(10_000, 40_000, true))
	for _, q := range []string{"view=overview", "view=overview&links=all", "view=customer&customer=c7", "view=customer&customer=c7&links=all", "view=node&node=t9500", "view=risks"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				build(b, s, f, q).DOT()
			}
		})
	}
}

// ring is an organisation in which "us" serves a, b and c, a stops b and b stops c, and c serves a customer.
func ring() *graph.Org {
	var nodes []*graph.NodeRecord
	for _, id := range []string{"us", "a", "b", "c"} {
		nodes = append(nodes, &graph.NodeRecord{ID: id, Name: id, Kind: graph.Team})
	}
	nodes = append(nodes, &graph.NodeRecord{ID: "out", Name: "out", Kind: graph.Customer})
	var links []*graph.LinkRecord
	for _, l := range []struct {
		from, to string
		hours    float64
	}{{"us", "a", 1}, {"us", "b", 90}, {"us", "c", 90}, {"a", "b", 1}, {"b", "c", 1}, {"c", "out", 1}} {
		links = append(links, &graph.LinkRecord{Provider: l.from, Consumer: l.to, Service: "s", Criticality: graph.Critical, Tolerance: graph.Given(l.hours)})
	}
	return &graph.Org{Sources: []*graph.Source{graph.NewSource("x", nodes, links)}}
}

// Whoever stops because of another one in its panel stands right of it, and the line between them says its service.
func TestColumnsInsideAPanel(t *testing.T) {
	s, f := analysed(t, ring())
	d := build(t, s, f, "view=node&node=us")
	var columns [][]string
	for _, r := range d.ranks {
		columns = append(columns, r.keys)
	}
	if want := [][]string{{"n-a"}, {"n-b"}, {"n-c"}, {"n-out"}}; !slices.EqualFunc(columns, want, slices.Equal) {
		t.Errorf("columns %q, want %q", columns, want)
	}
	for _, e := range [][2]string{{"a", "b"}, {"b", "c"}} {
		if !class(d, "n-"+e[0], "n-"+e[1], "hit") {
			t.Errorf("no failing line from %s to %s", e[0], e[1])
		}
	}
}

// Everybody behind a customer is somewhere in its picture: drawn, or in the box of its unit, once.
func TestCustomerFolds(t *testing.T) {
	for _, units := range []bool{true, false} {
		s, f := analysed(t, large(400, 1600, units))
		d := build(t, s, f, "view=customer&customer=c0&links=all&nodes=30")
		seen, folds := map[string]bool{}, 0
		for _, n := range d.Nodes {
			ids := n.Members
			if len(ids) == 0 && n.form == plainNode {
				ids = []string{n.ID}
			}
			if len(n.Members) > 0 {
				folds++
				if !slices.ContainsFunc(d.Links, func(l Link) bool { return l.From == n.Key }) {
					t.Errorf("no line leaves %s", n.Name)
				}
			}
			for _, id := range ids {
				if seen[id] {
					t.Errorf("%s is drawn twice", id)
				}
				seen[id] = true
			}
		}
		if folds == 0 || len(seen) < d.Total.Nodes {
			t.Errorf("units %v: %d boxes, %d of %d nodes: %q", units, folds, len(seen), d.Total.Nodes, d.Notes)
		}
	}
}

// A box without a line stands left of the one that it serves by a weaker link.
func TestTethered(t *testing.T) {
	o := large(60, 200, true)
	o.Sources = append(o.Sources, graph.NewSource("more", []*graph.NodeRecord{{ID: "lone", Name: "Lone", Kind: graph.Supplier}},
		[]*graph.LinkRecord{{Provider: "lone", Consumer: "t5", Criticality: graph.Minor}}))
	s, f := analysed(t, o)
	d := build(t, s, f, "view=overview")
	if !slices.ContainsFunc(d.Links, func(l Link) bool { return l.hidden && l.From == "n-lone" }) {
		t.Errorf("Lone is not tied to anyone")
	}
}
