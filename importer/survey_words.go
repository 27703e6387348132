package importer

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plainText is a text in lower case, without accents, in single spaces: what the patterns of questions are written in.
func plainText(s string) string {
	s = norm.NFD.String(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’' || r == '‘':
			return '\''
		}
		return unicode.ToLower(r)
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// wordsOnly makes spaces of punctuation.
func wordsOnly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '&' {
		return r
	}
	return ' '
}

func folded(list ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range list {
		m[foldHeader(w)] = true
	}
	return m
}

// The columns that survey programs add, folded.
var (
	timestamps      = folded("Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Tijdstempel", "Carimbo de data/hora", "Carimbo data/hora")
	completionTimes = folded("Completion time", "Fertigstellungszeit", "Zeitpunkt der Fertigstellung", "Heure de fin", "Hora de finalización", "Tijd van voltooien",
		"Tijd voltooid", "Hora de conclusão", "Hora da conclusão")
	respondentIDs = folded("Respondent ID", "RespondentID", "Befragten-ID", "ID du répondant", "ID del encuestado", "Respondent-ID", "ID do respondente")
	personalMeta  = folded("Email Address", "Email", "E-mail", "E-Mail-Adresse", "Adresse e-mail", "Adresse de messagerie", "Correo electrónico", "Dirección de correo electrónico",
		"E-mailadres", "Endereço de e-mail", "Name", "Nom", "Nombre", "Naam", "Nome", "First Name", "Last Name", "IP Address", "IPAddress", "RecipientLastName",
		"RecipientFirstName", "RecipientEmail", "ExternalReference", "ExternalDataReference", "LocationLatitude", "LocationLongitude", "Custom Data 1", "Username", "Your name",
		"Ihr Name", "Votre nom", "Su nombre", "Uw naam", "Seu nome")
	surveyMeta = func() map[string]bool {
		m := folded("ID", "Id.", "Start time", "Startzeit", "Heure de début", "Hora de inicio", "Begintijd", "Starttijd", "Hora de início", "Last modified time", "Uhrzeit der letzten Änderung",
			"Collector ID", "CollectorID", "Start Date", "End Date", "Date Created", "Date Modified", "StartDate", "EndDate", "Status", "Progress", "Duration (in seconds)", "Finished",
			"RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage", "Language", "Sprache", "Total points", "Quiz feedback", "Score", "Grade posted time", "Q_RecaptchaScore")
		for _, more := range []map[string]bool{timestamps, completionTimes, respondentIDs, personalMeta} {
			for k := range more {
				m[k] = true
			}
		}
		return m
	}()
)

// Patterns of questions, in plainText.
var (
	// Who answers depends on those whom he names.
	namesProviders = anyOf(
		`\b(depends?|depending|rel(y|ies|ying)|counts?) (up)?on\b`, `\b(receives?|gets?|needs?) .*\bfrom\b`, `\b(serves?|supports?|supply|supplies|provides?) (you|your team|your department|us)\b`,
		`\b(provides?|delivers?|supply|supplies|gives?) .*\b(to|for) (you|your|us)\b`, `\byour (internal )?(providers|suppliers)\b`, `\b(providers|suppliers) (of|to) your (team|department)\b`,
		`\bwhich (team|department|unit|provider|supplier|service)\b.*\b(rating|rate|review(ing)?|evaluat\w*|assess\w*|feedback)\b`,
		`\bvon welche[mnr] .*(abhang|angewiesen|erhalt|bekomm|bezieh|bezog|brauch|bedient|unterstutzt|beliefert)`, `\bauf welche .*(angewiesen|verlass|verlaß)`, `\bwovon .*abhang`,
		`\b(hangt|hangen|hangst) .*\bab\b`, `\babhangig\b`, `\b(ihre|deine|eure) (internen )?(lieferanten|dienstleister|zulieferer)\b`, `\bwelches team .*bewert`,
		`\b(dependez|depends|depend) ?-?(vous|tu|votre|ton|elle)?`, `\bcomptez[- ]vous\b`, `\bsur quel\w+ `, `\b(recevez|recoit|besoin) .*`, `\bvos fournisseurs\b`, `\bquelle equipe .*(evalu|notez)`,
		`\bde que \w+ .*(depend|recib|necesit)`, `\bdepend(e|es|en) (su|tu) (equipo|area|departamento)\b`, `\bdepende(n|s)? de que\b`, `\b(sus|tus) proveedores\b`, `\bque equipo .*(evalua|califica|valora)`,
		`\bafhankelijk\b`, `\bvan welke .*(krijg|ontvang|neemt|af)`, `\bop welke .*(reken|vertrouw|leun|steun)`, `\b(uw|je|jouw) (interne )?leveranciers\b`, `\bwelk team .*beoordeel`,
		`\bde (quais|que|qual) \w+ .*(depend|receb|precis)`, `\bdepende(m)? de (quais|que)\b`, `\b(seus|teus) fornecedores\b`, `\bqual equip[ea] .*avali`)
	// Those whom he names depend on him.
	namesConsumers = anyOf(
		`\b(depends?|rel(y|ies)|counts?) (up)?on (you|your team|your department|your work|us)\b`, `\b(do|does) (you|your team|your department|we|our team) (\w+ )?(serve|support|deliver|supply|provide|work for)\b`,
		`\byour (internal )?(customers|clients|consumers)\b`, `\b(receives?|gets?|needs?) .*\bfrom (you|your|us)\b`, `\b(teams|departments|units) (that )?(you|your team|we) (serves?|supports?|supply|supplies|delivers? to|provides?)\b`,
		`\bfur welche .*(arbeit|leist|erbring|tatig)`, `\b(ihre|deine|eure|unsere) (internen )?kunden\b`, `\bvon (ihnen|ihrem team|dir|deinem team|euch|eurem team) (abhang|ab\b)`, `\ban welche .*liefer`,
		`\b(hangen|sind) .*von (ihnen|ihrem team|dir|deinem team|euch|eurem team)( abhangig| ab)?\b`,
		`\bdepend(ent)? de (vous|votre|toi|ton)\b`, `\b(servez|fournissez|livrez)[- ]vous\b`, `\b(sert|fournit) (votre|ton) (equipe|service)\b`, `\bpour quel\w+ (equipes|services).*travaill`, `\bvos clients\b`,
		`\bdepende(n)? de (usted|ustedes|su equipo|ti|tu equipo|vosotros)\b`, `\ba que \w+ .*(sirve|presta|atiende|apoya|suministra|da servicio)`, `\b(sus|tus) clientes\b`, `\bpara que (equipos|areas)\b`,
		`\b(afhankelijk )?van (u|jou|uw team|je team|jouw team)( afhankelijk)?\b`, `\baan welke .*lever`, `\bvoor welke .*werk`, `\b(uw|je|jouw) (interne )?klanten\b`,
		`\bdepende(m)? de (voce|voces|si|sua equip[ea]|tua equipa)\b`, `\b(a )?(quais|que) equip[ea]s .*(atende|serve|fornece|presta)`, `\bpara (quais|que) equip[ea]s\b`, `\b(seus|teus) clientes\b`)
	ownTeam = anyOf(
		`\b(your|my|our) (own |home )?(team|department|unit|group|function|area|squad)\b`, `\b(which|what) (team|department|unit|group|function|squad)\b.*\b(you|yours|your)\b`, `^(team|department|business unit)( name)?\??$`,
		`\b(ihr|dein|mein|unser|ihre|deine|meine|unsere) (eigenes |eigene )?(team|abteilung|bereich|gruppe)\b`, `\bwelche[mr] (team|abteilung|bereich|gruppe)\b`, `^(abteilung|bereich)$`,
		`\b(votre|ton|notre|mon) (equipe|service|departement|direction)\b`, `\bquelle equipe\b`, `\bquel (service|departement)\b`, `^(equipe|service)$`,
		`\b(su|tu|mi|nuestro) (equipo|departamento|area)\b`, `\b(a|en) que (equipo|departamento|area)\b`, `\bcual es su (equipo|area)\b`, `^(equipo|departamento|area)$`,
		`\b(uw|je|jouw|mijn|ons) (eigen )?(team|afdeling)\b`, `\bwelke? (team|afdeling)\b`, `^afdeling$`,
		`\b(sua|tua|minha|nossa) (equipe|equipa|area)\b`, `\b(seu|teu|meu) (time|departamento|setor)\b`, `\b(em|a|de) (que|qual) (equipe|equipa|time|area|departamento|setor)\b`, `^(equipe|equipa|setor)$`)
	satisfactionWords = anyOf(`satisf`, `satisfait`, `\bhappy\b`, `\brat(e|ed|ing|ings)\b`, `\bquality\b`, `\bexperience\b`, `\bscore\b`, `\brecommend\b`, `zufrieden`, `bewert`, `\bqualitat\b`, `\bnote[rz]?\b`, `\bevalu`,
		`\bqualite\b`, `\bcalifi`, `\bvalor`, `\bcalidad\b`, `tevreden`, `beoordel`, `\bwaarde(er|ring)`, `\bkwaliteit\b`, `\bavali`, `\bnota\b`, `\bqualidade\b`, `\bschulnote`)
	comments = anyOf(`\bcomments?\b`, `\bwhy\b`, `\bimprove`, `\banything else\b`, `\bsuggest`, `\bfeedback\b`, `\bexplain\b`, `\banmerkung`, `\bkommentar`, `\bwarum\b`, `\bverbesser`, `\bcommentaire`, `\bpourquoi\b`,
		`\bamelior`, `\bcomentario`, `\bpor ?que\b`, `\bmejora`, `\bopmerking`, `\bwaarom\b`, `\btoelichting`, `\bverbeter`, `\bmelhor`)
	gradeWords  = anyOf(`\bcritical`, `\bimportan`, `\bessential\b`, `\bkritisch`, `\bwichtig`, `\bkritikal`, `\bcritique`, `\bcritic[oai]`, `\bbelangrijk`, `\bkritiek`)
	teamNouns   = anyOf(`\b(teams?|departments|units|abteilungen|bereiche|equipes|equipos|departamentos|afdelingen|equipas|times|providers|suppliers)\b`)
	freeChoice  = anyOf(`^others?\b`, `^(sonstige|andere|anderes)\b`, `^autres?\b`, `^otr[oa]s?\b`, `^anders\b`, `^outr[oa]s?\b`)
	noTeam      = anyOf(`^(our|your|this|the (quality|speed|way|overall|support|service)|us|them|it|quality|overall|these|those|the following|each|how|diese[nrm]?|ihre|unsere|der qualitat|cette|ces|votre|estos|estas|deze|estas|estes|each of)\b`)
	digitSense  = anyOf(`\b1\s*(?:=|:|–|-|means|bedeutet|est)\s*(very|best|excellent|highest|extremely|sehr|tres|muy|zeer|muito)\s*(\p{L}+)?`)
	scaleInText = anyOf(`(?:^|[^\d.,])(0|1)\s*(?:-|–|—|to|bis|a|à|al|ate|tot|/|through|et|und|\.\.\.?|…)\s*(\d{1,3})(?:[^\d.,%]|$)`)
)

var satisfiedWith = anyOf(`(?i)(?:satisfied|happy|experience|zufrieden|tevreden|satisfech[oa]s?|satisfeit[oa]s?|satisfaits?)\b.*?\b(?:with|mit|met|con|com)\s+(?:the\s+|dem\s+|der\s+|den\s+|het\s+|de\s+|el\s+|la\s+|o\s+|a\s+)?(?:team\s+|teams\s+|equipo\s+(?:de\s+)?|equipe\s+(?:de\s+)?)?([^?(\[:]+?)(?:\s+(?:team|department))?\s*(?:[?(:].*)?$`)

// pattern is a regular expression that is made when it is first asked for: most runs read no survey.
type pattern func() *regexp.Regexp

// anyOf makes a pattern that fits where one of several does.
func anyOf(patterns ...string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(strings.Join(patterns, "|")) })
}

// MatchString says whether the pattern fits somewhere in a text.
func (p pattern) MatchString(text string) bool { return p().MatchString(text) }

// sense is which way a question points.
type sense uint8

const (
	noSense    sense = iota
	asProvider       // who is ticked serves the respondent
	asConsumer       // the respondent serves who is ticked
	unclear          // it has words of both
)

// senseOf reads which way a question points; the text is a plainText.
func senseOf(text string) sense {
	rest := namesConsumers().ReplaceAllString(text, " ")
	served := rest != text
	serves := namesProviders.MatchString(rest)
	switch {
	case served && serves:
		return unclear
	case served:
		return asConsumer
	case serves:
		return asProvider
	}
	return noSense
}

// noAnswer are answers that say nothing, in plainText.
var noAnswer = words("n/a", "na", "n.a.", "not applicable", "does not apply", "don't know", "do not know", "dont know", "no opinion", "none", "none of the above", "not used", "we don't use it",
	"don't use", "no answer", "prefer not to say", "keine angabe", "k. a.", "k.a.", "weiß nicht", "weiss nicht", "nicht zutreffend", "entfallt", "keine", "trifft nicht zu", "sans objet",
	"ne sait pas", "ne sais pas", "aucun", "aucune", "non applicable", "s.o.", "no aplica", "no se", "no sabe", "ninguno", "ninguna", "n.v.t.", "nvt", "niet van toepassing", "weet niet",
	"weet ik niet", "geen", "nao se aplica", "nao sei", "nenhum", "nenhuma", "-", "–", "—", "?", "#n/a")

// isTick says that a text marks a choice without naming it.
func isTick(s string) bool {
	return ticks[plainText(s)]
}

var ticks = words("1", "x", "yes", "true", "✓", "✔", "☑", "checked", "selected", "ja", "oui", "si", "sim", "wahr", "vrai", "verdadero", "waar", "verdadeiro")

// wordScales are the answers of rating questions from the best to the worst, several texts for one step parted by |.
var wordScales = [][]string{
	{"very satisfied", "satisfied|somewhat satisfied|rather satisfied", "neutral|neither satisfied nor dissatisfied|neither|ok|okay", "dissatisfied|somewhat dissatisfied|rather dissatisfied|unsatisfied",
		"very dissatisfied|very unsatisfied"},
	{"extremely satisfied", "very satisfied", "somewhat satisfied|moderately satisfied", "not so satisfied|slightly satisfied", "not at all satisfied"},
	{"extremely satisfied", "somewhat satisfied", "neither satisfied nor dissatisfied|neutral", "somewhat dissatisfied", "extremely dissatisfied"},
	{"extremely satisfied", "moderately satisfied", "slightly satisfied", "neither satisfied nor dissatisfied|neutral", "slightly dissatisfied", "moderately dissatisfied", "extremely dissatisfied"},
	{"very happy", "happy", "neutral|neither happy nor unhappy", "unhappy", "very unhappy"},
	{"very good", "good", "acceptable|average|neutral|neither good nor bad|ok|okay", "poor|bad", "very poor|very bad"},
	{"excellent", "good", "average|fair|ok|okay|acceptable", "poor|bad", "very poor|terrible|very bad"},
	{"excellent", "very good", "good", "fair", "poor"},
	{"strongly agree", "agree", "neutral|neither agree nor disagree", "disagree", "strongly disagree"},
	{"sehr zufrieden", "zufrieden|eher zufrieden", "neutral|weder noch|weder zufrieden noch unzufrieden|teils teils|teils/teils|teilweise zufrieden", "unzufrieden|eher unzufrieden|weniger zufrieden", "sehr unzufrieden|gar nicht zufrieden"},
	{"sehr gut", "gut", "mittel|neutral|mittelmaßig|mittelmassig", "schlecht", "sehr schlecht"},
	{"sehr gut", "gut", "befriedigend", "ausreichend", "mangelhaft", "ungenugend"},
	{"tres satisfait", "satisfait|plutot satisfait", "neutre|ni satisfait ni insatisfait|moyennement satisfait", "insatisfait|plutot insatisfait|peu satisfait", "tres insatisfait|pas du tout satisfait"},
	{"muy satisfecho", "satisfecho|algo satisfecho", "neutral|neutro|indiferente|ni satisfecho ni insatisfecho", "insatisfecho|poco satisfecho|algo insatisfecho", "muy insatisfecho|nada satisfecho"},
	{"zeer tevreden", "tevreden|enigszins tevreden", "neutraal|niet tevreden, niet ontevreden|niet tevreden/niet ontevreden|noch tevreden noch ontevreden", "ontevreden|enigszins ontevreden", "zeer ontevreden"},
	{"muito satisfeito", "satisfeito", "neutro|indiferente|nem satisfeito nem insatisfeito", "insatisfeito|pouco satisfeito", "muito insatisfeito|nada satisfeito"},
}

var sameForms = strings.NewReplacer("satisfaites", "satisfait", "satisfaits", "satisfait", "satisfaite", "satisfait", "satisfait(e)", "satisfait", "satisfecha", "satisfecho", "satisfecho/a", "satisfecho",
	"satisfecho(a)", "satisfecho", "satisfeita", "satisfeito", "satisfeito(a)", "satisfeito", "satisfeito/a", "satisfeito")

// scale turns the answers of a question into ratings from 0 to 100.
type scale struct {
	words     map[string]float64 // by plainText; nil: the answers are numbers or stars
	low, high float64
	why       string
}

// ok says that the answers are ratings.
func (s scale) ok() bool { return s.why != "" }

// read gives the rating of an answer.
func (s scale) read(answer string) (float64, bool) {
	if s.words != nil {
		v, ok := s.words[sameForms.Replace(plainText(answer))]
		return v, ok
	}
	v, _, ok := ratingNumber(answer)
	if !ok || s.low < s.high && (v < s.low || v > s.high) || s.low > s.high && (v > s.low || v < s.high) {
		return 0, false
	}
	return math.Abs(v-s.low) / math.Abs(s.high-s.low) * 100, true
}

var leadingNumber = anyOf(`^(\d{1,3}(?:[.,]\d)?)\s*(?:/\s*(\d{1,3})|%|[-–—:=.)(]\s*\D.*|stars?|sterne?|etoiles?|estrellas?|sterren|estrelas?|points?|punkte?|\D*)$`)

// ratingNumber reads a number or stars; of is the highest where the answer says it (“4/5”, “★★★☆☆”), else 0.
func ratingNumber(answer string) (v, of float64, ok bool) {
	text := strings.TrimSpace(strings.ReplaceAll(answer, "\ufe0f", ""))
	full, empty := strings.Count(text, "★")+strings.Count(text, "⭐")+strings.Count(text, "🌟"), strings.Count(text, "☆")
	if full+empty > 0 && strings.Trim(text, "★⭐🌟☆ ") == "" {
		return float64(full), float64(max(full+empty, 5)), full+empty <= 10
	}
	m := leadingNumber().FindStringSubmatch(plainText(text))
	if m == nil {
		return 0, 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
	if m[2] != "" {
		of, _ = strconv.ParseFloat(m[2], 64)
	}
	if strings.HasSuffix(text, "%") {
		of = 100
	}
	return v, of, err == nil
}

// scaleOf decides the scale of a question over all its answers; those of the rows of a grid together.
func scaleOf(text string, columns []*question) scale {
	all := map[string]bool{}
	for _, q := range columns {
		for v := range q.values {
			if !noAnswer[plainText(v)] {
				all[v] = true
			}
			if len(all) > maxSteps {
				return scale{}
			}
		}
	}
	if len(all) == 0 {
		return scale{}
	}
	if s, ok := scaleOfWords(all); ok {
		return s
	}
	return scaleOfNumbers(text, all)
}

// maxSteps is how many different answers a rating may have: 0 to 100, in some spellings.
const maxSteps = 400

// scaleOfWords finds the words that all answers are among.
func scaleOfWords(all map[string]bool) (scale, bool) {
	for _, steps := range wordScales {
		words := map[string]float64{}
		for i, step := range steps {
			for w := range strings.SplitSeq(step, "|") {
				words[w] = float64(len(steps)-1-i) * 100 / float64(len(steps)-1)
			}
		}
		fits := true
		for v := range all {
			_, known := words[sameForms.Replace(plainText(v))]
			fits = fits && known
		}
		if fits {
			best, _, _ := strings.Cut(steps[0], "|")
			worst, _, _ := strings.Cut(steps[len(steps)-1], "|")
			return scale{words: words, why: fmt.Sprintf("ratings from “%s” to “%s” were read as 0 to 100", worst, best)}, true
		}
	}
	return scale{}, false
}

// scaleOfNumbers decides how far numbers reach: as the question or the answers say, else by the lowest and the highest of them.
func scaleOfNumbers(text string, all map[string]bool) scale {
	low, high, said := 1e9, -1.0, 0.0
	for a := range all {
		v, of, ok := ratingNumber(a)
		if !ok || v < 0 || v > 100 {
			return scale{}
		}
		low, high, said = min(low, v), max(high, v), max(said, of)
	}
	s, how := scale{}, "as its answers show"
	switch m := scaleInText().FindStringSubmatch(plainText(text)); {
	case m != nil && said == 0:
		s.low, _ = strconv.ParseFloat(m[1], 64)
		s.high, _ = strconv.ParseFloat(m[2], 64)
		how = "as the question says"
		if s.high < 2 || high > s.high || low < s.low {
			return scale{}
		}
	case said >= 2 && said >= high:
		s.low, s.high, how = 1, said, "as the answers say"
		if low < 1 || said > 10 {
			s.low = 0
		}
	default:
		s.low, s.high = 1, numberScales[slices.IndexFunc(numberScales, func(n float64) bool { return n >= high })]
		if low < 1 {
			s.low = 0
		}
		if s.high == 5 {
			how = "since no answer is higher: write “(0 to 10)” into the question if it is another"
		} else if s.low == 1 && s.high < 100 {
			how = "as the answers go no lower and no higher: write the scale into the question, such as “(0 to 10)”, if it is another"
		}
		if s.high == 7 && s.low == 0 {
			s.high = 10
		}
		if s.high == 100 {
			s.low = 0
		}
	}
	if m := digitSense().FindString(plainText(text)); m != "" && !strings.Contains(m, "dis") && !strings.Contains(m, "un") && !strings.Contains(m, "in") && !strings.Contains(m, "poor") && !strings.Contains(m, "bad") &&
		!strings.Contains(m, "schlecht") && !strings.Contains(m, "low") {
		s.low, s.high = s.high, s.low
		how = "where the question says that 1 is the best"
	}
	s.why = fmt.Sprintf("ratings from %s to %s were read as 0 to 100, %s", writeNumber(s.low), writeNumber(s.high), how)
	return s
}

// numberScales are the highest answers of usual scales.
var numberScales = []float64{5, 7, 10, 100}
