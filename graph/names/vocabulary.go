package names

import (
	"slices"
	"strings"
)

// The words below are compared as graph.Words gives them: in lower case, without accents.

// stopWords carry no meaning of their own in a name.
var stopWords = setOf(`the of and an
	und der die das des dem fur
	et le la les de du des
	el los las del os as do da dos das
	en het een`)

// fillers say only that a name is that of a part of a firm.
var fillers = setOf(`team teams department departments dept depts dep division divisions div group grp unit office section squad function
	abteilung abteilungen abt bereich gruppe referat
	equipe equipes departement direction pole bureau
	equipo departamento departamentos depto dpto dto area grupo oficina unidad seccion
	equipa setor sector divisao secao
	afdeling afdelingen afd groep dienst`)

// leadingFillers are fillers only before other words: “Service paie”.
var leadingFillers = setOf("service services servicio servico")

// stuckFillers stand behind a name without a space.
var stuckFillers = []string{"チーム", "グループ", "部門", "部门", "部", "課", "课", "科", "組", "组", "室", "团队", "團隊", "팀", "부서", "부"}

// directions give the order of the other words a meaning: “Finance to Sales”.
var directions = setOf("to from vs nach von zu vers hacia para pour voor naar by")

// abbreviations are short forms that are not just the beginning of their word, or of two words alike.
var abbreviations = mapOf(`ops operations, op operations, svc service, svcs services, mgmt management, mgt management, mngt management, mgr manager, mktg marketing,
	acct accounting, accts accounts, acctg accounting, eng engineering, engr engineering, mfg manufacturing, dev development, sw software, hw hardware, intl international,
	natl national, govt government, dist distribution, distr distribution, fin finance, admin administration, tech technology, sys systems, pax passenger, mx maintenance,
	maint maintenance, whse warehouse, purch purchasing, proc procurement, trng training, xport transport, trans transport, cust customer, comms communications,
	infra infrastructure, apps applications, app application, sec security, log logistics, biz business, asst assistant, assoc associates, bldg building, ctr center, centre center,
	verw verwaltung, buchh buchhaltung, vertr vertrieb, techn technik, entw entwicklung, prod production, fert fertigung, einkf einkauf,
	compta comptabilite, maintce maintenance, exploit exploitation, appro approvisionnement, info informatique,
	contab contabilidad, mant mantenimiento, oper operaciones, logist logistica, manut manutencao, admon administracion, compr compras,
	boekh boekhouding, onderh onderhoud, personeelsz personeelszaken,
	organisation organization, organisations organizations, labour labor, programme program, colour color, defence defense, licence license, catalogue catalog`)

// acronyms stand for several words.
var acronyms = [][]string{
	{"hr", "human", "resources"}, {"it", "information", "technology"}, {"qa", "quality", "assurance"}, {"qc", "quality", "control"}, {"pr", "public", "relations"},
	{"rd", "research", "development"}, {"rd", "recherche", "developpement"}, {"ict", "information", "communication", "technology"},
	{"ap", "accounts", "payable"}, {"ar", "accounts", "receivable"}, {"bi", "business", "intelligence"}, {"pmo", "project", "management", "office"}, {"it", "informatik"},
	{"rh", "ressources", "humaines"}, {"drh", "direction", "ressources", "humaines"}, {"rrhh", "recursos", "humanos"}, {"rh", "recursos", "humanos"},
	{"ti", "tecnologia", "informacao"}, {"si", "systemes", "information"}, {"hse", "health", "safety", "environment"}, {"mro", "maintenance", "repair", "overhaul"},
	{"occ", "operations", "control", "centre"}, {"occ", "operations", "control", "center"}, {"noc", "network", "operations", "center"},
}

// isKnownAcronym says that everybody knows what the letters stand for.
func isKnownAcronym(letters string) bool {
	return slices.ContainsFunc(acronyms, func(a []string) bool { return a[0] == letters })
}

// opposites are like each other in letters only.
var opposites = [][2]string{
	{"import", "export"}, {"internal", "external"}, {"interne", "externe"}, {"intern", "extern"}, {"production", "reproduction"}, {"planned", "unplanned"},
	{"employer", "employee"}, {"employers", "employees"}, {"austria", "australia"}, {"slovakia", "slovenia"}, {"planning", "planting"}, {"training", "trading"},
	{"lending", "landing"}, {"leasing", "leaving"}, {"freight", "flight"}, {"casual", "causal"}, {"principal", "principle"},
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// mapOf reads “short long, short long”.
func mapOf(pairs string) map[string]string {
	m := map[string]string{}
	for pair := range strings.SplitSeq(pairs, ",") {
		w := strings.Fields(pair)
		m[w[0]] = w[1]
	}
	return m
}
