package importer

import "testing"

// Sheets of other trades are refused by name, though they have columns that would read as ends of links; with a native header, or when a
// person says so, they are read. Lists of suppliers keep their bank details.
func TestForeign(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		facts, problems  []string
	}{
		{"invoices", "a.csv", "Invoice No,Date,Customer,Unit price,Supplier\n1,2026-01-02,Retail,5,Widget Co\n", nil,
			[]string{"error a.csv, row 1: columns such as “Invoice No”, “Date”, “Unit price” are those of invoices, orders or payments, so this was not read as “links: who serves whom”…"}},
		{"Rechnungen", "a.csv", "Rechnungsnr.;Kunde;Lieferant;Betrag\n1;A;B;3,4\n", nil, []string{"error a.csv, row 1: columns such as “Rechnungsnr.”, “Betrag” are those of invoices…"}},
		{"payments", "a.csv", "Date,From,To,Amount\n2026-01-01,DE1,DE2,100\n", nil, []string{"error a.csv, row 1: columns such as “Date”, “Amount” are those of payments, messages or journeys…"}},
		{"plan", "a.csv", "Activity,Depends on,Duration,WBS,Team\nBuild,Design,3d,1.1,IT\n", nil, []string{"error a.csv, row 1: columns such as “Duration”, “WBS” are those of tasks of a project plan…"}},
		{"native", "a.csv", "provider,consumer,invoice no,amount\nA,B,1,2\n", []string{"2 A > B amount:2 invoice no:1"}, nil},
		{"suppliers", "a.csv", "Supplier,Contact,IBAN,Currency\nAcme,x,DE1,EUR\n", []string{"2 supplier name=Acme contact=x Currency:EUR IBAN:DE1"},
			[]string{"info a.csv, row 1, column Supplier: the header makes every row a supplier…"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readAll(t, Options{}, Bytes(c.file, []byte(c.data)))
			wantLines(t, "facts", facts(r.Org), c.facts)
			wantLines(t, "problems", problems(r), c.problems)
		})
	}
	r := readAll(t, Options{Mapping: &Mapping{Sheets: []SheetMapping{{Shape: "links"}}}}, Bytes("a.csv", []byte("Invoice No,Total,Customer,Supplier\n1,5,Retail,Widget Co\n")))
	wantLines(t, "facts", facts(r.Org), []string{"2 Widget Co > Retail Invoice No:1 Total:5"})
}

// Where the first names have a column, one that is called no more than name holds the last ones.
func TestLastNames(t *testing.T) {
	r := readAll(t, Options{}, Bytes("a.csv", []byte("Matricule;Nom;Prénom;Service;Responsable\n1;Dupont;Marie;Finance;\n2;Paul Martin;Paul;Finance;1\n")))
	var got []string
	for _, n := range r.Org.Sources[0].Nodes {
		got = append(got, n.ID+" "+n.Name)
	}
	for _, want := range []string{"1 Marie Dupont", "2 Paul Martin"} {
		found := false
		for _, g := range got {
			found = found || g == want
		}
		if !found {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
}
