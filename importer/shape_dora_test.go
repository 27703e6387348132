package importer

import (
	"strings"
	"testing"
)

// TestRegister reads a small register of information as a workbook, sheet by sheet with its four header rows.
func TestRegister(t *testing.T) {
	sheet := func(table, codes, names, types string, rows ...string) []string {
		columns := strings.Split(codes, "|")
		for i := range columns {
			columns[i] = "b_" + table + "." + columns[i]
		}
		return append([]string{"|TEMPLATE RT." + table, "", "|" + strings.Join(columns, "|"), "|" + names, "|" + types}, rows...)
	}
	book := newBook(t).
		fill("b_01.02", sheet("01.02", "0010|0020|0030|0060", "LEI of the entity|Name of the entity|Country of the entity|LEI of the direct parent undertaking", "Alphanumerical|Alphanumerical|Country|Alphanumerical",
			"|L1|Bank plc|eba_GA:IE|L1", "|L2|Bank Life|eba_GA:IE|L1")...).
		fill("b_02.02", sheet("02.02", "0010|0020|0030|0050|0060|0090|0180", "Contractual arrangement reference number|LEI of the entity|Identification code of the provider|Function identifier|Type of ICT services|Reason of the termination|Level of reliance",
			"Alphanumerical|Alphanumerical|Alphanumerical|Pattern|Closed set of options|Closed set of options|Closed set of options",
			"|C1|L1|P1|F1|eba_TA:S17||eba_ZZ:x797", "|C2|L1|P2|F1|S17||Material reliance", "|C3|L1|P3|F2|eba_TA:S10||", "|C4|L1|P4|F2|eba_TA:S10|eba_CO:x4|", "|C5|L2|P3||eba_TA:S12||", "|C6|L1||F1|eba_TA:S12||")...).
		fill("b_05.01", sheet("05.01", "0010|0030|0050|0080", "Identification code of ICT third-party service provider|Name of the provider|Country of the headquarters|Identification code of the ultimate parent undertaking",
			"Alphanumerical|Alphanumerical|Country|Alphanumerical", "|P1|Cloudy Ltd|eba_GA:IE|P9", "|P2|Other Cloud|IE|")...).
		fill("b_05.02", sheet("05.02", "0010|0020|0030|0050|0060", "Contractual arrangement reference number|Type of ICT services|Identification code of the provider|Rank|Identification code of the recipient",
			"Alphanumerical|Closed set of options|Alphanumerical|Natural number|Alphanumerical", "|C1|eba_TA:S17|P1|1|Not applicable", "|C1|eba_TA:S11|P5|2|P1", "|C1|eba_TA:S12|P6|3|P5", "|C1|eba_TA:S12|P7|2|")...).
		fill("b_06.01", sheet("06.01", "0010|0030|0040|0050|0080", "Function Identifier|Function name|LEI of the financial entity|Criticality or importance assessment|Recovery time objective of the function",
			"Pattern|Alphanumerical|Alphanumerical|Closed set of options|Natural number", "|F1|Payments|L1|eba_BT:x28|4", "|F2|Archive|L1|No|0", "||||0|")...).
		fill("b_07.01", sheet("07.01", "0010|0020|0040|0050|0120", "Contractual arrangement reference number|Identification code of the provider|Type of ICT services|Substitutability|Identification of alternative ICT TPP",
			"Alphanumerical|Alphanumerical|Closed set of options|Closed set of options|Alphanumerical", "|C1|P1|eba_TA:S17|eba_ZZ:x959|P8")...).
		fill("b_04.01", sheet("04.01", "0010|0020", "Contractual arrangement reference number|LEI of the entity", "Alphanumerical|Alphanumerical", "|C1|L1")...)
	r := read(t, "register.xlsx", string(book.bytes()))
	checkResult(t, r)
	wantLines(t, "facts", sorted(facts(r.Org)), strings.Split(strings.TrimSpace(sorted(strings.Join([]string{
		// entities nest; who is his own parent has none
		"6 unit id=L1 name=Bank plc Country of the entity:eba_GA:IE", "7 unit id=L2 name=Bank Life unit=L1 Country of the entity:eba_GA:IE",
		// P1 and P2 provide F1 with the same, so both are needed; C4 has ended; C5 names no function, C6 no provider
		"6 P1 > F1 service=Cloud IaaS criticality=critical min_providers=2 agreement=C1", "7 P2 > F1 service=Cloud IaaS criticality=important min_providers=2 agreement=C2",
		"8 P3 > F2 service=Telecom carrier agreement=C3", "10 P3 > L2 service=Hardware agreement=C5",
		"6 supplier id=P1 name=Cloudy Ltd Country of the headquarters:eba_GA:IE ultimate parent:P9", "7 supplier id=P2 name=Other Cloud Country of the headquarters:IE",
		// the second and the third tier; rank 1 is the contract itself
		"7 P5 > P1 service=Network infrastructure agreement=C1 rank:2", "8 P6 > P5 service=Hardware agreement=C1 rank:3",
		// 0 hours means that none is set
		"6 team id=F1 name=Payments unit=L1 recovery=4 critical or important:yes", "7 team id=F2 name=Archive unit=L1 critical or important:no",
		// P8 has no contract, so it is no second provider
		"6 supplier id=P1 alternative:P8 (Cloud IaaS) substitutability:not substitutable (Cloud IaaS)"}, "\n")+"\n")), "\n"))
	told := problems(r)
	for _, want := range []string{
		"info register.xlsx, sheet b_02.02, row 9, column b_02.02.0090 Reason of the termination: the contract has ended",
		"info register.xlsx, sheet b_02.02, row 10, column b_02.02.0050 Function identifier: the row names no function, so the provider serves the whole entity “L2”",
		"error register.xlsx, sheet b_02.02, row 11, column b_02.02.0030 Identification code of the provider: the row does not say who provides",
		"column b_02.02.0030 Identification code of the provider: “F1” has several providers (2) of “Cloud IaaS”",
		"error register.xlsx, sheet b_05.02, row 9, column b_05.02.0060 Identification code of the recipient: the row does not say whom the subcontractor works for",
		"info register.xlsx, sheet b_06.01, row 7, column b_06.01.0080 Recovery time objective of the function: a recovery time of 0 hours means",
		"info register.xlsx, sheet b_06.01, row 8: the row holds nothing but 0", "info register.xlsx, sheet b_04.01, row 3: this table of the register says nothing of who serves whom"} {
		if !strings.Contains(told, want) {
			t.Errorf("nobody is told %q:\n%s", want, told)
		}
	}
}

// TestRegisterCSV reads tables of the register as files with short codes, which the names of the files tell apart.
func TestRegisterCSV(t *testing.T) {
	for _, test := range []struct{ file, content, facts string }{
		{"b_06.01.csv", "c0010,c0020,c0030,c0040,c0050,c0060,c0070,c0080\nF1,support functions,Zahlungsverkehr,L1,eba_BT:x28,,,24\n", "2 team id=F1 name=Zahlungsverkehr unit=L1 recovery=24 c0020:support functions critical or important:yes\n"},
		{"B_05_02.csv", "0010,0020,0030,0040,0050,0060\nC1,S11,P2,LEI,2,P1\n", "2 P2 > P1 service=Network infrastructure agreement=C1 0040:LEI rank:2\n"},
		// the later version of 05.01 has its names elsewhere
		{"b_05.01.csv", "c0010,c0020,c0030,c0040,c0050,c0110,c0120\nP1,LEI,,,Wolke GmbH,P9,LEI\n", "2 supplier id=P1 name=Wolke GmbH c0020:LEI c0120:LEI ultimate parent:P9\n"},
	} {
		r := read(t, test.file, test.content)
		checkResult(t, r)
		if got := facts(r.Org); got != test.facts {
			t.Errorf("%s: %s want %s\n%s", test.file, got, test.facts, problems(r))
		}
	}
	// Names and types below the codes belong to the header in any language.
	r := read(t, "register.csv", "b_06.01.0010;b_06.01.0030;b_06.01.0040;b_06.01.0080\nFunktionskennung;Bezeichnung der Funktion;LEI des Finanzunternehmens;Wiederherstellungsziel\nMuster;Alphanumerisch;Alphanumerisch;Natürliche Zahl\nF1;Zahlungsverkehr;L1;8\n")
	if got, want := facts(r.Org), "4 team id=F1 name=Zahlungsverkehr unit=L1 recovery=8\n"; got != want {
		t.Errorf("got %s want %s\n%s", got, want, problems(r))
	}
	// Codes alone are no register: the name of the file has to say which table.
	if r := read(t, "codes.csv", "0010,0020,0030\n1,2,3\n"); r.Readings[0].Shape != "" {
		t.Errorf("read as %s", r.Readings[0].Shape)
	}
}
