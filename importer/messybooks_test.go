package importer

// messyBooks are ten workbooks of organisations that are made up. A ¶ is a line end in a cell.
var messyBooks = []messyBook{
	{name: "01-merged-headers", sheets: []messySheet{{name: "Interviews Q3",
		above: []string{"Airport ground services: who serves whom", "Draft for review, 12 October", ""},
		head:  []string{"Provider||Consumer||Service|Criticality|Volume per day", "Team|Contact|Team|Contact"},
		rows: []string{
			"Ramp|ramp@airport.example|Check-in||Baggage loading|critical|120",
			"||Lounge|lounge@airport.example|Trolleys|minor|15",
			"||Cargo||Baggage loading|important|40",
			"Fuel desk|'+44 20 5550 117|Ramp||Refuelling|critical|60",
			"||Cargo||\"|important|5",
			"De-icing||Ramp||Wing check|slowing|",
			"Total||||||=SUM(G6:G11)→240"},
		below:  []string{"", "Volumes are movements per day, averaged over July.", "* Lounge: to be confirmed by Mrs Adeyemi"},
		merges: []string{"A1:G1", "A4:B4", "C4:D4", "E4:E5", "F4:F5", "G4:G5"}, groups: []int{2, 2}, first: 1}}},

	{name: "02-leistungen", sheets: []messySheet{
		{name: "Leistungen",
			above: []string{"Leistungsübersicht Stadtwerke Neuenrode", "Stand: Oktober 2026", ""},
			head:  []string{"Leistungserbringer|Abnehmer|Leistung|Kritikalität|Max. Ausfalldauer|Menge|Zufriedenheit|Bestätigt am|Bemerkung"},
			rows: []string{
				"Lohnbüro|Straßenmeisterei|Gehaltsabrechnung|kritisch|2 Tage|1.250,5|85,5 %|03.11.2026|",
				"Lohnbüro|Kundenservice|Gehaltsabrechnung|wichtig|1 Woche|'12,25|%90|@2026-11-02|seit März über Straße 4",
				"EDV-Abteilung|Lohnbüro|Betrieb Abrechnungssystem|sehr kritisch|4 Std.|||31.10.2026|",
				"EDV-Abteilung|Kundenservice|Telefonanlage|gering|1,5 Tage|||k. A.|",
				"Wasserwerk Süd|Kundenservice|Störungsmeldungen|mittel|'8|||1.9.2026|",
				"Gerätebau Müller GmbH & Co. KG|Straßenmeisterei|Ersatzteile|unkritisch|3 Wochen|'2,5|||"}},
		{name: "Teams",
			head: []string{"Bezeichnung|Art|Abteilung|Mitarbeiter|Wiederanlaufzeit|Ansprechpartner"},
			rows: []string{
				"Lohnbüro|Team|Verwaltung|'7,5|2 Tage|Frau Özdemir",
				"Straßenmeisterei|Team|Technik|'31|1 Tag|Herr Groß",
				"EDV-Abteilung|Team|Verwaltung|12|4 Std.|",
				"Kundenservice|Team|Vertrieb|9||",
				"Gerätebau Müller GmbH & Co. KG|Lieferant|||6 Wochen|",
				"Stadt Neuenrode|Kunde||||"}},
		{name: "Abteilungen",
			head: []string{"Abteilung|Übergeordnete Abteilung"},
			rows: []string{"Verwaltung|Stadtwerke", "Technik|Stadtwerke", "Vertrieb|Stadtwerke", "Stadtwerke|–"}},
		{name: "Erläuterung", head: []string{"Hinweise zum Ausfüllen", "Bitte je Leistung eine Zeile."}}}},

	{name: "03-bilan-impact", sheets: []messySheet{{name: "BIA 2026",
		above: []string{"Analyse d'impact sur l'activité, Mutuelle du Val", ""},
		head:  []string{"Direction|Processus|Effectif|Criticité|DMIA|DMIR|Dépend de|Requis par"},
		rows: []string{
			"Finances|Paie|6|Critique|2 jours|4 heures|Gestion du personnel; Hébergement|Comptabilité",
			"|Comptabilité|'4,5|Importante|1 semaine|1,5 jours|Paie; Hébergement|Direction générale",
			"Ressources humaines|Gestion du personnel|5|Moyenne|5 jours|1 jour|Hébergement|Paie",
			"Informatique|Hébergement|8|Critique|4 heures|2 heures|Télécom Loire SARL|Paie¶Comptabilité¶Gestion du personnel",
			"|Assistance|3|Faible|3 jours|2 jours|Hébergement|néant"},
		below: []string{"", "Source : entretiens de septembre 2026"},
		first: 3}}}, // a head count before the process would be that of the whole direction

	{name: "04-matriz", sheets: []messySheet{{name: "Matriz",
		above: []string{"Hospital San Telmo: matriz de dependencias", "Actualizada en septiembre", ""},
		head:  []string{"|Urgencias|Quirófano|Farmacia|Laboratorio|Limpieza|Total"},
		rows: []string{
			"Urgencias|–||X|✓|alta|3",
			"Quirófano|x|–|x|x|X|4",
			"Farmacia|||–||baja|1",
			"Laboratorio||||–|x|1",
			"Limpieza||||||0",
			"Total|1|0|2|2|4|"},
		below: []string{"", "Fuente: taller con los jefes de servicio"}, fixed: true}}},

	{name: "05-hr-export", sheets: []messySheet{
		{name: "Employee export",
			head: []string{"USERID|FIRSTNAME|LASTNAME|MANAGER|SECOND_MANAGER|DEPARTMENT|DIVISION|TITLE|STATUS|DATE_OF_BIRTH",
				"User ID|First Name|Last Name|Manager|Second Manager|Department|Division|Job Title|Status|Date of Birth"},
			rows: []string{
				"100|Marta|Quint|NO_MANAGER||Board|Corporate|Managing Director|active|@1969-02-03",
				"101|Piet|de Boer|100||Payroll|Finance|Head of Payroll|active|@1975-11-30",
				"102|Ann-Kathrin|Weiß|101|104|Payroll|Finance|Payroll Clerk|active|@1988-05-01",
				"103|Vacant||101||Payroll|Finance|Payroll Clerk|open|",
				"104|Luis|Ortega|105||Network|IT|Network Lead|active|@1981-01-01",
				"105|Sam|Okoro|104||Network|IT|Head of IT|active|@1979-07-19",
				"106|Ana|Lima|999||Service Desk|IT|Agent|active|@1990-09-09",
				"107|Joe|Brand|||Service Desk|IT|Agent|active|@1991-03-04",
				"108|Ivo|Former|101||Payroll|Finance|Clerk|terminated|@1960-12-24"}},
		{name: "Departments",
			head: []string{"Division|Parent unit|Cost centre"},
			rows: []string{"Finance|Corporate|'0410", "IT|Corporate|'0500", "Corporate||'0001"}}}},

	{name: "06-form-responses", sheets: []messySheet{{name: "Form Responses 1",
		head: []string{"Timestamp|Email Address|What team are you in?|Which teams do you rely on?|How satisfied are you with each team? [Payroll]|How satisfied are you with each team? [IT Service Desk]|How satisfied are you with each team? [Facilities]|Anything else we should know?"},
		rows: []string{
			"2026/10/05 9:12:44 AM GMT+1|ann@firm.example|Sales|Payroll, IT Service Desk|4|2||they are slow",
			"2026/10/05 9:40:01 AM GMT+1|bo@firm.example|Sales|Payroll|2|||",
			"2026/10/05 10:02:00 AM GMT+1|cy@firm.example|IT Service Desk|Facilities, Other|||5|",
			"2026/10/06 8:00:10 AM GMT+1|di@firm.example|Payroll|IT Service Desk, Works council||1||",
			"2026/10/06 8:01:30 AM GMT+1|ed@firm.example||Payroll|5|||no idea what my team is called",
			"2026/10/06 8:05:00 AM GMT+1|flo@firm.example|facilities|Payroll, facilities|3|||",
			"2026/10/07 8:05:00 AM GMT+1|gus@firm.example|Legal|||||we need nobody"},
		first: 1}}},

	{name: "07-sipoc", sheets: []messySheet{{name: "Order to cash",
		above: []string{"SIPOC: order to cash", "Workshop of 14 and 15 September, facilitated by R. Lindqvist", ""},
		head:  []string{"Suppliers|Inputs|Process|Outputs|Customers"},
		rows: []string{
			"Sales|Signed order|Order entry|Order confirmation|Wholesale shops",
			"Legal|Terms of sale||Order record|Warehouse",
			"Nordex Carriers|Tracking data|Shipping|Delivery note|Wholesale shops",
			"Warehouse|Picked goods|||Billing",
			"Shipping|Delivery note|Billing|Invoice|Wholesale shops",
			"Finance¶Treasury|Rates||Dunning list|Finance"},
		merges: []string{"A1:E1", "C5:C6", "C7:C8", "C9:C10"}}}},

	{name: "08-tracker", sheets: []messySheet{
		{name: "Stream Web",
			above: []string{"Programme Aurora: dependencies of the web stream"},
			head:  []string{"Team name/focus|Depends on Team|Type (blocking/slowing/ok)|Short description of dependency (artifacts, approvals, other)|Cross-streams (Yes/No)"},
			rows: []string{
				"Web shop|Design|blocking|Mock-ups|No",
				"Web shop|Legal; Privacy|slowing|Terms approved|Yes",
				"Search|Data platform|blocking|Product feed|Yes",
				"Search|none|||"}},
		{name: "Stream Data",
			head: []string{"Description|Depends on Team|Due|Type|Team"},
			rows: []string{
				"Click events|Web shop|@2026-12-01|ok|Data platform",
				"Cluster quota|Cloud Ops|@2026-11-15|blocking|Data platform",
				"Access rights|Privacy|TBD|slowing|Reporting"}},
		{name: "Stream Old", hidden: true,
			head: []string{"Team|Depends on Team|Type|Description"},
			rows: []string{"Reporting|Data platform|blocking|Nightly load"}},
		{name: "Ideas (ignore)", keepsItName: true,
			head: []string{"Team|Depends on Team|Type|Description"},
			rows: []string{"Search|Robots|blocking|Crawling"}},
		{name: "Burn-down", picture: true},
		{name: "Sheet7"}}},

	{name: "09-leveranciers", sheets: []messySheet{
		{name: "Leveranciers",
			above: []string{"Ketenoverzicht, niveau 1 tot 3", ""},
			head:  []string{"Leverancier|Afnemer|Niveau|Dienst|Belang|Kosten|Tevredenheid|Laatst bevestigd|Levertijd"},
			rows: []string{
				"Noorderlicht Hosting B.V.|Boekhouding|1|Hosting|zeer hoog|€12500.5|%85|@2026-10-03|2 dagen",
				"Glasvezel Oost|Noorderlicht Hosting B.V.|2|Verbinding|hoog|=3*1200→3600|%70|4-9-2026|1 week",
				"Graafbedrijf De Wit|Glasvezel Oost|3|Graafwerk|laag|#N/A||05-09-2026|",
				"Papierhandel Smit|Drukkerij|1|Papier|gemiddeld|€830|%40|13-8-2026|'1,5 dagen"}},
		{name: "Fornecedores",
			head: []string{"Fornecedor|Cliente|Serviço|Criticidade|Custo|Tempo máximo de interrupção|Confirmado em"},
			rows: []string{
				"Transportes Lusitânia, Lda.|Armazém|Entregas|muito alto|'1.234,50|2 dias|3/10/2026",
				"Frota Norte|Transportes Lusitânia, Lda.|Camiões|médio|=SUM(E1:E1)→950|1,5 semanas|25/9/2026",
				"Pneus Rápidos|Frota Norte|Pneus|baixo|'80,5|#N/A|1/2/2026"}},
		{name: "Relações",
			head: []string{"Naam|Soort|Moederbedrijf|Hersteltijd"},
			rows: []string{
				"Noorderlicht Hosting B.V.|leverancier|Noorderlicht Groep N.V.|3 dagen",
				"Glasvezel Oost|leverancier|Noorderlicht Groep N.V.|'36",
				"Graafbedrijf De Wit|leverancier||",
				"Transportes Lusitânia, Lda.|leverancier||1 week",
				"Boekhouding|team||"}}}},

	{name: "10-from-to", sheets: []messySheet{
		{name: "Relations",
			head: []string{"From|To|Relation|Remark"},
			rows: []string{
				"Payroll|Warehouse|serves|",
				"PAYROLL\u00a0|Café Noir GmbH|serves|name as on the badge",
				"Cafe Noir|Ware\u200bhouse|serves|",
				"Warehouse|IT\u00a0Support|depends on|",
				"Café  noir|IT Support|depends on|",
				"IT Support|IT Support|serves|a team cannot serve itself",
				"IT Support|TBD|serves|",
				"|Payroll|serves|",
				"Payroll|IT support|depends on|"}},
		{name: "Teams",
			head: []string{"ID|Name|Kind|Head count"},
			rows: []string{
				"P1|Payroll|team|6",
				"I1|IT Support|team|11",
				"W1|Warehouse|team|40",
				"P1|Purchasing|team|3",
				"C1|Café Noir GmbH|supplier|"}}}},
}
