package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"example.com/whoserves/graph"
)

// said gives what people call something in English, German, French, Spanish, Dutch and Portuguese, set apart by semicolons. Case, spaces,
// punctuation and accents do not count: see [foldHeader] and [spellings].
func said(en, de, fr, es, nl, pt string) []string {
	var all []string
	for _, language := range []string{en, de, fr, es, nl, pt} {
		for word := range strings.SplitSeq(language, ";") {
			if word = strings.TrimSpace(word); word != "" {
				all = append(all, word)
			}
		}
	}
	return all
}

// spellings gives the folded forms of a header: as it is, without accents, and with ae for ä.
func spellings(name string) []string {
	fold := foldHeader(name)
	all := []string{fold}
	if strings.IndexFunc(fold, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return all
	}
	for _, other := range []string{umlauts.Replace(fold), bare(umlauts.Replace(fold)), bare(strings.ReplaceAll(fold, "ß", "ss"))} {
		if other != fold {
			all = append(all, other)
		}
	}
	return all
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// bare takes accents away.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// nodeHeaders are the columns that describe a node.
var nodeHeaders = []header{
	{field: "id", other: said("node id; team id; code; key; uid", "Kennung; Schlüssel; ID-Nummer; Team-ID", "identifiant; clé; code équipe", "identificador; código; clave", "sleutel; kenmerk", "identificador; código; chave"),
		loose: said("", "Kürzel; Nummer", "", "", "nummer", "")},
	{field: "name", other: said("node; node name; label; display name; full name; legal name", "Bezeichnung; Benennung", "nom; libellé; désignation", "nombre; denominación", "naam; benaming", "nome; designação; denominação"),
		loose: said("team; team name; supplier; supplier name; vendor; vendor name; customer; customer name; resource; resource name; title",
			"Teamname; Lieferant; Lieferantenname; Kunde; Kundenname; Ressource; Titel; Gruppe", "équipe; nom de l'équipe; fournisseur; nom du fournisseur; client; nom du client; ressource; groupe",
			"equipo; nombre del equipo; proveedor; cliente; recurso; grupo", "teamnaam; leverancier; klant; middel; groep", "equipe; equipa; nome da equipe; fornecedor; recurso")},
	{field: "kind", other: said("node kind; node type", "Art; Knotenart", "nature", "clase", "soort", "espécie"), loose: said("type", "Typ; Kategorie", "catégorie", "tipo; categoría", "categorie", "tipo; categoria")},
	{field: "unit", other: said("unit id; unit name; org unit; department; department name; division; business unit; BU name; BU; supervisory organization; functional area; functional area / department",
		"Abteilung; Fachbereich; Bereich; Geschäftsbereich; Organisationseinheit; OE; Einheit; Ressort", "département; service de rattachement; unité; unité organisationnelle; entité; pôle",
		"departamento; área; unidad; unidad organizativa; unidad de negocio", "afdeling; eenheid; organisatieonderdeel; bedrijfsonderdeel; divisie", "departamento; área; unidade; unidade organizacional; setor; divisão"),
		loose: said("", "", "direction; pôle", "división; dirección", "", "direção")},
	{field: "headcount", other: said("FTE; number of posts in FTE; number of employees; employees; staff", "Mitarbeiter; Mitarbeiterzahl; Anzahl Mitarbeiter; Mitarbeitende; VZÄ; Köpfe", "effectif; effectifs; ETP; nombre d'employés",
		"plantilla; número de empleados; empleados; ETC", "aantal medewerkers; medewerkers; bezetting", "número de funcionários; funcionários; colaboradores; efetivo; quadro")},
	{field: "min_staff", other: said("minimum staff", "Mindestbesetzung", "effectif minimum; effectif minimal", "personal mínimo; plantilla mínima", "minimale bezetting", "pessoal mínimo; equipe mínima")},
	{field: "capacity", other: said("", "Kapazität", "capacité", "capacidad", "capaciteit", "capacidade")},
	{field: "recovery_hours", hours: true, other: said("recovery; recovery time; RTO; RTO (max tolerable downtime); recovery time objective; recovery time objective of the function; time to recover; TTR",
		"Wiederanlaufzeit; WAZ; Wiederherstellungszeit; Wiederanlauf", "délai de reprise; durée de reprise; DMIR; temps de rétablissement", "tiempo de recuperación; recuperación; tiempo objetivo de recuperación",
		"hersteltijd; herstel", "tempo de recuperação; recuperação; tempo objetivo de recuperação")},
	{field: "failures_per_year", other: said("failures; failures a year; failures / year", "Ausfälle; Ausfälle pro Jahr; Ausfälle/Jahr", "pannes; pannes par an; défaillances par an", "fallos; fallos por año; fallos al año",
		"storingen; storingen per jaar", "falhas; falhas por ano")},
	{field: "value", other: said("customer value; annual value; value per year; revenue; annual revenue", "Wert; Kundenwert; Umsatz; Jahresumsatz", "valeur; valeur client; chiffre d'affaires", "valor; valor del cliente; ingresos; facturación",
		"waarde; klantwaarde; omzet; jaaromzet", "valor; valor do cliente; receita; faturamento; faturação")},
	{field: "segment", other: said("customer segment", "Kundensegment", "segment client", "segmento; segmento de cliente", "klantsegment", "segmento; segmento de cliente")},
	{field: "can_fail", other: said("", "kann ausfallen", "peut défaillir; peut tomber en panne", "puede fallar", "kan uitvallen", "pode falhar")},
	{field: "contact", other: said("contact name; contact person; contact e-mail", "Ansprechpartner; Ansprechpartnerin; Ansprechperson; Kontakt; Kontaktperson", "personne à contacter; contact e-mail; interlocuteur", "contacto; persona de contacto",
		"contactpersoon", "contato; contacto; pessoa de contato"),
		loose: said("e-mail; e-mail address", "E-Mail-Adresse; verantwortlich; Verantwortlicher", "courriel; adresse e-mail; responsable", "correo; correo electrónico; responsable", "e-mailadres; verantwoordelijke", "endereço de e-mail; responsável")},
	{field: "site", other: said("sites", "Standort; Standorte", "implantation", "sede; emplazamiento", "vestiging; vestigingen", "unidade física"),
		loose: said("location; locations", "Ort", "lieu; localisation", "ubicación; localización", "locatie; locaties", "local; localização")},
	{field: "tags", other: said("tag", "Schlagwörter; Schlagworte; Stichwörter", "étiquettes; mots-clés", "etiquetas; palabras clave", "trefwoorden", "etiquetas; palavras-chave")},
	{field: "aliases", other: said("alias; also known as; AKA; other names", "auch bekannt als; andere Namen; weitere Namen; Aliasnamen", "autres noms; aussi appelé", "otros nombres; también conocido como", "andere namen; ook bekend als", "outros nomes; também conhecido como")},
}

var linkHeaders = []header{
	{field: "provider", other: said("provider team; provider id; provider name; provider unit; providing team; internal provider; internal supplier; served by; depends on; depends on team; supplier; suppliers; supplier team; supplier name; partners and suppliers",
		"Lieferant; Lieferanten; interner Lieferant; Zulieferer; Anbieter; interner Anbieter; Leistungserbringer; Erbringer; Bereitsteller; Dienstleister; Leistungsgeber; lieferndes Team; liefernde Abteilung; hängt ab von; abhängig von; ist abhängig von; erbracht von; bereitgestellt von; bedient von",
		"fournisseur; fournisseurs; fournisseur interne; prestataire; prestataire interne; équipe fournisseur; équipe prestataire; dépend de; dépendant de; fourni par; servi par",
		"proveedor; proveedores; proveedor interno; equipo proveedor; prestador; suministrador; depende de; provisto por; suministrado por; atendido por",
		"leverancier; leveranciers; interne leverancier; aanbieder; leverend team; leverende afdeling; dienstverlener; afhankelijk van; is afhankelijk van; hangt af van; geleverd door",
		"fornecedor; fornecedores; fornecedor interno; equipe fornecedora; equipa fornecedora; prestador; depende de; dependente de; fornecido por; atendido por"),
		loose: said("from; source", "von; Quelle; wer", "de; source; origine", "de; desde; origen", "van; bron; wie", "de; origem")},
	{field: "consumer", other: said("consumer team; consumer id; consumer name; consumer unit; consuming team; customer; customers; customer team; customer id; customer name; internal customer; serves; required by; dependency of",
		"Abnehmer; Kunde; Kunden; interner Kunde; Empfänger; Leistungsempfänger; Leistungsnehmer; Bezieher; Nutzer; Verbraucher; abnehmendes Team; bedient; benötigt von; wird benötigt von; beliefert",
		"client; clients; client interne; équipe cliente; bénéficiaire; destinataire; consommateur; sert; requis par; nécessaire à",
		"cliente; clientes; cliente interno; equipo cliente; consumidor; beneficiario; destinatario; receptor; sirve a; requerido por; necesario para",
		"afnemer; afnemers; klant; klanten; interne klant; ontvanger; afnemend team; gebruiker; bedient; nodig voor; vereist door",
		"cliente; clientes; cliente interno; equipe cliente; consumidor; beneficiário; destinatário; recebedor; serve; exigido por; necessário para"),
		loose: said("to; target; team name/focus", "nach; an; Ziel; wen", "à; vers; cible; destination", "a; hacia; destino", "naar; aan; doel", "para; destino; alvo")},
	{field: "service", other: said("service name; business function; business activity; function name; short description of dependency", "Leistung; Dienst; Dienstleistung; Serviceleistung; Leistungsbezeichnung; Gegenstand",
		"prestation; nom du service; service rendu; service fourni", "servicio; prestación; nombre del servicio", "dienst; dienstverlening; naam dienst; prestatie", "serviço; prestação; nome do serviço"),
		loose: said("process; sub-process", "Prozess; Geschäftsprozess; Teilprozess; was", "processus; sous-processus; activité", "proceso; subproceso; actividad", "proces; deelproces; activiteit; wat", "processo; subprocesso; atividade")},
	{field: "criticality", other: said("criticality or importance assessment; level of reliance; type (blocking/slowing/ok); priority (critical/high/med/low); priority ranking; importance",
		"Kritikalität; Kritikalitätsstufe; Kritizität; Wichtigkeit; Bedeutung; Kritisch?", "criticité; niveau de criticité; importance", "criticidad; nivel de criticidad; importancia",
		"kritikaliteit; kriticiteit; belang; belangrijkheid; kritiek?", "criticidade; nível de criticidade; importância"),
		loose: said("priority", "Priorität; Prio", "priorité", "prioridad", "prioriteit", "prioridade")},
	{field: "min_providers", other: said("minimum providers", "Mindestanzahl Lieferanten; mindestens nötige Lieferanten; Mindestanzahl", "nombre minimum de fournisseurs; fournisseurs minimum", "mínimo de proveedores; proveedores mínimos",
		"minimum aantal leveranciers", "mínimo de fornecedores; fornecedores mínimos")},
	{field: "tolerance_hours", hours: true, other: said("tolerance; impact tolerance; MTPD; MTD; MAO; maximum tolerable downtime; maximum tolerable period of disruption",
		"Toleranz; Ausfalldauer; Ausfalldauer (max.); max. Ausfalldauer; maximale Ausfalldauer; Ausfallzeit; maximale Ausfallzeit; max. tolerierbare Ausfallzeit; maximal tolerierbare Ausfallzeit; tolerierbare Ausfallzeit; MTA",
		"tolérance; DMIA; durée maximale d'interruption admissible; durée d'interruption maximale; interruption maximale; durée max. d'interruption; indisponibilité maximale",
		"tolerancia; tiempo máximo de interrupción; tiempo máximo tolerable de interrupción; interrupción máxima; parada máxima",
		"tolerantie; maximale uitvalduur; max. uitvalduur; uitvalduur; maximaal toelaatbare uitvalsduur; maximale uitvaltijd",
		"tolerância; tempo máximo de interrupção; tempo máximo tolerável de interrupção; interrupção máxima; parada máxima")},
	{field: "volume", other: said("volume per day; volume per week; volume per month; volume per year; daily volume; monthly volume", "Menge; Volumen; Umfang; Menge pro Monat; Menge pro Jahr", "quantité", "volumen; cantidad", "hoeveelheid", "quantidade")},
	{field: "lead_time_hours", hours: true, other: said("lead time", "Lieferzeit; Vorlaufzeit; Durchlaufzeit", "délai de livraison; délai", "plazo de entrega; plazo", "levertijd; doorlooptijd", "prazo de entrega; prazo")},
	{field: "satisfaction", other: said("satisfaction score", "Zufriedenheit", "taux de satisfaction", "satisfacción", "tevredenheid", "satisfação"), loose: said("rating", "Bewertung", "évaluation", "valoración", "beoordeling; waardering", "avaliação")},
	{field: "agreement", other: said("agreements", "Vereinbarung; Leistungsvereinbarung", "accord; accord de service", "acuerdo; acuerdo de servicio", "overeenkomst; afspraak", "acordo; acordo de serviço"),
		loose: said("SLA; OLA; contract", "Vertrag", "contrat", "contrato", "", "contrato")},
	{field: "channel", other: said("channels; agreed channel", "Kanal; Kommunikationskanal; Kommunikationsweg", "canal; canal de communication", "canal; canal de comunicación", "kanaal; communicatiekanaal", "canal; canal de comunicação")},
	{field: "feedback", other: said("feedback loop", "Rückmeldung; Rückmeldeschleife", "retour d'information; boucle de retour", "retroalimentación", "terugkoppeling", "retroalimentação; retorno")},
	{field: "response_hours", hours: true, other: said("response; response time", "Reaktionszeit; Antwortzeit", "temps de réponse; délai de réponse", "tiempo de respuesta", "reactietijd; responstijd", "tempo de resposta")},
	{field: "declared_by", other: said("", "gemeldet von; angegeben von; erklärt von", "déclaré par", "declarado por", "opgegeven door; gemeld door", "declarado por; informado por")},
	{field: "confirmed_on", other: said("confirmed; last confirmed; last confirmed on; date confirmed", "bestätigt; bestätigt am; zuletzt bestätigt; zuletzt bestätigt am", "confirmé; confirmé le; dernière confirmation", "confirmado; confirmado el; última confirmación",
		"bevestigd; bevestigd op; laatst bevestigd", "confirmado; confirmado em; última confirmação")},
	{field: "cost", other: said("costs", "Kosten", "coût; coûts", "coste; costo; costes; costos", "kosten", "custo; custos")},
	{field: "still_true"},
}

var unitHeaders = []header{
	{field: "id", other: said("unit id; department id; code; key", "Kennung; Schlüssel; Abteilungsnummer; OE-Nummer", "identifiant; clé; code département", "identificador; código; clave", "sleutel; afdelingscode", "identificador; código; chave")},
	{field: "name", other: said("unit; unit name; department; department name; division; business unit; BU name; label", "Abteilung; Abteilungsname; Bereich; Fachbereich; Geschäftsbereich; Organisationseinheit; OE; Einheit; Bezeichnung",
		"nom; département; unité; unité organisationnelle; entité; libellé", "nombre; departamento; área; unidad; unidad organizativa", "naam; afdeling; afdelingsnaam; eenheid; organisatieonderdeel",
		"nome; departamento; área; unidade; unidade organizacional; setor"), loose: said("", "", "direction", "dirección", "", "direção")},
	{field: "parent", other: said("parent id; parent unit; parent name; parent department; parent department name; part of",
		"übergeordnet; übergeordnete Einheit; übergeordnete Abteilung; übergeordneter Bereich; übergeordnete OE; Oberabteilung; gehört zu; Teil von", "unité parente; unité supérieure; département parent; entité parente; parent; rattachée à; rattaché à; fait partie de",
		"unidad superior; departamento superior; unidad padre; área superior; pertenece a; forma parte de", "bovenliggende eenheid; bovenliggende afdeling; valt onder; onderdeel van", "unidade superior; departamento superior; unidade pai; pertence a; faz parte de; subordinado a")},
}

var peopleHeaders = []header{
	{field: "id", other: said("person id; employee id; associate id; user id; user/employee id; employee code; employee number; emp id; post unique reference", "Personalnummer; Personalnr.; Personal-Nr.; Mitarbeiternummer; Mitarbeiter-ID; Personen-ID; Kennung",
		"matricule; numéro d'employé; identifiant", "número de empleado; id empleado; id de empleado; identificador", "personeelsnummer; medewerkernummer; personeelsnr.", "matrícula; número de funcionário; id funcionário; identificador")},
	{field: "name", other: said("full name; display name; person; person name; employee; employee name; worker; user name; legal name; label", "Mitarbeiter; Mitarbeitername; Mitarbeiterin; Mitarbeiter/in; vollständiger Name; Name, Vorname; Vor- und Nachname",
		"nom; nom complet; nom et prénom; employé; salarié; collaborateur; personne", "nombre; nombre completo; nombre y apellidos; empleado; persona", "naam; volledige naam; medewerker; werknemer; persoon", "nome; nome completo; funcionário; colaborador; pessoa")},
	{field: "team", other: said("teams; team id; team name; member of", "Teamname; Gruppe; Mitglied von", "équipe; équipes; nom de l'équipe; membre de", "equipo; equipos; nombre del equipo; miembro de", "teamnaam; groep; lid van", "equipe; equipes; equipa; time; nome da equipe; membro de")},
	{field: "manager", other: said("manager id; manager name; manager user sys id; manager position code; supervisor; supervisor id; supervisor EId; reports to; reports to associate id; reports to senior post; reporting senior post",
		"Vorgesetzter; Vorgesetzte; Vorgesetzte/r; direkter Vorgesetzter; Führungskraft; berichtet an; Chef; Chefin; Disziplinarvorgesetzter; Personalnummer Vorgesetzter",
		"responsable hiérarchique; supérieur; supérieur hiérarchique; N+1; chef; rend compte à; matricule du responsable", "jefe; jefa; jefe directo; superior; reporta a; responsable directo; gerente",
		"leidinggevende; direct leidinggevende; rapporteert aan; chef; baas", "gestor; gestora; chefe; chefia; superior; superior imediato; reporta a; responde a; gerente"),
		loose: said("", "Leiter; Leitung; Teamleiter; Teamleitung; verantwortlich; Verantwortlicher", "responsable; rattaché à; dépend de", "responsable; depende de; encargado", "verantwoordelijke; teamleider", "responsável; depende de; coordenador")},
	{field: "role", other: said("job title; position", "Rolle; Stelle; Stellenbezeichnung; Berufsbezeichnung", "rôle; poste; fonction; intitulé du poste", "puesto; cargo; rol; función", "rol; functie; functietitel; functienaam", "cargo; função; papel; posição"),
		loose: said("title", "Funktion; Titel", "titre", "título", "titel", "título")},
	{field: "contact", other: said("contact e-mail", "Kontakt", "", "contacto", "", "contato; contacto"), loose: said("e-mail; e-mail address", "E-Mail-Adresse", "courriel; adresse e-mail", "correo; correo electrónico", "e-mailadres", "endereço de e-mail")},
}

// tableWords are words in the names of files and sheets that say what table it is, and what kind its nodes are of.
var tableWords = func() map[string]tableWord {
	m := map[string]tableWord{}
	for _, t := range []struct {
		table string
		kind  graph.Kind
		words []string
	}{
		{"nodes", graph.NoKind, said("nodes; node", "Knoten", "nœuds; noeuds", "nodos", "knopen", "nós")},
		{"links", graph.NoKind, said("links; link", "Verbindungen; Verknüpfungen; Leistungsbeziehungen", "liens", "enlaces; vínculos", "koppelingen", "ligações; vínculos")},
		{"units", graph.NoKind, said("units; unit; departments", "Abteilungen; Organisationseinheiten; Einheiten", "unités; départements", "unidades; departamentos", "afdelingen; eenheden", "unidades; departamentos")},
		{"people", graph.NoKind, said("people; persons; employees", "Personen; Mitarbeiter; Mitarbeitende", "personnes; employés; salariés", "personas; empleados", "personen; medewerkers", "pessoas; funcionários")},
		{"nodes", graph.Team, said("teams", "", "équipes", "equipos", "", "equipes; equipas")},
		{"nodes", graph.Supplier, said("suppliers; vendors", "Lieferanten", "fournisseurs", "proveedores", "leveranciers", "fornecedores")},
		{"nodes", graph.Resource, said("resources", "Ressourcen", "ressources", "recursos", "middelen", "recursos")},
		{"nodes", graph.Customer, said("customers", "Kunden", "clients", "clientes", "klanten", "clientes")},
	} {
		for _, w := range t.words {
			for _, fold := range spellings(w) {
				m[fold] = tableWord{t.table, t.kind}
			}
		}
	}
	return m
}()

// tableWord is what a word in the name of a file or sheet says.
type tableWord struct {
	table string
	kind  graph.Kind
}

// unitSuffixes are the ends of headers that say in what a plain number counts.
var unitSuffixes = func() []unitSuffix {
	var all []unitSuffix
	for _, u := range []struct {
		hours float64
		words []string
	}{
		{1, said("hours; in hours; hour; hrs; hr; h", "Stunden; in Stunden; Std.", "heures; en heures", "horas; en horas", "uren; in uren; uur", "em horas")},
		{24, said("days; in days; day; d", "Tage; in Tagen; Tagen", "jours; en jours", "días; en días", "dagen; in dagen", "dias; em dias")},
		{168, said("weeks; in weeks; week", "Wochen; in Wochen", "semaines; en semaines", "semanas; en semanas", "weken; in weken", "em semanas")},
		{1. / 60, said("minutes; in minutes; mins; min", "Minuten; in Minuten", "minutes; en minutes", "minutos; en minutos", "minuten; in minuten", "em minutos")},
	} {
		for _, w := range u.words {
			for _, fold := range spellings(w) {
				all = append(all, unitSuffix{fold, u.hours})
			}
		}
	}
	return all
}()

type unitSuffix struct {
	suffix string
	hours  float64
}
