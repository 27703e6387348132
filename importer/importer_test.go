package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// read reads one file from memory.
func read(t testing.TB, name, content string) *Result {
	t.Helper()
	return readAll(t, Options{}, Bytes(name, []byte(content)))
}

// readAll reads files, and reads them again with the mapping that is written of them: that must make no difference.
func readAll(t testing.TB, o Options, files ...File) *Result {
	t.Helper()
	r, err := ReadFiles(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	mapped(t, r, o, files)
	return r
}

// facts writes every record in a line, in the order of file and row.
func facts(o *graph.Org) string {
	type line struct {
		from graph.Origin
		text string
	}
	var lines []line
	for _, s := range o.Sources {
		for _, n := range s.Nodes {
			lines = append(lines, line{n.From, nodeText(n)})
		}
		for _, l := range s.Links {
			lines = append(lines, line{l.From, linkText(l)})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.from.File, b.from.File), cmp.Compare(a.from.Row, b.from.Row))
	})
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%d %s\n", l.from.Row, l.text)
	}
	return b.String()
}

func linkText(l *graph.LinkRecord) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s > %s", l.Provider, l.Consumer)
	put(&b, "service", l.Service, "criticality", l.Criticality.String(), "min_providers", l.MinProviders.String(), "tolerance", l.Tolerance.String(),
		"volume", l.Volume.String(), "lead_time", l.LeadTime.String(), "satisfaction", l.Satisfaction.String(), "response", l.ResponseHours.String(),
		"cost", l.Cost.String(), "agreement", l.Agreement, "channel", l.Channel, "feedback", l.Feedback, "declared_by", l.DeclaredBy,
		"confirmed_on", l.ConfirmedOn)
	putAttrs(&b, l.Attrs)
	return b.String()
}

func nodeText(n *graph.NodeRecord) string {
	var b strings.Builder
	b.WriteString(cmp.Or(n.Kind.String(), "node"))
	put(&b, "id", n.ID, "name", n.Name, "unit", n.Unit, "headcount", n.Headcount.String(), "min_staff", n.MinStaff.String(), "capacity", n.Capacity.String(),
		"recovery", n.RecoveryHours.String(), "failures", n.FailuresPerYear.String(), "value", n.Value.String(), "segment", n.Segment.String(),
		"can_fail", n.CanFail.String(), "contact", n.Contact, "site", strings.Join(n.Sites, "|"), "tags", strings.Join(n.Tags, "|"),
		"aliases", strings.Join(n.Aliases, "|"), "team", strings.Join(n.Teams, "|"), "manager", n.Manager, "role", n.Role)
	putAttrs(&b, n.Attrs)
	return b.String()
}

func put(b *strings.Builder, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(b, " %s=%s", pairs[i], pairs[i+1])
		}
	}
}

func putAttrs(b *strings.Builder, attrs []graph.Attr) {
	for _, a := range attrs {
		fmt.Fprintf(b, " %s:%s", a.Name, a.Value)
	}
}

func problems(r *Result) string {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s %s\n", p.Severity, p)
	}
	return b.String()
}

// wantLines compares line by line; a wanted line that ends in "…" is a beginning.
func wantLines(t *testing.T, what, got string, want []string) {
	t.Helper()
	want = strings.Split(strings.Join(want, "\n"), "\n")
	if want[0] == "" {
		want = nil
	}
	lines := strings.Split(strings.TrimRight(got, "\n"), "\n")
	if got == "" {
		lines = nil
	}
	ok := len(lines) == len(want)
	for i := 0; ok && i < len(want); i++ {
		start, cut := strings.CutSuffix(want[i], "…")
		ok = lines[i] == want[i] || cut && strings.HasPrefix(lines[i], start)
	}
	if !ok {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestNativeTables(t *testing.T) {
	tests := []struct {
		name, file, content string
		facts, problems     []string
	}{
		{"links with every column", "links.csv",
			"provider,consumer,service,criticality,min_providers,tolerance_hours,volume,lead_time_hours,satisfaction,agreement,channel,feedback,response_hours,declared_by,confirmed_on,cost\n" +
				"Payroll,Crew,Pay,important,2,4,10,1.5,80,SLA,phone,survey,2,provider,2026-11-02,1000\n",
			[]string{"2 Payroll > Crew service=Pay criticality=important min_providers=2 tolerance=4 volume=10 lead_time=1.5 satisfaction=80 response=2 cost=1000 " +
				"agreement=SLA channel=phone feedback=survey declared_by=provider confirmed_on=2026-11-02"}, nil},
		{"nodes with every column", "nodes.csv",
			"id,name,kind,unit,headcount,min_staff,capacity,recovery_hours,failures_per_year,value,segment,can_fail,contact,site,tags,aliases\n" +
				"pay,Payroll,team,Finance,7,2,100,24,0.5,,,no,x@example.com,Dallas|Austin,core | money,Pay Office|Wages\n" +
				"acme,ACME,customer,,,,,,,5000,potential,,,,,\n",
			[]string{"2 team id=pay name=Payroll unit=Finance headcount=7 min_staff=2 capacity=100 recovery=24 failures=0.5 can_fail=no contact=x@example.com " +
				"site=Dallas|Austin tags=core|money aliases=Pay Office|Wages", "3 customer id=acme name=ACME value=5000 segment=potential"}, nil},
		{"units", "units.csv", "id,name,parent\nfin,Finance,\nap,Accounts,fin\n",
			[]string{"2 unit id=fin name=Finance", "3 unit id=ap name=Accounts unit=fin"}, nil},
		{"people", "people.csv", "id,name,team,manager,role,contact\np1,Ann,Payroll|Crew,p2,Clerk,ann@example.com\n",
			[]string{"2 person id=p1 name=Ann contact=ann@example.com team=Payroll|Crew manager=p2 role=Clerk"}, nil},
		{"a unit among nodes", "nodes.csv", "name,kind,unit\nFinance,unit,Corporate\n", []string{"2 unit name=Finance unit=Corporate"}, nil},
		{"unknown columns", "links.csv", "zeal,provider,consumer,Ätt r\n9,A,B,x\n,C,D,\n", []string{"2 A > B zeal:9 Ätt r:x", "3 C > D"}, nil},
		{"known by headers only: links", "data.csv", "Provider Team,Customer-Team\nA,B\n", []string{"2 A > B"}, nil},
		{"known by headers only: people", "data.csv", "Name,Team,Role\nAnn,Pay,Clerk\n", []string{"2 person name=Ann team=Pay role=Clerk"}, nil},
		{"known by headers only: units", "data.csv", "Department,Parent Department\nA,B\n", []string{"2 unit name=A unit=B"}, nil},
		{"known by headers only: nodes", "data.csv", "name,kind\nA,supplier\n", []string{"2 supplier name=A"}, nil},
		{"team is the name of a node", "data.csv", "team,unit,FTE\nPay,Finance,5.5\n", []string{"2 node name=Pay unit=Finance headcount=5.5"}, nil},
		{"known by file name", "ferrin_nodes (2).csv", "name\nA\nB\n", []string{"2 node name=A", "3 node name=B"}, nil},
		{"kind by file name", "suppliers-2026-11.csv", "name\nA\n", []string{"2 supplier name=A"},
			[]string{"info suppliers-2026-11.csv, row 1: the name of the file makes every row a supplier: …"}},
		{"kind column beats file name", "suppliers.csv", "name,kind\nA,team\nB,\n", []string{"2 team name=A", "3 supplier name=B"}, nil},
		{"headers beat the file name", "nodes.csv", "provider,consumer\nA,B\n", []string{"2 A > B"},
			[]string{"info nodes.csv, row 1: the file is called nodes, but this is the header of links…"}},
		{"customers.csv with links", "customers.csv", "supplier,customer,service\nA,B,S\n", []string{"2 A > B service=S"},
			[]string{"info customers.csv, row 1: the file is called nodes…"}},
		{"from and to", "data.csv", "From,To,Label\nA,B,x\n", []string{"2 A > B Label:x"},
			[]string{"warning data.csv, row 1, column From: “From” was read as the provider and “To” as the consumer…"}},
		{"source as provenance", "links.csv", "provider,consumer,source\nA,B,HR\n", []string{"2 A > B source:HR"}, nil},
		{"header only", "links.csv", "provider,consumer\n", nil, []string{"warning links.csv: nothing is filled in yet: there is no row below the headers…"}},
		{"no end of the last line", "links.csv", "provider,consumer\nA,B", []string{"2 A > B"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, test.file, test.content)
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
		})
	}
}

func TestHowFilesGoWrong(t *testing.T) {
	tests := []struct {
		name, file, content string
		facts, problems     []string
	}{
		{"title and blank rows above, notes below", "links.csv",
			"Who serves whom,,\n\nprovider,consumer,service\nA,B,S\n\nC,D,T\n\nSource: interviews\n,,and guesses\n",
			[]string{"4 A > B service=S", "6 C > D service=T"}, []string{"info links.csv, row 1: the text above the header in row 3 was left out",
				"info links.csv, row 8: “Source: interviews” was taken for a note…", "info links.csv, row 9: “and guesses” was taken for a note…"}},
		{"a broken row between blank rows is no note", "links.csv", "provider,consumer\nA,B\n\nC,\n\nD,E\n", []string{"2 A > B", "6 D > E"},
			[]string{"error links.csv, row 4, column consumer: the link has no consumer and was left out: write who is served"}},
		{"a note below nodes", "nodes.csv", "name,kind\nA,team\n\nAs of November\n", []string{"2 team name=A"},
			[]string{"warning nodes.csv, row 4: “As of November” was taken for a note…"}},
		{"nodes with names only in groups", "nodes.csv", "name,kind\nA,\n\nB,\n", []string{"2 node name=A", "4 node name=B"}, nil},
		{"ragged rows", "links.csv", "provider,consumer,service\nA,B\nC,D,S,extra,more\nE,F,,,\n", []string{"2 A > B", "3 C > D service=S", "4 E > F"},
			[]string{"warning links.csv, row 3: the row has more cells than the header, and “extra”, “more” was left out…"}},
		{"two columns for one field", "links.csv", "provider_team,Provider,consumer\nx,A,B\n", []string{"2 A > B provider_team:x"},
			[]string{"warning links.csv, row 1, column provider_team: “provider_team” and “Provider” both mean provider: “Provider” was used…"}},
		{"one header twice", "links.csv", "provider,provider,consumer,note,note\nA,x,B,n,m\n", []string{"2 A > B note:n note (2):m provider (2):x"},
			[]string{"info links.csv, row 1, column note: another column has this header too; this one is kept as “note (2)”",
				"warning links.csv, row 1, column provider: “provider” and “provider” both mean provider…"}},
		{"columns without header", "links.csv", "provider,consumer,,\nA,B,x,\nC,D,y,\n", []string{"2 A > B column C:x", "3 C > D column C:y"},
			[]string{"info links.csv, row 2, column C: the column has no header; its cells are kept as the attribute “column C”"}},
		{"newline in header and cell", "links.csv", "\"provider\r\nteam\",consumer,\"see\nnote\"\n\"A\nB\",C,\nD,E,\"x\ny\"\n", []string{"2 A\nB > C", "3 D > E see note:x\ny"}, nil},
		{"NUL bytes", "links.csv", "provider,consumer\nA\x00,B\n", []string{"2 A > B"},
			[]string{"warning links.csv, row 2, column provider: the cell holds NUL characters…"}},
		{"header again", "links.csv", "provider,consumer\nA,B\nprovider,consumer\nC,D\n", []string{"2 A > B", "4 C > D"},
			[]string{"info links.csv, row 3: the row repeats the header and was left out"}},
		{"white space of all kinds", "links.csv", " provider\u00a0,\tconsumer\n\u00a0A\u200b , B\u3000\n", []string{"2 A > B"}, nil},
		{"quotes", "links.csv", "provider,consumer\n\"A, \"\"the\"\" B\", \"C\" \nI'm \"so\",D\n", []string{"2 A, \"the\" B > C", "3 I'm \"so\" > D"}, nil},
		{"text behind a quote", "links.csv", "provider,consumer\n\"A\" Ltd,B\n", []string{"2 A Ltd > B"},
			[]string{"warning links.csv, row 2, column provider: there is text behind the closing quote…"}},
		{"quote never closed", "links.csv", "provider,consumer\n\"A,B\nC,D\n", []string{"3 C > D"},
			[]string{"error links.csv, row 2, column provider: the quote that opens the cell is never closed…"}},
		{"quote closed by the next one", "links.csv", "provider,consumer\n\"A,B\n\"C\",D\n", []string{"3 C > D"},
			[]string{"error links.csv, row 2, column provider: the quote that opens the cell is not closed in its line…"}},
		{"rows without an end", "links.csv", "provider,consumer,service\nA,,S\n,B,S\nVacant,C,S\nD,tbd,S\n-,N/A,S\nE,F,S\n", []string{"7 E > F service=S"}, []string{
			"error links.csv, row 2, column consumer: the link has no consumer and was left out: write who is served",
			"error links.csv, row 3, column provider: the link has no provider and was left out: write who serves",
			"error links.csv, row 4, column provider: “Vacant” names nobody, so the link has no provider and was left out: write who serves",
			"error links.csv, row 5, column consumer: “tbd” names nobody…",
			"error links.csv, row 6, column consumer: “N/A” names nobody…", "error links.csv, row 6, column provider: “-” names nobody…"}},
		{"reserved services", "links.csv", "provider,consumer,service\nA,B, Members \nA,B,site  Dallas\nA,B,Sites\nA,B,site\n",
			[]string{"4 A > B service=Sites", "5 A > B service=site"}, []string{
				"error links.csv, row 2, column service: the service “Members” is reserved for the members of a team: list them in a people table…",
				"error links.csv, row 3, column service: services that start with “site” are reserved: write “dallas” into the column site of the consumer…"}},
		{"self link is left to the resolver", "links.csv", "provider,consumer\nA,A\n", []string{"2 A > A"}, nil},
		{"bad values drop the cell", "links.csv",
			"provider,consumer,min_providers,tolerance_hours,volume,satisfaction,criticality,confirmed_on\nA,B,0,-1,x,101,odd,soon\nC,D,1.5,4 fortnights,-3,80%,,31.02.2026\n",
			[]string{"2 A > B", "3 C > D satisfaction=80"}, []string{
				"warning links.csv, row 2, column confirmed_on: “soon” is no date: write it as 2026-11-02…",
				"warning links.csv, row 2, column criticality: “odd” is no criticality…",
				"warning links.csv, row 2, column min_providers: “0” was left out: min_providers must be 1 or more",
				"warning links.csv, row 2, column satisfaction: “101” was left out: satisfaction must be 100 at most",
				"warning links.csv, row 2, column tolerance_hours: “-1” was left out: tolerance_hours must be 0 or more",
				"warning links.csv, row 2, column volume: “x” is no number…",
				"warning links.csv, row 3, column confirmed_on: “31.02.2026” is no date…",
				"warning links.csv, row 3, column min_providers: “1.5” was left out: min_providers must be a whole number",
				"warning links.csv, row 3, column tolerance_hours: “4 fortnights” is no duration…",
				"warning links.csv, row 3, column volume: “-3” was left out: volume must be 0 or more"}},
		{"blank words in value cells", "nodes.csv", "name,capacity,unit,can_fail\nA,N/A,TBD,-\n", []string{"2 node name=A"}, []string{
			"info nodes.csv, row 2, column can_fail: “-” counts as blank", "info nodes.csv, row 2, column capacity: “N/A” counts as blank",
			"info nodes.csv, row 2, column unit: “TBD” names nobody, so the cell counts as blank"}},
		{"min_staff may be 0", "nodes.csv", "name,min_staff\nA,0\nB,-1\n", []string{"2 node name=A min_staff=0", "3 node name=B"},
			[]string{"warning nodes.csv, row 3, column min_staff: “-1” was left out: min_staff must be 0 or more"}},
		{"neither id nor name", "nodes.csv", "id,name,kind\n,,team\n,N/A,team\nx,N/D,team\n", []string{"4 team id=x"}, []string{
			"error nodes.csv, row 2: the row has neither an id nor a name…", "error nodes.csv, row 3: the row has neither an id nor a name…",
			"info nodes.csv, row 4, column name: “N/D” is no name, so the id stands for it"}},
		{"bosses", "people.csv", "id,name,manager\n1,Ann,1\n2,Bob,NO_MANAGER\n3,Cy,-1\n4,Vacant,1\n5,Di,Ann\n",
			[]string{"2 person id=1 name=Ann", "3 person id=2 name=Bob", "4 person id=3 name=Cy", "6 person id=5 name=Di manager=Ann"}, []string{
				"info people.csv, row 3, column manager: “NO_MANAGER” names nobody…", "info people.csv, row 4, column manager: “-1” names nobody…",
				"info people.csv, row 5, column name: “Vacant” names nobody, so this post was left out"}},
		{"a name that is too long", "links.csv", "provider,consumer\n" + strings.Repeat("é", 1001) + ",B\n" + strings.Repeat("é", 1000) + ",C\n",
			[]string{"3 " + strings.Repeat("é", 1000) + " > C"}, []string{"error links.csv, row 2, column provider: a name of 1001 characters cannot be right…"}},
		{"a cell beyond a million", "links.csv", "provider,consumer,note\nA,B," + strings.Repeat("x", maxCell+1) + "\nC,D,\n", []string{"3 C > D"},
			[]string{"error links.csv, row 2, column note: the cell is longer than a million characters…"}},
		{"more columns than a sheet has", "links.csv", "provider,consumer\nA,B" + strings.Repeat(",", maxColumns+5) + "\nC,D\n", []string{"3 C > D"},
			[]string{"error links.csv, row 2: the row has more than 16,384 cells…"}},
		{"sep line", "links.csv", "sep=;\r\nprovider;consumer\r\nA, Inc;B\r\n", []string{"2 A, Inc > B"}, nil},
		{"dependency tracker", "tracker.csv", "Team name/focus,Depends on Team,Type (blocking/slowing/ok)\nA,B,slowing\n", []string{"2 B > A criticality=important declared_by=A"},
			[]string{"info tracker.csv, row 1: this was read as a team dependency tracker…", "info tracker.csv, row 2, column Type (blocking/slowing/ok): “slowing” was read as important here and below"}},
		{"a comma in the only column", "nodes.csv", "name\nSales, EMEA\nSales, Asia\n", []string{"2 node name=Sales, EMEA", "3 node name=Sales, Asia"}, nil},
		{"lists in cells do not make bars the delimiter", "nodes.csv", "name,tags\nA,a|b|c\nB,d|e\n", []string{"2 node name=A tags=a|b|c", "3 node name=B tags=d|e"}, nil},
		{"lists", "nodes.csv", "name,tags,site\nA,\"a | a||b\nc\",TBD|Rome\n", []string{"2 node name=A site=Rome tags=a|b|c"},
			[]string{"info nodes.csv, row 2, column site: “TBD” names nobody, so it counts as blank"}},
		{"lone CR in a file with LF", "links.csv", "provider,consumer\nA,B\rC,D\n", []string{"2 A > B", "3 C > D"}, nil},
		{"no header", "data.csv", "\nx,y\n1,2\n", nil, []string{"error data.csv, row 2: no row was recognised as a header; the first one starts with “x”, “y”. Rename the headers, or map them: links need…"}},
		{"no consumer column", "links.csv", "provider,service\nA,S\n", nil,
			[]string{"error links.csv, row 1: no row was recognised as a header; the first one starts with “provider”, “service”. Rename the headers, or map them: links need provider and consumer"}},
		{"empty", "links.csv", "\n \n", nil, []string{"error links.csv: the file is empty…"}},
		{"workbook", "orgs.xlsx", "PK\x03\x04", nil, []string{"error orgs.xlsx: the file is damaged or cut off…"}},
		{"workbook in disguise", "links.csv", "PK\x03\x04...", nil, []string{"error links.csv: the file is damaged or cut off…"}},
		{"JSON", "orgs.json", "{}", nil, []string{"error orgs.json: the file holds no entries…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, test.file, test.content)
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
		})
	}
}

func TestExample(t *testing.T) {
	r := readAll(t, Options{Source: "all"}, Bytes("links.csv", []byte("provider,consumer,service\n,x,\nFinance,Sales,Payroll\nA,B,\n")),
		Bytes("b/more.csv", []byte("consumer,provider\nA,B\n")), Bytes("nodes.csv", []byte("name,kind\nA,team\n")))
	var got []string
	for _, e := range r.Examples {
		got = append(got, e.String())
	}
	wantLines(t, "examples", strings.Join(got, "\n"), []string{
		"links.csv, row 3 means: “Finance” serves “Sales” with “Payroll”.", "more.csv, row 2 means: “B” serves “A”."})
	if r.Rows != 5 {
		t.Errorf("%d rows, want 5", r.Rows)
	}
	sheet := Example{File: "o.xlsx", Sheet: "Links", Row: 9, Provider: "A", Consumer: "B"}.String()
	if want := "o.xlsx, sheet Links, row 9 means: “A” serves “B”."; sheet != want {
		t.Errorf("got %s want %s", sheet, want)
	}
}

func TestProblemsThatRepeat(t *testing.T) {
	var b strings.Builder
	b.WriteString("provider,consumer,volume\n")
	for i := range 5210 {
		fmt.Fprintf(&b, "A,B%d,x%d\n", i, i)
	}
	b.WriteString("A,,\n")
	r := read(t, "links.csv", b.String())
	if len(r.Problems) != maxAlike+2 {
		t.Fatalf("%d problems, want %d", len(r.Problems), maxAlike+2)
	}
	if want := "links.csv, column volume: and 4,210 more rows like this one: “x1000” is no number…"; !strings.HasPrefix(r.Problems[0].String(), strings.TrimSuffix(want, "…")) {
		t.Errorf("got %s", r.Problems[0])
	}
	if last := r.Problems[len(r.Problems)-1]; last.Severity != graph.Error || last.Row != 5212 {
		t.Errorf("the last problem is %s", last)
	}
}

func TestRowsAreThoseOfTheSpreadsheet(t *testing.T) {
	for name, end := range map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"} {
		content := strings.ReplaceAll("title\n\nprovider,consumer,note\nA,B,\"two\nlines\"\n\nC,D,\n", "\n", end)
		r := read(t, "links.csv", content)
		var rows []int
		for _, l := range r.Org.Sources[0].Links {
			rows = append(rows, l.From.Row)
		}
		if !slices.Equal(rows, []int{4, 6}) {
			t.Errorf("%s: rows %v", name, rows)
		}
	}
}

func TestProgressAndCancel(t *testing.T) {
	content := linksCSV(5000)
	var last, total int64
	o := Options{Progress: func(done, all int64) {
		if done < last || done > all {
			t.Errorf("progress %d after %d of %d", done, last, all)
		}
		last, total = done, all
	}}
	readAll(t, o, Bytes("links.csv", content), Bytes("nodes.csv", []byte("name\nA\n")))
	if last != total || total != int64(len(content))+7 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	ctx, cancel := context.WithCancel(context.Background())
	o.Progress = func(done, _ int64) { cancel() }
	last = 0
	if _, err := ReadFiles(ctx, []File{Bytes("links.csv", content)}, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

// The apostrophe that keeps a spreadsheet from running a text is no part of it. In JSON nobody puts one there.
func TestNeutralText(t *testing.T) {
	for name, content := range map[string]string{
		"nodes.csv":  "id,name,cost,'=note\na,'=1+1,,''-x\n'+b,'tis,,'\n",
		"nodes.json": `{"nodes":[{"id":"a","name":"=1+1","=note":"'-x"},{"id":"+b","name":"'tis","=note":"'"}]}`,
	} {
		got := facts(read(t, name, content).Org)
		for _, want := range []string{"id=a name==1+1", "=note:'-x\n", "id=+b name='tis =note:'\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: there is no %s in %s", name, want, got)
			}
		}
	}
}
