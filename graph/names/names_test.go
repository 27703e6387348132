package names

import (
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

func ranked(rank int, s *graph.Source) *graph.Source {
	s.Rank = rank
	return s
}

func at(file string, row int) graph.Origin { return graph.Origin{File: file, Row: row} }

// twoSources makes a catalogue that describes one name and a tracker in which another stands.
func twoSources(described, said string, kind graph.Kind) *graph.Org {
	return &graph.Org{Sources: []*graph.Source{
		ranked(1, graph.NewSource("catalogue", []*graph.NodeRecord{{ID: "X1", Name: described, Kind: kind, From: at("catalogue.csv", 2)}}, nil)),
		ranked(2, graph.NewSource("tracker", []*graph.NodeRecord{{ID: "c", Name: "客", Kind: graph.Customer}},
			[]*graph.LinkRecord{{Provider: said, Consumer: "c", From: at("tracker.csv", 5)}})),
	}}
}

// brought says whether a name became the described thing, or is proposed to be.
func brought(described, said string, kind graph.Kind) (how string) {
	s := graph.NewSnapshot(twoSources(described, said, kind))
	if s.Nodes[s.Links[0].Provider].ID == "X1" {
		return "resolved"
	}
	for _, p := range Propose(s, []string{"tracker"}, nil).Pairs {
		if p.Name == strings.TrimSpace(said) && p.LikeID == "X1" {
			return "proposed"
		}
	}
	return ""
}

// The pairs that mean one thing, more likely than not.
var shouldPair = [][2]string{
	// English
	{"Crew Scheduling", "Crew Schedulling"}, {"Crew Scheduling", "Crew Sched."}, {"Crew Scheduling", "Scheduling, Crew"}, {"Crew Scheduling", "Crew scheduling team"},
	{"Operations", "Ops"}, {"Operations Control", "Ops Control"}, {"Flight Operations", "Flight ops dept."}, {"Information Technology", "IT"}, {"Human Resources", "HR"},
	{"Human Resources", "HR Department"}, {"Human Resources Payroll", "HR Payroll"}, {"Research & Development", "R&D"}, {"Research and Development", "R & D"},
	{"Fuel supplier", "Fuel suppliers"}, {"Facility Management", "Facilities Mgmt"}, {"Maintenance", "Maintenence"}, {"Procurement", "Procurment"}, {"Payroll", "Payrol"},
	{"Customer Service", "Customer Services"}, {"Red Hat", "RedHat"}, {"VMware", "VMWare"}, {"Acme Ltd", "Acme Limited"}, {"Acme Ltd", "Acme"}, {"Acme", "Acme, Inc."},
	{"Lufthansa AG", "Lufthansa"}, {"Accounts Payable", "AP"}, {"Gate 01", "Gate 1"}, {"Gate 1", "Gate1"}, {"Ground Handling", "Groundhandling"}, {"St. John's Depot", "St Johns Depot"},
	{"Catering Department", "Department of Catering"}, {"The Training Centre", "Training Center"}, {"Maint. Control", "Maintenance Control"}, {"Business Intelligence", "Business Inteligence"},
	{"Organisation Design", "Organization Design"}, {"Weather Service", "Wether Service"}, {"Airport Business Control", "ABC"}, {"Legal affairs", "Legal affiars"}, {"Treasury", "Tresaury"},
	// German
	{"Müller Söhne", "Mueller Soehne"}, {"Buchhaltung", "Abteilung Buchhaltung"}, {"Buchhaltung", "Buchhaltg."}, {"Lieferant", "Lieferanten"}, {"Straßenreinigung", "Strassenreinigung"},
	{"Qualitätssicherung", "Qualitaetssicherung"}, {"Personalabteilung", "Personalabteilng"}, {"Flugbetrieb GmbH", "Flugbetrieb"}, {"Entwicklung", "Entw."}, {"Forschung und Entwicklung", "Forschung & Entwicklung"},
	// French
	{"Comptabilité", "Comptabilite"}, {"Service Paie", "Paie"}, {"Direction des achats", "Achats"}, {"Ressources humaines", "RH"}, {"Équipe de nuit", "Equipe nuit"}, {"Réseau", "Réseaux"},
	{"Service d'entretien", "Entretien"}, {"Société Générale", "Societe Generale SA"},
	// Spanish
	{"Recursos Humanos", "RRHH"}, {"Departamento de Compras", "Compras"}, {"Proveedor", "Proveedores"}, {"Contabilidad", "Contabilidád"}, {"Logística y Almacén", "Logistica & Almacen"}, {"Operaciones", "Operacionse"},
	// Dutch
	{"Afdeling Inkoop", "Inkoop"}, {"Boekhouding", "Boekhoudng"}, {"Onderhoud en Reparatie", "Onderhoud & Reparatie"}, {"Leverancier", "Leveranciers"}, {"Schiphol Catering B.V.", "Schiphol Catering"},
	// Portuguese
	{"Manutenção", "Manutencao"}, {"Operação", "Operações"}, {"Setor de Compras", "Compras"}, {"Logística Ltda", "Logistica"}, {"Compras e Vendas", "Compras & Vendas"},
	// Chinese, Japanese, Korean, Cyrillic, Greek
	{"人事部", "人事"}, {"株式会社日立", "日立"}, {"サーバー", "サーバ"}, {"华为技术有限公司", "华为技术"}, {"経理チーム", "経理"}, {"Ｆｕｅｌ Ｄｅｓｋ", "fuel desk"}, {"삼성전자 주식회사", "삼성전자"},
	{"Бухгалтерия", "Бухгалтерея"}, {"Λογιστήριο", "Λογιστηριο"},
}

// The pairs that mean two things, or may as well.
var shouldNotPair = [][2]string{
	{"Gate 1", "Gate 2"}, {"Gate 1", "Gate 11"}, {"Gate 11", "Gate 1 1"}, {"Terminal A", "Terminal B"}, {"Terminal D", "Terminal L"}, {"Phase II", "Phase III"}, {"Gate 1", "Gate"}, {"Team 1", "Team 10"},
	{"Team Alpha", "Team Beta"}, {"Shift One", "Shift Two"}, {"Hangar 3 North", "Hangar 3 South"}, {"Line Maintenance", "Base Maintenance"}, {"Sales", "Payroll"}, {"Inbound Logistics", "Outbound Logistics"},
	{"Internal Audit", "External Audit"}, {"Import", "Export"}, {"Accounts Payable", "Accounts Receivable"}, {"North Region", "South Region"}, {"EU Sales", "US Sales"}, {"Crew Scheduling", "Crew Planning"},
	{"Crew Scheduling", "Crew Scheduling Dallas"}, {"Dallas Crew Scheduling", "Denver Crew Scheduling"}, {"Finance to Sales", "Sales to Finance"}, {"Rail", "Mail"}, {"Fuel", "Duel"}, {"Cargo", "Carga team B"},
	{"Network", "Artwork"}, {"Legal", "Regal"}, {"Planning", "Planting"}, {"Freight", "Flight"}, {"Austria", "Australia"}, {"Port", "Portugal"}, {"Main", "Maintenance"}, {"Car", "Cargo"}, {"Cat", "Catering"},
	{"IT", "Internal Training"}, {"it", "Information Technology Dallas"}, {"HR", "Heating Repairs Dallas"}, {"ABC", "Airport Business Council North"}, {"C++ team", "C# team"}, {"B737", "B747"}, {"A320 crew", "A330 crew"},
	{"Siemens AG", "Siemens SA"}, {"24/7 desk", "24/5 desk"}, {"2024 plan", "2025 plan"}, {"Level 3 support", "Level 2 support"}, {"Employer relations", "Employee relations"}, {"Team", "Group"},
	// German, French, Spanish, Dutch, Portuguese
	{"Einkauf", "Verkauf"}, {"Wareneingang", "Warenausgang"}, {"Werk Nord", "Werk Süd"}, {"Schicht A", "Schicht B"}, {"Achats", "Ventes"}, {"Équipe de jour", "Équipe de nuit"}, {"Quai 4", "Quai 5"}, {"Compras", "Ventas"},
	{"Turno de día", "Turno de noche"}, {"Inkoop", "Verkoop"}, {"Dienst Noord", "Dienst Zuid"}, {"Compras", "Vendas"}, {"Turno da manhã", "Turno da tarde"},
	// Chinese, Japanese, Korean
	{"人事部", "人民部"}, {"营业一部", "营业二部"}, {"东京支店", "南京支店"}, {"第一課", "第二課"}, {"が", "か"}, {"영업1팀", "영업2팀"}, {"한국전자", "한국전기"},
}

func TestPairs(t *testing.T) {
	if len(shouldPair) < 60 || len(shouldNotPair) < 60 {
		t.Fatal(len(shouldPair), len(shouldNotPair))
	}
	for _, c := range shouldPair {
		for _, kind := range []graph.Kind{graph.Team, graph.Supplier} {
			if brought(c[0], c[1], kind) == "" || brought(c[1], c[0], kind) == "" {
				score, why := compare(spell(c[0]), spell(c[1]))
				t.Errorf("%s: %q is not brought to %q: %v, %v", kind, c[1], c[0], score, why)
			}
		}
	}
	for _, c := range shouldNotPair {
		for _, way := range [][2]string{c, {c[1], c[0]}} {
			if how := brought(way[0], way[1], graph.Team); how != "" {
				score, why := compare(spell(c[0]), spell(c[1]))
				t.Errorf("%q is %s to be %q: %v, %v", way[1], how, way[0], score, why)
			}
		}
	}
}
