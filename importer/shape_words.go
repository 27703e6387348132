package importer

import "slices"

// What people call the columns of sheets that are no native tables, in English, German, French, Spanish, Dutch and Portuguese.
var (
	teamWords = []string{"team", "teams", "team name", "team name/focus", "our team", "your team", "name", "group", "squad", "function name", "team/process", "team / service",
		"teamname", "name des teams", "gruppe", "équipe", "nom de l'équipe", "nom", "equipo", "nombre del equipo", "nombre", "naam", "naam team", "groep",
		"equipa", "equipe", "nome", "nome da equipe", "nome da equipa", "time"}
	systemWords = []string{"system", "application", "component", "anwendung", "système", "sistema", "aplicación", "systeem", "applicatie", "aplicação", "aplicativo"}
	unitWords   = []string{"unit", "department", "department name", "division", "business unit", "BU name", "BU", "business area", "area", "org unit", "organisational unit",
		"organizational unit", "abteilung", "bereich", "geschäftsbereich", "fachbereich", "organisationseinheit", "direction", "département", "unité", "unité d'affaires", "entité",
		"departamento", "área", "unidad", "unidad de negocio", "afdeling", "bedrijfsonderdeel", "eenheid", "departement", "unidade", "unidade de negócio", "unidade de negócios"}
	processWords = []string{"process", "process name", "business process", "critical process", "critical business process", "business activity", "critical activity", "activity",
		"business function", "function", "service", "service name", "service provided", "what we provide", "prozess", "prozessname", "geschäftsprozess", "kernprozess", "leistung", "dienst",
		"processus", "processus métier", "nom du processus", "activité", "prestation", "proceso", "proceso de negocio", "nombre del proceso", "servicio", "actividad",
		"proces", "bedrijfsproces", "procesnaam", "activiteit", "processo", "processo de negócio", "nome do processo", "serviço", "atividade", "actividade"}
	dependsWords = []string{"depends on", "depends on team", "depends on teams", "dependent on", "dependant on", "depends upon", "we depend on", "who we depend on", "who do we depend on",
		"internal dependencies", "dependencies (depends on)", "dependencies (upstream)", "dependencies upstream", "depends on (upstream)", "abhängigkeiten (vorgelagert)", "vorgelagerte abhängigkeiten",
		"dépendances amont", "dépendances (amont)", "dépendances en amont", "dependencias aguas arriba", "dependências a montante", "upstream", "upstream dependencies", "upstream teams", "upstream processes", "upstream functions", "vorgelagert",
		"vorgelagerte prozesse", "vorgelagerte teams", "amont", "en amont", "processus amont", "aguas arriba", "stroomopwaarts", "montante", "a montante", "depends on (provider)", "provided by",
		"abhängig von", "hängt ab von", "ist abhängig von", "angewiesen auf", "wir sind abhängig von", "wir brauchen", "dépend de", "dépendant de", "nous dépendons de",
		"depende de", "depende del equipo", "dependemos de", "dependente de", "afhankelijk van", "is afhankelijk van", "hangt af van", "wij zijn afhankelijk van"}
	requiredWords = []string{"required by", "relied on by", "depended on by", "who depends on us", "who relies on us", "required by (consumer)", "dependencies (downstream)", "dependencies downstream", "required by (downstream)", "abhängigkeiten (nachgelagert)", "nachgelagerte abhängigkeiten",
		"dépendances aval", "dépendances (aval)", "dépendances en aval", "dependencias aguas abajo", "dependências a jusante", "used by", "genutzt von", "verwendet von", "utilisé par", "utilizado por", "gebruikt door", "usado por", "downstream", "downstream dependencies", "downstream teams", "downstream processes", "downstream functions", "nachgelagert",
		"nachgelagerte prozesse", "nachgelagerte teams", "aval", "en aval", "processus aval", "aguas abajo", "stroomafwaarts", "jusante", "a jusante", "required by teams",
		"benötigt von", "wird benötigt von", "erforderlich für", "gebraucht von", "wird gebraucht von", "wer braucht uns", "requis par", "requise par", "nécessaire à", "nécessaire pour",
		"requerido por", "requerida por", "necesario para", "necesitado por", "exigido por", "necessário para", "necessária para", "vereist door", "nodig voor", "nodig door", "benodigd door"}
	systemsWords = []string{"systems", "IT systems", "IT applications", "applications", "critical systems", "IT dependencies", "systems and applications", "systems / applications", "supporting systems",
		"dependent technology systems", "IT-systeme", "anwendungen", "systèmes", "systèmes informatiques", "applications informatiques", "sistemas", "sistemas TI", "aplicaciones",
		"systemen", "IT-systemen", "applicaties", "aplicações", "sistemas de TI"}
	suppliersWords = []string{"suppliers", "key suppliers", "critical suppliers", "third parties", "external suppliers", "vendors", "external dependencies", "partners and suppliers",
		"lieferanten", "dienstleister", "externe dienstleister", "fournisseurs", "prestataires", "proveedores", "leveranciers", "fornecedores"}
	headcountWords = []string{"headcount", "head count", "FTE", "FTEs", "number of employees", "employees", "staff", "number of staff", "mitarbeiter", "mitarbeiterzahl", "anzahl mitarbeiter", "VZÄ",
		"effectif", "effectifs", "ETP", "plantilla", "número de empleados", "empleados", "aantal medewerkers", "medewerkers", "número de funcionários", "funcionários", "colaboradores"}
	minStaffWords = []string{"minimum staff", "min staff", "minimum staffing", "minimum headcount", "mindestbesetzung", "effectif minimum", "effectif minimal", "personal mínimo",
		"minimale bezetting", "pessoal mínimo", "equipe mínima"}
	recoveryWords = []string{"RTO", "recovery time objective", "recovery time", "recovery", "time to recover", "RTO (max tolerable downtime)", "wiederanlaufzeit", "WAZ", "wiederherstellungszeit",
		"DMIR", "délai de reprise", "durée de reprise", "tiempo de recuperación", "tiempo objetivo de recuperación", "hersteltijd", "tempo de recuperação", "tempo objetivo de recuperação"}
	toleranceWords = []string{"MTPD", "MTD", "MAO", "MTPOD", "maximum tolerable downtime", "maximum tolerable period of disruption", "maximum acceptable outage", "maximum allowable outage",
		"maximum tolerable outage", "impact tolerance", "tolerance", "maximal tolerierbare ausfallzeit", "MTA", "tolerierbare ausfallzeit", "maximale ausfallzeit",
		"DMIA", "durée maximale d'interruption admissible", "durée d'indisponibilité maximale", "tiempo máximo tolerable de interrupción", "tiempo máximo de inactividad tolerable",
		"maximaal toelaatbare uitvalsduur", "maximale uitvaltijd", "período máximo tolerável de interrupção", "tempo máximo de interrupção"}
	priorityWords = []string{"priority ranking", "priority", "criticality", "criticality rating", "criticality level", "process criticality", "importance", "ranking", "tier", "level of reliance",
		"type (blocking/slowing/ok)", "blocking/slowing/ok", "priorität", "kritikalität", "wichtigkeit", "rang", "priorité", "criticité", "importance", "prioridad", "criticidad", "importancia",
		"prioriteit", "kritikaliteit", "kriticiteit", "belang", "prioridade", "criticidade", "importância"}
	contactWords = []string{"contact", "contact name", "contact person", "owner", "process owner", "ansprechpartner", "kontakt", "prozesseigner", "prozessverantwortlicher", "responsable",
		"propriétaire", "contacto", "responsable del proceso", "dueño del proceso", "contactpersoon", "proceseigenaar", "contato", "responsável", "dono do processo"}
	siteWords = []string{"site", "sites", "location", "locations", "standort", "standorte", "lieu", "ubicación", "sede", "locatie", "vestiging", "localização", "local"}
)

// isSystemHeader says that a column of names names systems.
func isSystemHeader(header string) bool {
	return slices.ContainsFunc(systemWords, func(w string) bool { return foldHeader(w) == foldHeader(header) })
}
