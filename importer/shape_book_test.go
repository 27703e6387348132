package importer

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
)

// Each shape once in a workbook of one client: titles above the tables, merged cells, two header rows, numbers, a black diagonal, and a
// sheet that is none of them.
func TestShapesInAWorkbook(t *testing.T) {
	b := newBook(t)
	b.fill("Both sides", "Who needs whom", "", "Team|We depend on|Required by", "HR|IT;Legal|Sales", "IT||HR")
	b.fill("BIA", "Business unit|Head Count|Parent Process||||Sub-Process|||", "||Name|RTO|Depends on|Required by|Name|RTO|Depends on",
		"Finance|12|Payroll|24|IT|HR|Tax|48|Tax tool", "||||||Payslips|1.5|").
		merge("BIA", "A1", "A2").merge("BIA", "B1", "B2").merge("BIA", "C1", "F1").merge("BIA", "G1", "I1").
		merge("BIA", "A3", "A4").merge("BIA", "B3", "B4").merge("BIA", "C3", "C4").merge("BIA", "D3", "D4").merge("BIA", "E3", "E4").merge("BIA", "F3", "F4")
	b.fill("Matrix", "Rows serve columns", "|HR|IT|Legal", "HR|||1", "IT|1||", "Legal|||")
	black, err := b.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"000000"}}})
	b.must(err)
	for _, cell := range []string{"B3", "C4", "D5"} {
		b.must(b.SetCellStyle("Matrix", cell, cell, black))
	}
	b.fill("SIPOC", "SIPOC|||||", "Suppliers|Inputs|Process|Outputs|Customers", "HR|Contract|Onboarding|Account|New hires", "IT|Laptop|||Managers").merge("SIPOC", "C3", "C4")
	b.fill("Tracker", "Team name/focus|Depends on Team|Type (blocking/slowing/ok)|Cross-streams (Yes/No)|Short description of dependency (artifacts, approvals, other)", "Web|Design|slowing|Yes|Mock-ups")
	b.fill("Budget", "Item|January|February|March", "Rent|100|100|100", "Power|20|30|25", "Water|5|5|5")
	var content bytes.Buffer
	b.must(b.Write(&content))
	r := readAll(t, Options{}, Bytes("client.xlsx", content.Bytes()))
	checkResult(t, r)
	var shapes []string
	for _, rd := range r.Readings {
		shapes = append(shapes, rd.Sheet+": "+rd.Shape)
	}
	if want := []string{"Both sides: both-sided", "BIA: impact", "Matrix: matrix", "SIPOC: sipoc", "Tracker: tracker", "Budget: "}; !slices.Equal(shapes, want) {
		t.Errorf("sheets were read as %q, want %q", shapes, want)
	}
	wantLines(t, "facts", sorted(facts(r.Org)), slices.Sorted(slices.Values([]string{
		"4 node name=HR", "4 IT > HR declared_by=HR", "4 Legal > HR declared_by=HR", "4 HR > Sales declared_by=HR", "5 node name=IT", "5 IT > HR declared_by=IT",
		"3 unit name=Finance headcount=12", "3 team name=Payroll unit=Finance recovery=24", "3 team name=Tax unit=Finance recovery=48", "3 IT > Payroll declared_by=Payroll", "3 Payroll > HR declared_by=Payroll",
		"3 Tax > Payroll declared_by=Payroll", "3 Tax tool > Tax declared_by=Tax", "4 team name=Payslips unit=Finance recovery=1.5", "4 Payslips > Payroll declared_by=Payroll",
		"3 node name=HR", "4 node name=IT", "5 node name=Legal", "3 HR > Legal", "4 IT > HR",
		"3 node name=Onboarding Inputs:Contract|Laptop Outputs:Account", "3 HR > Onboarding declared_by=Onboarding", "3 Onboarding > New hires declared_by=Onboarding", "4 IT > Onboarding declared_by=Onboarding", "4 Onboarding > Managers declared_by=Onboarding",
		"2 Design > Web service=Mock-ups criticality=important declared_by=Web Cross-streams (Yes/No):Yes"})))
	if len(r.Questions) != 0 {
		t.Errorf("questions %+v", r.Questions)
	}
}

// Both statements of a link make one link of the organisation, and what is found later names the sheet's own columns.
func TestBothStatementsAreOneLink(t *testing.T) {
	r := read(t, "sheet.csv", "Team,Process,Depends on,Required by\nHR,Payroll,IT,Sales\nIT,Hosting,,HR\n")
	s := graph.NewSnapshot(r.Org)
	var got []string
	for _, l := range s.Links {
		var by []string
		for _, st := range l.Stated {
			by = append(by, st.Record.DeclaredBy)
		}
		got = append(got, s.Nodes[l.Provider].Name+" > "+s.Nodes[l.Consumer].Name+" "+l.Service+" by "+by[0]+" "+by[len(by)-1])
	}
	slices.Sort(got)
	if want := []string{"HR > Sales Payroll by HR HR", "IT > HR Hosting by HR IT"}; !slices.Equal(got, want) {
		t.Errorf("links %q, want %q", got, want)
	}
	problems := s.Problems
	r.NameColumns(problems)
	var columns []string
	for _, p := range problems {
		columns = append(columns, p.Column+": "+p.Message)
	}
	if len(problems) != 1 || problems[0].Column != "Required by" { // Sales stands in one row only, and is a placeholder
		t.Errorf("problems %q", columns)
	}
}

// A table with native headers stays one, whatever else is in it.
func TestNativeTablesStay(t *testing.T) {
	for _, test := range []struct{ file, content, shape string }{
		{"links.csv", "provider,consumer,service,criticality\nA,B,x,minor\n", "links"},
		{"links.csv", "consumer,depends on,type\nA,B,x\n", "links"},
		{"data.csv", "Supplier,Customer,Process\nA,B,x\n", "links"},
		{"data.csv", "Provider,Required by,Criticality\nA,B,minor\n", "links"},
		{"nodes.csv", "id,name,kind,unit,recovery_hours\n1,A,team,U,4\n", "nodes"},
		{"teams.csv", "name,unit,headcount,contact\nA,U,4,x\n", "nodes"},
		{"units.csv", "id,name,parent\n1,A,\n", "units"},
		{"people.csv", "id,name,team,manager,role\n1,Ann,A,2,Clerk\n", "people"},
		{"data.csv", "Department,Parent Department\nA,B\n", "units"},
		// exports of what was read from other shapes: the attributes have their headers
		{"nodes.csv", "id,name,kind,unit,Process,RPO,MTPD\n1,A,team,U,1. x,4,8\n", "nodes"},
		{"nodes.csv", "id,name,kind,Depends on,Required by\n1,A,team,B,C\n", "nodes"},
		{"links.csv", "provider,consumer,service,Team,Depends on Team,Type\nA,B,x,T,U,ok\n", "links"},
	} {
		r, err := ReadFiles(context.Background(), []File{Bytes(test.file, []byte(test.content))}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Readings[0].Shape; got != test.shape {
			t.Errorf("%q was read as %q, want %q", test.content, got, test.shape)
		}
	}
}

// Whatever a person chooses for a column, a sheet of some shape is read or refused with a word.
func TestChosenColumnsOfShapes(t *testing.T) {
	for _, seed := range shapeSeeds {
		file := Bytes(seed[0], []byte(seed[1]))
		rd := readAll(t, Options{}, file).Readings[0]
		for _, help := range Shapes() {
			shape := help.Name
			for i, c := range rd.Columns {
				fields := []string{Attribute, Ignore}
				for j, f := range Fields(shape) {
					if (i+j)%4 == 0 {
						fields = append(fields, f.Name)
					}
				}
				for _, f := range fields {
					m := &Mapping{Sheets: []SheetMapping{{Shape: shape, Columns: []ColumnMapping{{Header: c.Header, Field: f}}}}}
					checkResult(t, readAll(t, Options{Mapping: m}, file))
				}
			}
		}
	}
}
