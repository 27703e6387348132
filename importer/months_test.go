package importer

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// months are what one client sends in two months: a staff list, a workbook of teams and of who serves whom, and a workbook of suppliers. In
// November Yard crew (T2) is called Terminal crew; Service desk, which has no id, is called Helpdesk; IT Support was split, so that IT
// Projects is new, has Omar and serves Dispatch; Blyth Crane Hire is gone; Payroll's rating by Dispatch was corrected. Rows and sheets
// stand in another order, and a title was put above the links: that means nothing.
var months = map[string][]messyBook{
	"2026-10": {
		{name: "staff", sheets: []messySheet{{name: "Employees",
			head: []string{"Employee ID|Full Name|Division|Department|Manager ID|Job Title"},
			rows: []string{
				"E1|Rosa Brandt|Corporate|Payroll|-1|Finance Director",
				"E2|Tim Oduya|Corporate|Payroll|E1|Payroll Clerk",
				"E3|Lena Fisk|Operations|Yard crew|E1|Yard Manager",
				"E4|Ben Carr|Operations|Yard crew|E3|Crane Driver",
				"E5|Sami Reyes|Operations|Dispatch|E1|Dispatcher",
				"E6|Ivy Lund|Technology|IT Support|E1|Head of IT",
				"E7|Omar Haddad|Technology|IT Support|E6|Project Lead",
				"E8|Kay Moss|Technology|Service desk|E6|Agent"}}}},
		{name: "services", sheets: []messySheet{
			{name: "Teams",
				head: []string{"ID|Name|Kind|Recovery (days)"},
				rows: []string{"T1|Payroll|team|2", "T2|Yard crew|team|1", "T3|Dispatch|team|1", "T4|IT Support|team|'0,5", "C1|Mercer Foods|customer|", "C2|Tallow & Sons|customer|"}},
			{name: "Services",
				head: []string{"Provider|Consumer|Service|Criticality|Satisfaction"},
				rows: []string{
					"T1|T2|Wages|important|80",
					"T1|T3|Wages|important|60",
					"T4|T3|Route planner|critical|",
					"Service desk|T3|Help|minor|90",
					"T4|Service desk|Ticket system|critical|",
					"T2|C1|Loading|critical|",
					"T2|C2|Loading|critical|",
					"T3|C1|Delivery slots|critical|75"}}}},
		{name: "suppliers", sheets: []messySheet{
			{name: "Suppliers",
				head: []string{"Name|Kind|Recovery (days)|Contact"},
				rows: []string{"Nordhafen Fuels|supplier|3|fuel@nordhafen.example", "Blyth Crane Hire|supplier|7|", "Mastline Telecom|supplier|1|noc@mastline.example",
					"Ostrava Tyres|supplier|5|", "Perrin Uniforms|supplier|14|", "Quay Cleaning|supplier|2|desk@quay.example"}},
			{name: "Contracts",
				head: []string{"Supplier|Customer|Service|Criticality|Agreement"},
				rows: []string{"Nordhafen Fuels|Yard crew|Diesel|critical|C-17", "Blyth Crane Hire|Yard crew|Spare crane|minor|C-20", "Mastline Telecom|IT Support|Lines|critical|C-31",
					"Ostrava Tyres|Dispatch|Tyres|important|C-33", "Perrin Uniforms|Payroll|Uniforms|minor|C-34", "Quay Cleaning|Payroll|Cleaning|minor|C-35"}}}},
	},
	"2026-11": {
		{name: "staff", sheets: []messySheet{{name: "Employees",
			head: []string{"Employee ID|Full Name|Division|Department|Manager ID|Job Title"},
			rows: []string{
				"E8|Kay Moss|Technology|Helpdesk|E6|Agent",
				"E7|Omar Haddad|Technology|IT Projects|E6|Project Lead",
				"E6|Ivy Lund|Technology|IT Support|E1|Head of IT",
				"E3|Lena Fisk|Operations|Terminal crew|E1|Yard Manager",
				"E4|Ben Carr|Operations|Terminal crew|E3|Crane Driver",
				"E5|Sami Reyes|Operations|Dispatch|E1|Dispatcher",
				"E2|Tim Oduya|Corporate|Payroll|E1|Payroll Clerk",
				"E1|Rosa Brandt|Corporate|Payroll|-1|Finance Director"}}}},
		{name: "services", sheets: []messySheet{
			{name: "Services",
				above: []string{"Who serves whom, as of November", ""},
				head:  []string{"Provider|Consumer|Service|Criticality|Satisfaction"},
				rows: []string{
					"T2|C2|Loading|critical|",
					"T2|C1|Loading|critical|",
					"T3|C1|Delivery slots|critical|75",
					"T1|T3|Wages|important|75",
					"T1|T2|Wages|important|80",
					"T5|T3|Route planner|critical|",
					"Helpdesk|T3|Help|minor|90",
					"T4|Helpdesk|Ticket system|critical|"}},
			{name: "Teams",
				head: []string{"ID|Name|Kind|Recovery (days)"},
				rows: []string{"C2|Tallow & Sons|customer|", "C1|Mercer Foods|customer|", "T5|IT Projects|team|2", "T4|IT Support|team|'0,5", "T3|Dispatch|team|1", "T2|Terminal crew|team|1", "T1|Payroll|team|2"}}}},
		{name: "suppliers", sheets: []messySheet{
			{name: "Contracts",
				head: []string{"Supplier|Customer|Service|Criticality|Agreement"},
				rows: []string{"Quay Cleaning|Payroll|Cleaning|minor|C-35", "Perrin Uniforms|Payroll|Uniforms|minor|C-34", "Ostrava Tyres|Dispatch|Tyres|important|C-33",
					"Mastline Telecom|IT Support|Lines|critical|C-31", "Nordhafen Fuels|Terminal crew|Diesel|critical|C-17"}},
			{name: "Suppliers",
				head: []string{"Name|Kind|Recovery (days)|Contact"},
				rows: []string{"Quay Cleaning|supplier|2|desk@quay.example", "Perrin Uniforms|supplier|14|", "Ostrava Tyres|supplier|5|",
					"Mastline Telecom|supplier|1|noc@mastline.example", "Nordhafen Fuels|supplier|3|fuel@nordhafen.example"}}}},
	},
}

// TestMonths holds that the workbooks of two months are those that are built here, and that neither has anything that a person has to look
// at. What changes between them, the program's own test tells.
func TestMonths(t *testing.T) {
	for month, books := range months {
		dir := filepath.Join("testdata", "months", month)
		for _, b := range books {
			file, built := filepath.Join(dir, b.name+".xlsx"), b.build(t, 0)
			if *update {
				if err := os.WriteFile(file, built, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(raw, built) {
				t.Errorf("%s is not the one that is built here: run with -update", file)
			}
			if r := read(t, b.name+".xlsx", string(raw)); hasTrouble(r) || len(r.Questions) > 0 {
				t.Errorf("%s:\n%s", file, problems(r))
			}
		}
	}
}
