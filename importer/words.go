package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// nobodies are words that stand where a name is missing, folded.
var nobodies = words(append(said("vacant; vacancy; tbd; tbh; tba; tbc; nobody; no one; none; unknown",
	"vakant; unbesetzt; niemand; keiner; unbekannt; offen; n. n.; k. A.; entfällt", "poste vacant; personne; aucun; aucune; néant; inconnu; à définir; s.o.; n.c.",
	"vacante; nadie; ninguno; ninguna; desconocido; por definir; s/d", "vacature; niemand; geen; onbekend; n.v.t.; nvt; n.n.b.; nog te bepalen", "vago; vaga; ninguém; nenhum; nenhuma; desconhecido; a definir; não se aplica"),
	"n/d", "n/a", "n.a.", "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#nv", "#bezug!", "null", "nil",
	"-", "--", "---", "–", "—", "_", "?", ".")...)

// noBosses are words that stand for "reports to nobody" in HR exports.
var noBosses = words("-1", "no_manager", "no manager", "no_mgr", "xx")

// vacancies are the words in place of a person's name that say that there is no such person (yet).
var vacancies = words(said("vacant; vacancy; tbd; tbh; tba; tbc; nobody", "vakant; unbesetzt; n. n.", "poste vacant; à définir", "vacante; por definir", "vacature; nog te bepalen", "vago; vaga; a definir")...)

// dittos are marks and words that stand for the cell above, folded.
var dittos = words(append(said("ditto; as above; same as above; see above", "dito; dto.; wie oben; siehe oben; s.o.", "idem; voir ci-dessus; comme ci-dessus; ci-dessus", "ídem; igual que arriba; ver arriba; véase arriba",
	"zie boven; als boven; idem dito", "igual acima; ver acima; idem acima"), `"`, `''`, "〃", "″", "”")...)

// longestWord is how long, in bytes, the words are that [isWord] looks for.
const longestWord = 24

func words(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, w := range list {
		m[graph.Fold(w)] = true
	}
	return m
}

// isWord says whether b, whatever its case, is one of the words. It makes no copy: it is asked for every name of a file.
func isWord(set map[string]bool, b []byte) bool {
	if len(b) > longestWord {
		return false
	}
	var lower [longestWord]byte
	for i, c := range b {
		switch {
		case c >= utf8.RuneSelf:
			return isForeignWord(set, b)
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return set[string(lower[:len(b)])]
}

// starts says, by length in bytes, with which byte a word of a set may begin, whatever its case. It is quickly asked for every cell of a
// file, of which hardly one is such a word.
type starts [longestWord + 1][256]bool

var dittoStarts, nobodyStarts = startsOf(dittos), startsOf(nobodies)

func startsOf(set map[string]bool) *starts {
	s := &starts{}
	for w := range set {
		upper := strings.ToUpper(w)
		first, longest := []byte{w[0], upper[0]}, max(len(w), len(upper))
		for small, capital := range map[string]string{"i": "\u0130", "k": "\u212a"} { // those that are longer than their small letters
			longest += strings.Count(w, small) * (len(capital) - len(small))
			if strings.HasPrefix(w, small) {
				first = append(first, capital[0])
			}
		}
		for n := min(len(w), len(upper)); n <= min(longest, longestWord); n++ {
			for _, b := range first {
				s[n][b] = true
			}
		}
	}
	return s
}

func (s *starts) may(b []byte) bool { return len(b) > 0 && len(b) <= longestWord && s[len(b)][b[0]] }

// isNobody says that a cell stands where a name is missing.
func isNobody(cell []byte) bool { return nobodyStarts.may(cell) && isWord(nobodies, cell) }

// isForeignWord is isWord for letters beyond ASCII.
func isForeignWord(set map[string]bool, b []byte) bool {
	var space [4 * longestWord]byte
	lower := space[:0]
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		lower, b = utf8.AppendRune(lower, unicode.ToLower(r)), b[n:]
	}
	return set[string(lower)]
}

// valued gives each of the words a value, folded; accents may be missing.
func valued[V any](pairs ...any) map[string]V {
	m := map[string]V{}
	for i := 0; i < len(pairs); i += 2 {
		for _, w := range pairs[i+1].([]string) {
			m[graph.Fold(w)], m[graph.Fold(bare(w))] = pairs[i].(V), pairs[i].(V)
		}
	}
	return m
}

// What people write instead of the native words, folded. Those of highWords are critical, unless the column has "critical" as well.
var (
	criticalWords = valued[graph.Criticality](graph.Critical, said("critical; mission critical; mission-critical; very critical", "kritisch; sehr kritisch; geschäftskritisch; unternehmenskritisch",
		"critique; très critique", "crítico; crítica; muy crítico; muy crítica", "kritiek; kritisch; zeer kritisch; bedrijfskritisch", "crítico; crítica; muito crítico; muito crítica"))
	highWords = valued[graph.Criticality](graph.Critical, said("high", "hoch", "élevé; élevée; haut; haute; fort; forte", "alto; alta", "hoog", "alto; alta; elevado; elevada"))

	criticalityWords = merged(criticalWords, highWords, valued[graph.Criticality](
		graph.Critical, said("blocking; blocker; very high; vital; essential", "sehr hoch; blockierend; unverzichtbar; lebenswichtig; essenziell; essentiell", "bloquant; bloquante; très élevé; très élevée; vital; vitale; essentiel; essentielle; indispensable",
			"bloqueante; muy alto; muy alta; esencial; imprescindible", "blokkerend; zeer hoog; essentieel; onmisbaar", "bloqueante; muito alto; muito alta; muito elevado; essencial; imprescindível"),
		graph.Important, said("slowing; medium; med; moderate", "wichtig; mittel; mäßig; bremsend; verzögernd", "important; importante; moyen; moyenne; modéré; modérée; ralentissant", "importante; medio; media; moderado; moderada; ralentizador",
			"belangrijk; midden; middel; gemiddeld; matig; vertragend", "médio; média; moderado; moderada"),
		graph.Minor, said("ok; low; very low; nice to have; negligible", "gering; niedrig; sehr niedrig; sehr gering; unkritisch; nicht kritisch; unwichtig", "faible; très faible; mineur; mineure; bas; basse; négligeable; non critique",
			"bajo; baja; muy bajo; muy baja; menor; no crítico; leve", "laag; zeer laag; gering; niet kritiek; niet kritisch; klein", "baixo; baixa; muito baixo; muito baixa; menor; não crítico")))

	kindWords = valued[graph.Kind](
		graph.Team, said("teams; group; internal team", "Gruppe; internes Team", "équipe; groupe; équipe interne", "equipo; grupo; equipo interno", "groep; intern team", "equipe; equipa; grupo; equipe interna"),
		graph.Person, said("people; employee; staff", "Person; Mitarbeiter; Mitarbeiterin", "personne; employé; employée; salarié", "persona; empleado; empleada", "persoon; medewerker", "pessoa; funcionário; funcionária; colaborador"),
		graph.Supplier, said("suppliers; vendor; distributor; external supplier; contractor", "Lieferant; externer Lieferant; Zulieferer; Dienstleister; externer Dienstleister; Händler", "fournisseur; fournisseur externe; prestataire; sous-traitant; distributeur",
			"proveedor; proveedor externo; contratista; distribuidor", "leverancier; externe leverancier; dienstverlener; distributeur", "fornecedor; fornecedor externo; prestador; distribuidor"),
		graph.Resource, said("resources; system; site; facility; application; tool", "Ressource; System; Anwendung; Anlage; Standort; Werkzeug", "ressource; système; application; installation; outil", "recurso; sistema; aplicación; instalación; herramienta",
			"middel; systeem; applicatie; faciliteit; locatie", "recurso; sistema; aplicação; instalação; ferramenta"),
		graph.Customer, said("customers; client; external customer", "Kunde; Kundin; externer Kunde", "client; cliente; client externe", "cliente; cliente externo", "klant; externe klant", "cliente; cliente externo"),
		graph.Unit, said("units; department; division", "Einheit; Abteilung; Bereich; Organisationseinheit; Fachbereich", "unité; département; entité", "unidad; departamento; área", "eenheid; afdeling; divisie", "unidade; departamento; setor"))

	segmentWords = valued[graph.Segment](
		graph.External, said("ext; existing; current", "extern; bestehend; Bestandskunde", "externe; existant; actuel", "externo; existente; actual", "extern; bestaand; huidig", "externo; existente; atual"),
		graph.Potential, said("prospect; prospective", "potenziell; potentiell; möglich; Interessent", "potentiel; prospect", "potencial; prospecto", "potentieel; mogelijk", "potencial"),
		graph.Temporary, said("temp", "befristet; vorübergehend; zeitweilig", "temporaire; provisoire", "temporal; provisional", "tijdelijk", "temporário"))

	answerWords = valued[graph.Answer](
		graph.Yes, append(said("y; true; t", "ja; wahr; j", "oui; vrai; o", "si; sí; verdadero", "ja; waar", "sim; s; verdadeiro"), "1", "x", "✓", "✔", "sì"),
		graph.No, append(said("n; false; f", "nein; falsch", "non; faux", "no; falso", "nee; onwaar", "não"), "0"))

	// timeUnits are the words for units of time, in hours.
	timeUnits = valued[float64](
		1., said("h; hr; hrs; hour; hours", "Stunde; Stunden; Std", "heure; heures", "hora; horas", "uur; uren; u", "hora; horas"),
		24., said("d; day; days", "Tag; Tage; Tagen; T", "jour; jours; j", "día; días", "dag; dagen", "dia; dias"),
		168., said("w; wk; wks; week; weeks", "Woche; Wochen; Wo", "semaine; semaines; sem", "semana; semanas", "weken", "semana; semanas"),
		1./60, said("min; mins; minute; minutes", "Minute; Minuten", "minute; minutes", "minuto; minutos", "minuut; minuten", "minuto; minutos"),
		1./3600, said("s; sec; secs; second; seconds", "Sekunde; Sekunden; Sek", "seconde; secondes", "segundo; segundos", "seconde; seconden", "segundo; segundos"))

	// ands are the words between the parts of a duration.
	ands = said("and", "und", "et", "y", "en", "e")
)

// merged puts maps together; the first one that has a word counts.
func merged[V any](maps ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, m := range maps {
		for w, v := range m {
			if _, known := all[w]; !known {
				all[w] = v
			}
		}
	}
	return all
}

// monthWords are the names of months, and what they are in English.
var monthWords = valued[string](
	"January", said("", "Januar; Jänner; Jan", "janvier; janv", "enero; ene", "januari", "janeiro"),
	"February", said("", "Februar", "février; févr", "febrero", "februari", "fevereiro; fev"),
	"March", said("", "März; Mrz", "mars", "marzo", "maart; mrt", "março"),
	"April", said("", "April", "avril; avr", "abril; abr", "april", "abril; abr"),
	"May", said("", "Mai", "mai", "mayo", "mei", "maio"),
	"June", said("", "Juni", "juin", "junio", "juni", "junho"),
	"July", said("", "Juli", "juillet; juil", "julio", "juli", "julho"),
	"August", said("", "August", "août", "agosto; ago", "augustus", "agosto; ago"),
	"September", said("", "September", "septembre", "septiembre; set", "september", "setembro; set"),
	"October", said("", "Oktober; Okt", "octobre", "octubre", "oktober; okt", "outubro; out"),
	"November", said("", "November", "novembre", "noviembre", "november", "novembro"),
	"December", said("", "Dezember; Dez", "décembre; déc", "diciembre; dic", "december", "dezembro; dez"))
