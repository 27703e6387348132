package importer

import (
	"fmt"
	"strings"
	"testing"
)

func TestStaffList(t *testing.T) {
	runSheets(t, "hr", []sheetTest{
		// No departments: Ann and whoever reports to her are a team, and so are Bob and his; Bob is in both. -1 is no boss.
		{"OrgChart, by manager", "Person ID,Supervisor ID,Name,Title\n1,-1,Ann,Head\n2,1,Bob,Clerk\n3,2,Cy,Clerk\n",
			[]string{"2 team name=Team of Ann", "2 person id=1 name=Ann team=Team of Ann role=Head",
				"3 team name=Team of Bob", "3 person id=2 name=Bob team=Team of Bob|Team of Ann manager=1 role=Clerk", "4 person id=3 name=Cy team=Team of Bob manager=2 role=Clerk"},
			[]string{"the list names no departments, so a manager and those who report to him were made a team"}},
		// One level: departments are teams. The second bosses stay as an attribute; the vacant post is counted by its team.
		{"OrgPlus, by department", "Employee ID,Name,Title,Department,ReportsTo,AltReportsTo\n1,Ann,Head,Board,,\n2,Bob,Lead,Payroll,1,3;4\n3,Vacant,Clerk,Payroll,2,\n",
			[]string{"2 team name=Board", "2 person id=1 name=Ann team=Board role=Head", "3 team name=Payroll vacancies:1",
				"3 person id=2 name=Bob team=Payroll manager=1 role=Lead second_manager:3|4"},
			[]string{"row 4, column Name: nobody has this post, so it is no person", "column Department: each “Department” was made a team"}},
		{"ADP", "Associate ID,Reports to Associate ID,Name,Title\nA1,,Ann,Head\nA2,A1,Bob,Clerk\n",
			[]string{"2 team name=Team of Ann", "2 person id=A1 name=Ann team=Team of Ann role=Head", "3 person id=A2 name=Bob team=Team of Ann manager=A1 role=Clerk"}, nil},
		// Two header rows that say the same; NO_MANAGER is no boss, and who is inactive has left. Of the two levels the lower makes teams.
		{"SuccessFactors", "STATUS,USERID,FIRSTNAME,LASTNAME,MANAGER,DEPARTMENT,DIVISION,TITLE,MATRIX_MANAGER,DATE_OF_BIRTH\nStatus,User ID,First Name,Last Name,Manager,Department,Division,Title,Matrix Manager,Date of Birth\n" +
			"active,u1,Ann,Lee,NO_MANAGER,Payroll,Finance,Head,,1970-01-01\nactive,u2,Bob,Ray,u1,Tax,Finance,Clerk,u3,1980-01-01\ninactive,u3,Cy,Orr,u1,Tax,Finance,Clerk,,1990-01-01\n",
			[]string{"3 unit name=Finance", "3 team name=Payroll unit=Finance", "3 person id=u1 name=Ann Lee team=Payroll role=Head STATUS:active",
				"4 team name=Tax unit=Finance", "4 person id=u2 name=Bob Ray team=Tax manager=u1 role=Clerk STATUS:active second_manager:u3"},
			[]string{"people who have left (1) were left out", "these columns are about private matters and were left out: “DATE_OF_BIRTH”"}},
		// Three levels in German; two teams are called Verwaltung, so each takes the name of its department. The head of the division is in no
		// team, but in the unit.
		{"three levels in German", "Personalnummer;Nachname;Vorname;Geschäftsbereich;Abteilung;Gruppe;Vorgesetzter;Stelle\n1;Alt;Ann;Betrieb;;;;Leitung\n2;Bach;Bo;Betrieb;Technik;Verwaltung;1;\n3;Cron;Cy;Betrieb;Einkauf;Verwaltung;Ann Alt;\n",
			[]string{"2 unit name=Betrieb", "2 person id=1 name=Ann Alt unit=Betrieb role=Leitung",
				"3 unit name=Technik unit=Betrieb", "3 team name=Verwaltung (Technik) unit=Technik", "3 person id=2 name=Bo Bach team=Verwaltung (Technik) manager=1",
				"4 unit name=Einkauf unit=Betrieb", "4 team name=Verwaltung (Einkauf) unit=Einkauf", "4 person id=3 name=Cy Cron team=Verwaltung (Einkauf) manager=1"},
			[]string{"“Verwaltung” stands for several departments, so this one is called “Verwaltung (Technik)”"}},
		// A unit called like one of its teams gets an id of its own, so that the two stay apart.
		{"a team called like its unit, in French", "Matricule,Nom,Direction,Département,Responsable hiérarchique\n1,Ann,Finance,Paie,\n2,Bo,Finance,Finance,Ann\n",
			[]string{"2 unit id=unit-finance name=Finance", "2 team name=Paie unit=Finance", "2 person id=1 name=Ann team=Paie", "3 team name=Finance unit=Finance", "3 person id=2 name=Bo team=Finance manager=1"}, nil},
		// Lines in a circle, two at the top, and a boss from elsewhere: told once, by name; a boss of nobody's is no top.
		{"loops, several roots, a boss who is missing", "Employee ID,Name,Manager ID\n1,Ann,2\n2,Bob,1\n3,Cy,\n4,Di,3\n5,Ed,XX\n6,Flo,5\n7,Gus,99\n8,Hal,\n9,Ida,9\n",
			[]string{"2 team name=Team of Ann", "2 person id=1 name=Ann team=Team of Ann|Team of Bob manager=2", "3 team name=Team of Bob", "3 person id=2 name=Bob team=Team of Bob|Team of Ann manager=1",
				"4 team name=Team of Cy", "4 person id=3 name=Cy team=Team of Cy", "5 person id=4 name=Di team=Team of Cy manager=3", "6 team name=Team of Ed", "6 person id=5 name=Ed team=Team of Ed",
				"7 person id=6 name=Flo team=Team of Ed manager=5", "8 person id=7 name=Gus manager=99", "9 person id=8 name=Hal", "10 person id=9 name=Ida"},
			[]string{"warning sheet.csv, row 1, column Manager ID: reporting lines run in a circle (1): “Ann → Bob → Ann”", "warning sheet.csv, row 1, column Manager ID: managers who report to nobody (2): “Cy”, “Ed”",
				"info sheet.csv, row 1, column Manager ID: bosses who are not in the list (1): “99”"}},
		// One person with two posts is in both teams and has two bosses; another person with the same id is left out. Two people with one name stay two.
		{"ids that stand twice", "Employee ID,Name,Department,Manager ID\n1,Ann,Board,\n2,Bob,Payroll,1\n2,Bob,Tax,3\n2,Eve,Tax,3\n3,Bob,Tax,1\n",
			[]string{"2 team name=Board", "2 person id=1 name=Ann team=Board", "3 team name=Payroll", "3 person id=2 name=Bob team=Payroll|Tax manager=1 second_manager:3", "4 team name=Tax",
				"6 person id=3 name=Bob team=Tax manager=1"},
			[]string{"row 4, column Employee ID: “2” stands in row 3 too: one person with two posts", "error sheet.csv, row 5, column Employee ID: the id “2” stands for Bob in row 3 already"}},
		// Who reports to a vacant post has no manager; the team is called by what the post does.
		{"a vacant boss", "Person ID,Supervisor ID,Name,Title\n1,,Ann,Head\n2,1,Vacant,Lead\n3,2,Cy,Clerk\n",
			[]string{"2 team name=Team of Ann vacancies:1", "2 person id=1 name=Ann team=Team of Ann role=Head", "3 team name=Team of Lead (vacant) vacancies:1",
				"4 person id=3 name=Cy team=Team of Lead (vacant) role=Clerk reports to the vacant post:2"}, []string{"the boss of Cy is a vacant post"}},
		{"in Spanish", "Número de empleado,Nombre completo,Departamento,Jefe\n1,Ana,Nóminas,\n2,Beto,Nóminas,Ana\n",
			[]string{"2 team name=Nóminas", "2 person id=1 name=Ana team=Nóminas", "3 person id=2 name=Beto team=Nóminas manager=1"}, nil},
		{"in Dutch", "Personeelsnummer,Naam,Afdeling,Leidinggevende,Functie\n1,Ann,Salarissen,,Hoofd\n", []string{"2 team name=Salarissen", "2 person id=1 name=Ann team=Salarissen role=Hoofd"}, nil},
		{"in Portuguese", "Matrícula,Nome,Departamento,Gestor,Cargo\n1,Ana,Folha,,Chefe\n", []string{"2 team name=Folha", "2 person id=1 name=Ana team=Folha role=Chefe"}, nil},
	})
}

// TestNoStaffList holds that native tables stay native, and that lists of teams with a department are no lists of people.
func TestNoStaffList(t *testing.T) {
	for _, test := range []struct{ sheet, shape string }{
		{"id,name,team,manager,role\n1,Ann,Payroll,,Head\n", "people"},
		{"id,name,team,manager,role,contact,Department\n1,Ann,Payroll,,Head,,Finance\n", "people"},
		{"name,team,manager\nAnn,Payroll,\n", "people"},
		{"id,name,manager,role\n1,Ann,,Head\n", "people"},
		{"id,name,kind,department\n1,Payroll,team,Finance\n", "nodes"},
		{"Name,Department,Headcount\nPayroll,Finance,6\n", "nodes"},
		{"Department,Parent Department\nPayroll,Finance\n", "units"},
		{"Provider,Consumer,Department\nIT,HR,x\n", "links"},
	} {
		r := read(t, "sheet.csv", test.sheet)
		if got := r.Readings[0].Shape; got != test.shape {
			t.Errorf("%q: read as %q, want %q", test.sheet, got, test.shape)
		}
	}
}

// TestTeamsByManager holds that a mapping can choose the teams: departments are units then. Both go by the same columns.
func TestTeamsByManager(t *testing.T) {
	sheet := "Employee ID,Name,Department,Manager ID\n1,Ann,Board,\n2,Bob,Payroll,1\n3,Cy,Payroll,2\n"
	r := readAll(t, Options{Mapping: &Mapping{Sheets: []SheetMapping{{Shape: "hr-by-manager"}}}}, Bytes("sheet.csv", []byte(sheet)))
	wantLines(t, "facts", sortedLines(facts(r.Org)), []string{"2 person id=1 name=Ann team=Team of Ann", "2 team name=Team of Ann unit=Board", "2 unit name=Board",
		"3 person id=2 name=Bob team=Team of Bob|Team of Ann manager=1", "3 team name=Team of Bob unit=Payroll", "3 unit name=Payroll", "4 person id=3 name=Cy team=Team of Bob manager=2"})
	// A native table can be read as a staff list when somebody says so.
	r = readAll(t, Options{Mapping: &Mapping{Sheets: []SheetMapping{{Shape: "hr"}}}}, Bytes("sheet.csv", []byte("id,name,manager\n1,Ann,\n2,Bob,1\n")))
	wantLines(t, "facts", sortedLines(facts(r.Org)), []string{"2 person id=1 name=Ann team=Team of Ann", "2 team name=Team of Ann", "3 person id=2 name=Bob team=Team of Ann manager=1"})
}

// TestLongLines holds that a reporting line of many people, at its end a circle, is gone through once for all of them.
func TestLongLines(t *testing.T) {
	var b strings.Builder
	b.WriteString("Employee ID,Name,Manager ID\n")
	const n = 5_000
	for i := range n {
		fmt.Fprintf(&b, "%d,P%d,%d\n", i, i, (i+1)%n)
	}
	r := read(t, "sheet.csv", b.String())
	if told := problems(r); !strings.Contains(told, "run in a circle (1): “P0 → P1 → P2") || len(r.Org.Sources[0].Nodes) != 2*n {
		t.Errorf("%d nodes\n%s", len(r.Org.Sources[0].Nodes), told)
	}
}
