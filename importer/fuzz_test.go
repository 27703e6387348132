package importer

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// FuzzRead holds of any bytes: no panic, every record has its ends and valid text, every problem a place, and the file is either
// a source or refused; two readings say the same.
func FuzzRead(f *testing.F) {
	f.Add("links.csv", []byte(strings.ReplaceAll(goodLinks, "§", ";")))
	f.Add("links.csv", []byte("sep=|\nprovider|consumer|service|confirmed_on|volume|rto\n\"A\"|B|site X|1/2/2026|1,234|1 day 4:30\n\nnote\n"))
	f.Add("nodes.csv", []byte("id,name,kind,site,recovery days,capacity,capacity,\n1,\"A\n\"B,team,x|y,3,1.234,\x00,z\n\nend\n"))
	f.Add("people.csv", []byte("\xff\xfei\x00d\x00,\x00r\x00o\x00l\x00e\x00\n\x001\x00,\x00x\x00"))
	f.Add("links.csv", []byte(mischief(rand.New(rand.NewPCG(1, 2)), 30, 5)))
	for _, seed := range shapeSeeds {
		f.Add(seed[0], []byte(seed[1]))
	}
	for _, b := range messyBooks {
		f.Add("sheet.tsv", b.text())
	}
	fuzzRead(f)
}

// shapeSeeds are small sheets of shapes that are no native tables, with the names of their files.
var shapeSeeds = [][2]string{
	{"sheet.csv", "Team,Process,Depends on,What is needed,Required by,Systems,Criticality,MTPD\nHR,Payroll,\"IT, Acme, Inc.\",x,Sales; All,SAP|Mail,P1,2 days\nIT,Mail,-,,HR and Sales,,2,\nHR,Hiring,\"- IT\n- Mail\",,\"\",,no,1\n"},
	{"sheet.csv", "Team name/focus,Depends on Team,Type,Cross-streams (Yes/No),Description\nA,\"B, C\",blocking,Yes,x\n\"\"\"\",D,what,,\n,E,ok,,\n"},
	{"sheet.csv", "BU Name,Head Count,Parent Process,Priority Ranking,RTO,MTPD,PP Depends on,PP Required by,Sub-Process,Priority Ranking,RTO,RPO,SP Depends on,SP Required by\nF,1,P,1,4,2 days,F;Q,G,S,High,1,1,P,P\n,,,,,,,,T,3,,,S,\nG,2,P,,,,P,,,,,,,\nP,,,,,,x,,,,,,,\n"},
	{"sheet.csv", "rows depend on columns,,,\n\nfrom\\to,A,B,C,Total\nA,\\,x,critical,2\nB,1,o,pay slips,2\nC,,,-,0\nTotal,1,1,1,\n\nx = needs\n"},
	{"sheet.csv", "Team,Upstream,Downstream teams\nA,B,\"C, D\"\n,x,y\n"},
	{"sheet.csv", "Team,SAP,Mail,Web\nA,x,,✓\nB,,x,\nC,x,,yes\n"},
	{"sheet.csv", "Process: P,,,,\nSuppliers,Inputs,Process,Outputs,Customers\nwho?,what?,which?,what?,whom?\nA;B,x|y,1. a,z,C\n,q,Step 2,,\"D, E\"\n"},
	{"survey.csv", "Timestamp,Your team,Which teams do you depend on?,How satisfied are you with [Payroll]\n1,Sales,\"Payroll, IT\",★★★☆☆\n2,,IT,4\n"},
	{"survey.csv", "ResponseId,Status,Q1,Q2\nID,Status,Your team,Which teams serve you? - Other - Text\n\"{\"\"ImportId\"\":\"\"_id\"\"}\",,,\nR1,0,A,\"B,C\"\n"},
	{"survey.csv", "ResponseId,Q1\nID,Which team are you in?\n\"{\"\"ImportId\"\":\"\"_id\"\"}\",,x,\"{\"\"ImportId\"\":\"\"QID2\"\"}\"\nR1,A,B,C\n"},
	{"staff.csv", "Employee ID,Name,Division,Department,Manager ID,AltReportsTo,Status\n1,Ann,A,B,2,3,\n2,Bob,A,A,1,,\n2,Bob,,B,1,,open\n4,Vacant,B,B,2,,\n"},
	{"posts.csv", "Post Unique Reference,Name,Job Title,Organisation,Unit,Reports to Senior Post\n1,N/D,a,O,O,1\n2,Vacant,b,O,U,1/3\n2,x,c,O,U,3\n3,Eliminated,d,,,2\n"},
	{"b_02.02.csv", "b_02.02.0010,b_02.02.0020,b_02.02.0030,b_02.02.0050,b_02.02.0060,b_02.02.0180\nContractual arrangement reference number,LEI of,Identification code,Function identifier,Type of,Level of\nC,L,P,F,eba_TA:S17,eba_ZZ:x797\nC,L,Q,F,S17,low\n"},
	{"b_05.02.csv", "c0010,c0020,c0030,c0050,c0060\nC,S1,P,1,\nC,S1,Q,2,P\n"},
}

func fuzzRead(f *testing.F) {
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		file := Bytes(name, raw)
		r, err := ReadFiles(context.Background(), []File{file}, Options{})
		if err != nil {
			return // the name is not fit for a source
		}
		checkResult(t, r)
		again, err := ReadFiles(context.Background(), []File{file}, Options{ahead: 1 + len(raw)/9}) // whatever is read ahead
		if err != nil || facts(again.Org) != facts(r.Org) || problems(again) != problems(r) {
			t.Error("a second reading says something else")
		}
	})
}

func checkResult(t *testing.T, r *Result) {
	t.Helper()
	errors := 0
	for _, p := range r.Problems {
		if p.File == "" || p.Message == "" || !utf8.ValidString(p.String()) {
			t.Errorf("problem %+q", p)
		}
		if p.Severity == graph.Error {
			errors++
			// a row that is left out is named; what sums up many, or is wrong with a sheet or a file as a whole, has none
			if p.Column != "" && p.Row < 1 && !strings.HasPrefix(p.Message, "and ") {
				t.Errorf("a cell without its row: %s", p)
			}
		}
	}
	for _, p := range r.Org.Validate() {
		t.Errorf("the reader lets through: %s", p)
	}
	if len(r.Org.Sources) == 0 && errors == 0 {
		t.Error("refused without a word")
	}
	records := 0
	for _, s := range r.Org.Sources {
		for _, l := range s.Links {
			records++
			if l.Provider == "" || l.Consumer == "" || l.From.Row < 1 {
				t.Errorf("link %+v", l)
			}
		}
		for _, n := range s.Nodes {
			records++
			if n.ID == "" && n.Name == "" || n.From.Row < 1 {
				t.Errorf("node %+v", n)
			}
		}
	}
	if text := facts(r.Org); !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		t.Errorf("facts are no clean text: %q", text)
	}
	if records > r.Rows {
		t.Errorf("%d records from %d rows", records, r.Rows)
	}
}

// FuzzFigure holds that a figure is always finite, and the same under every custom where it is short or not ambiguous.
func FuzzFigure(f *testing.F) {
	for _, s := range []string{"1", "-1.5", "1,234", "1.234,5", "1'234", "1e9", "", "--1", "1e", ".", "0,1", "1 234", "12.5", "999999999999.999", "0.10", "1.2345", "5."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		figure, ok := readFigure(s)
		short, isShort := shortFigure([]byte(s))
		if !ok {
			if isShort {
				t.Errorf("%q is read as %v, and is no number", s, short)
			}
			return
		}
		for _, m := range []mark{noMark, pointMark, commaMark} {
			if v := figure.value(m); v-v != 0 {
				t.Errorf("%q is %v", s, v)
			} else if isShort && v != short {
				t.Errorf("%q is %v, and %v when it is read as a short number", s, v, short)
			}
		}
		if figure.canPoint && figure.canComma && !figure.ambiguous() && figure.value(pointMark) != figure.value(commaMark) {
			t.Errorf("%q is read two ways", s)
		}
	})
}
