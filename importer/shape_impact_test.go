package importer

import "testing"

func TestImpact(t *testing.T) {
	tests := []shapeTest{
		// headers twice: what stands behind Sub-Process is the sub-process's. Payroll depends on IT (a unit), and serves HR (a unit).
		{name: "two levels", content: "BU Name,Head Count,Parent Process,Priority Ranking,RTO,RPO,PP Depends on,PP Required by,Sub-Process,Priority Ranking,RTO,RPO,SP Depends on,SP Required by\n" +
			"Finance,12,Payroll,1,24,4,IT; Treasury,HR,Tax filing,2,48,8,Tax tool,Treasury\n" +
			",,,,,,,,Payslips,3,2 days,,,\n" +
			",,Treasury,2,8,1,,Payroll,,,,,,\n" +
			"IT,30,Hosting,1,4,1,,Payroll; Treasury,,,,,,\n",
			facts: []string{"2 unit name=Finance headcount=12", "2 team name=Payroll unit=Finance recovery=24 Priority Ranking:1 RPO:4", "2 team name=Tax filing unit=Finance recovery=48 Priority Ranking:2 RPO:8",
				"2 IT > Payroll declared_by=Payroll", "2 Treasury > Payroll declared_by=Payroll", "2 Payroll > HR criticality=critical declared_by=Payroll",
				"2 Tax tool > Tax filing declared_by=Tax filing", "2 Tax filing > Treasury criticality=important declared_by=Tax filing", "2 Tax filing > Payroll criticality=important declared_by=Payroll",
				"3 team name=Payslips unit=Finance recovery=48 Priority Ranking:3", "3 Payslips > Payroll criticality=minor declared_by=Payroll",
				"4 team name=Treasury unit=Finance recovery=8 Priority Ranking:2 RPO:1", "4 Treasury > Payroll criticality=important declared_by=Treasury",
				"5 unit name=IT headcount=30", "5 team name=Hosting unit=IT recovery=4 Priority Ranking:1 RPO:1", "5 Hosting > Payroll criticality=critical declared_by=Hosting", "5 Hosting > Treasury criticality=critical declared_by=Hosting"},
			problems: []string{"info sheet.csv, row 1: this was read as a business impact analysis: every “Parent Process” is a team in the unit of its “BU Name”; every “Sub-Process” serves its “Parent Process”; " +
				"whoever “PP Depends on” lists serves it; whoever “SP Depends on” lists serves it; it serves whoever “PP Required by” lists; it serves whoever “SP Required by” lists",
				"info sheet.csv, row 1, column RTO: “RTO” was read as how long it takes to come back",
				"info sheet.csv, row 2, column Priority Ranking: “1” is a rank: 1 was read as critical, 2 as important, any other as minor. Where the highest number is the most important, write the words",
				"info sheet.csv, row 2, column Priority Ranking: “2” is a rank: 1 was…", "info sheet.csv, row 3, column BU Name: the blank cell was read as “Finance”, and those below it alike: the column names each group once, in its first row",
				"info sheet.csv, row 3, column Parent Process: the blank cell was read as “Payroll”, and those below it alike"},
			examples: []string{"2 means: “IT” serves “Payroll”.", "2 means: “Payroll” serves “HR”.", "2 means: “Tax tool” serves “Tax filing”.", "2 means: “Tax filing” serves “Treasury”.", "2 means: “Tax filing” serves “Payroll”."}},
		// the tolerance is of those who require the process; where nobody does it stays with the process, and so does its priority
		{name: "one level", content: "Business Unit,Process,Criticality,RTO (days),MTPD,Depends on,Required by,Systems,Suppliers,Owner,Note\n" +
			"Finance,Payroll,High,1,3 days,,\"HR, Sales\",SAP,ADP,Ann,x\nFinance,Ledger,Low,2,1 week,Payroll,,SAP,,,\n",
			facts: []string{"2 unit name=Finance", "2 team name=Payroll unit=Finance recovery=24 contact=Ann Note:x", "2 resource name=SAP", "2 supplier name=ADP", "2 SAP > Payroll declared_by=Payroll", "2 ADP > Payroll declared_by=Payroll",
				"2 Payroll > HR criticality=critical tolerance=72 declared_by=Payroll", "2 Payroll > Sales criticality=critical tolerance=72 declared_by=Payroll",
				"3 team name=Ledger unit=Finance recovery=48 Criticality:Low MTPD:1 week", "3 Payroll > Ledger declared_by=Ledger", "3 SAP > Ledger declared_by=Ledger"}},
		{name: "no dependencies", content: "Department,Process,RTO,MTPD\nFinance,Payroll,4h,2 days\n", facts: []string{"2 unit name=Finance", "2 team name=Payroll unit=Finance recovery=4 MTPD:2 days"}},
		// one name in two units: each is called with its unit; in its own unit the name alone means it, elsewhere it means neither
		{name: "one name twice", content: "BU,Process,RTO,Depends on\nHR,Reporting,1,\nFinance,Reporting,2,\nFinance,Ledger,3,Reporting\nIT,Backup,4,Reporting\nIT,IT,5,Finance\n",
			facts: []string{"2 unit name=HR", "2 team name=Reporting (HR) unit=HR recovery=1", "3 unit name=Finance", "3 team name=Reporting (Finance) unit=Finance recovery=2",
				"4 team name=Ledger unit=Finance recovery=3", "4 Reporting (Finance) > Ledger declared_by=Ledger", "5 unit name=IT", "5 team name=Backup unit=IT recovery=4",
				"6 team name=IT (IT) unit=IT recovery=5", "6 Finance > IT (IT) declared_by=IT (IT)"},
			problems: []string{"info sheet.csv, row 1: this was…", "info sheet.csv, row 1, column RTO: …", "info sheet.csv, row 2, column Process: “Reporting” is here called “Reporting (HR)”, since others have that name too", "info sheet.csv, row 3, column Process: …",
				"warning sheet.csv, row 5, column Depends on: “Reporting” is a process of HR and of Finance, so it makes no link: write which one, such as “Reporting (HR)”", "info sheet.csv, row 6, column Process: …"}},
		{name: "a row of the unit", content: "BU,Head Count,Process,RTO,Depends on\nHR,5,,,IT\nHR,5,Hiring,8,\n,,,,x\n",
			facts:    []string{"2 unit name=HR headcount=5", "2 IT > HR declared_by=HR", "3 team name=Hiring unit=HR recovery=8"},
			problems: []string{"info sheet.csv, row 1: this was…", "info sheet.csv, row 1, column RTO: …", "error sheet.csv, row 4, column Process: the row does not say which process it is about, so it was left out: fill “Process”"}},
		{name: "words for nobody", content: "BU,Process,Sub-Process,RTO,Depends on\nHR,Hiring,-,8,n/a\n-,N/A,TBD,1,IT\n",
			facts:    []string{"2 unit name=HR", "2 team name=Hiring unit=HR recovery=8"},
			problems: []string{"info sheet.csv, row 1: this was…", "info sheet.csv, row 1, column RTO: …", "error sheet.csv, row 3, column Process: the row does not say which process it is about, so it was left out: fill “Process”"}},
		{name: "German", content: "Abteilung;Prozess;Priorität;Wiederanlaufzeit;MTPD;Abhängig von;Benötigt von\nPersonal;Lohn;1;4,5;48;IT;Vertrieb\n",
			facts: []string{"2 unit name=Personal", "2 team name=Lohn unit=Personal recovery=4.5 Priorität:1", "2 IT > Lohn declared_by=Lohn", "2 Lohn > Vertrieb criticality=critical tolerance=48 declared_by=Lohn"}},
		{name: "French", content: "Direction;Processus;Criticité;DMIA;RTO;Dépend de;Requis par\nFinance;Paie;2;24;8;SI;Ventes\n",
			facts: []string{"2 unit name=Finance", "2 team name=Paie unit=Finance recovery=8 Criticité:2", "2 SI > Paie declared_by=Paie", "2 Paie > Ventes criticality=important tolerance=24 declared_by=Paie"}},
		{name: "Spanish", content: "Departamento;Proceso;Prioridad;RTO;Depende de;Requerido por\nFinanzas;Nóminas;3;8;TI;Ventas\n",
			facts: []string{"2 unit name=Finanzas", "2 team name=Nóminas unit=Finanzas recovery=8 Prioridad:3", "2 TI > Nóminas declared_by=Nóminas", "2 Nóminas > Ventas criticality=minor declared_by=Nóminas"}},
		{name: "Dutch", content: "Afdeling;Proces;Hersteltijd;Afhankelijk van;Nodig voor\nHR;Salaris;8;ICT;Verkoop\n",
			facts: []string{"2 unit name=HR", "2 team name=Salaris unit=HR recovery=8", "2 ICT > Salaris declared_by=Salaris", "2 Salaris > Verkoop declared_by=Salaris"}},
		{name: "Portuguese", content: "Departamento;Processo;Tempo de recuperação;Depende de;Exigido por\nRH;Folha;8;TI;Vendas\n",
			facts: []string{"2 unit name=RH", "2 team name=Folha unit=RH recovery=8", "2 TI > Folha declared_by=Folha", "2 Folha > Vendas declared_by=Folha"}},
	}
	for _, test := range tests {
		test.run(t)
	}
}
