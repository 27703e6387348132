package importer

import (
	"slices"
	"strings"
	"testing"
)

// rowsTogether reads a SIPOC as one whose rows go together.
func rowsTogether(t *testing.T, content string) string {
	t.Helper()
	r := readAll(t, Options{Mapping: &Mapping{Sheets: []SheetMapping{{Shape: "sipoc-rows"}}}}, Bytes("sheet.csv", []byte(content)))
	checkResult(t, r)
	return facts(r.Org)
}

const onboarding = "Suppliers,Inputs,Process,Outputs,Customers,KPI\nHR,Contract,Onboarding,Account,New hire,3 days\nIT,Laptop,,Badge,Line manager,\n,,,\"Welcome, signed\",HR,\n"

func TestSIPOC(t *testing.T) {
	tests := []shapeTest{
		// the rows do not go together: both suppliers serve the process, which serves three customers; the rest is said of the process
		{name: "a block", content: onboarding,
			facts: []string{"2 node name=Onboarding Inputs:Contract|Laptop KPI:3 days Outputs:Account|Badge|Welcome, signed", "2 HR > Onboarding declared_by=Onboarding", "2 Onboarding > New hire declared_by=Onboarding",
				"3 IT > Onboarding declared_by=Onboarding", "3 Onboarding > Line manager declared_by=Onboarding", "4 Onboarding > HR declared_by=Onboarding"},
			problems: []string{"info sheet.csv, row 1: this was read as a SIPOC: each of “Suppliers” serves the process, and the process serves each of “Customers”; what stands in one row was not taken to go together. Where it does, choose the shape sipoc-rows",
				"info sheet.csv, row 1: “Suppliers” and “Customers” may be teams of your own, so they were not taken for outside firms or external customers: describe them in a table of nodes"},
			examples: []string{"2 means: “HR” serves “Onboarding”.", "2 means: “Onboarding” serves “New hire”."}},
		{name: "several processes", content: "Supplier,Input,Process,Output,Customer\nA; B,x,P,y,C\nA,z,Q,,C\n,,P,w,D\n",
			facts: []string{"2 node name=P Input:x Output:y|w", "2 A > P declared_by=P", "2 B > P declared_by=P", "2 P > C declared_by=P", "3 node name=Q Input:z", "3 A > Q declared_by=Q", "3 Q > C declared_by=Q", "4 P > D declared_by=P"}},
		// numbered steps are those of the process that the title names
		{name: "steps", content: "SIPOC: Order to cash,,,,\n\nSuppliers,Inputs,Process,Outputs,Customers\nSales,Order,1. Receive order,Entry,Store\nStore,Goods,2. Ship,Parcel,Buyer\n",
			facts: []string{"4 node name=Order to cash Inputs:Order|Goods Outputs:Entry|Parcel Process:1. Receive order|2. Ship", "4 Sales > Order to cash declared_by=Order to cash", "4 Order to cash > Store declared_by=Order to cash",
				"5 Store > Order to cash declared_by=Order to cash", "5 Order to cash > Buyer declared_by=Order to cash"}},
		{name: "the process in the middle, and an explanation", content: "Suppliers,Inputs,Process,Outputs,Customers\nWho supplies?,What is supplied?,What is done?,What comes out?,Who gets it?\nA,x,,y,C\nB,,P,,\n",
			facts: []string{"3 node name=P Inputs:x Outputs:y", "3 A > P declared_by=P", "3 P > C declared_by=P", "4 B > P declared_by=P"}},
		{name: "words for nobody", content: "Suppliers,Inputs,Process,Outputs,Customers\nA,x,-,,\nTBD,,P,,none\n", facts: []string{"2 node name=P Inputs:x", "2 A > P declared_by=P"}},
		{name: "German", content: "Lieferanten;Eingaben;Prozess;Ergebnisse;Kunden\nIT;Zugang;Lohn;Abrechnung;Personal\n", facts: []string{"2 node name=Lohn Eingaben:Zugang Ergebnisse:Abrechnung", "2 IT > Lohn declared_by=Lohn", "2 Lohn > Personal declared_by=Lohn"}},
		{name: "French", content: "Fournisseurs;Entrées;Processus;Sorties;Clients\nSI;Accès;Paie;Bulletin;RH\n", facts: []string{"2 node name=Paie Entrées:Accès Sorties:Bulletin", "2 SI > Paie declared_by=Paie", "2 Paie > RH declared_by=Paie"}},
		{name: "Spanish", content: "Proveedores;Entradas;Proceso;Salidas;Clientes\nTI;Acceso;Nómina;Recibo;RRHH\n", facts: []string{"2 node name=Nómina Entradas:Acceso Salidas:Recibo", "2 TI > Nómina declared_by=Nómina", "2 Nómina > RRHH declared_by=Nómina"}},
		{name: "Dutch", content: "Leveranciers;Invoer;Proces;Uitvoer;Klanten\nICT;Toegang;Salaris;Strook;HR\n", facts: []string{"2 node name=Salaris Invoer:Toegang Uitvoer:Strook", "2 ICT > Salaris declared_by=Salaris", "2 Salaris > HR declared_by=Salaris"}},
		{name: "Portuguese", content: "Fornecedores;Entradas;Processo;Saídas;Clientes\nTI;Acesso;Folha;Recibo;RH\n", facts: []string{"2 node name=Folha Entradas:Acesso Saídas:Recibo", "2 TI > Folha declared_by=Folha", "2 Folha > RH declared_by=Folha"}},
	}
	for _, test := range tests {
		test.run(t)
	}
}

func TestSIPOCRows(t *testing.T) {
	tests := []struct {
		name, content string
		want          []string
	}{
		{"rows", onboarding, []string{"2 node name=Onboarding Inputs:Contract|Laptop KPI:3 days Outputs:Account|Badge|Welcome, signed", "2 HR > Onboarding service=Contract declared_by=Onboarding",
			"2 Onboarding > New hire service=Account declared_by=Onboarding", "3 IT > Onboarding service=Laptop declared_by=Onboarding", "3 Onboarding > Line manager service=Badge declared_by=Onboarding",
			"4 Onboarding > HR service=Welcome, signed declared_by=Onboarding"}},
		// as many suppliers as inputs: one by one; one supplier with two inputs gives both; two customers of one output get it both
		{"lists", "Supplier,Input,Process,Output,Customer\nA; B,x; y,P,z,C; D\nE,v; w,,,\nF; G,1; 2; 3,,,\n", []string{"2 node name=P Input:x|y|v|w|1|2|3 Output:z", "2 A > P service=x declared_by=P", "2 B > P service=y declared_by=P",
			"2 P > C service=z declared_by=P", "2 P > D service=z declared_by=P", "3 E > P service=v declared_by=P", "3 E > P service=w declared_by=P", "4 F > P service=1, 2, 3 declared_by=P", "4 G > P service=1, 2, 3 declared_by=P"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantLines(t, "facts", sorted(rowsTogether(t, test.content)), slices.Sorted(slices.Values(test.want)))
		})
	}
}

func TestProcessIn(t *testing.T) {
	for title, want := range map[string]string{"SIPOC: Order to cash": "Order to cash", "SIPOC diagram for Payroll": "Payroll", "Process name: Hiring": "Hiring", "SIPOC": "", "Sheet1": "", "Process:": "",
		"Onboarding": "Onboarding", "SIPOC - Prozess: Lohn": "Lohn"} {
		if got := processIn(title); got != want {
			t.Errorf("%q: got %q want %q", title, got, want)
		}
	}
	if strings.Contains(processIn("Tabelle2"), "2") {
		t.Error("the name that a program gives to a sheet is no process")
	}
}
