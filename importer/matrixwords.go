package importer

import (
	"strings"
	"unicode"
)

// What a text about a matrix says in English, German, French, Spanish, Dutch and Portuguese: word by word, in lower case.
var (
	rowWords    = words("row", "rows", "down", "zeile", "zeilen", "ligne", "lignes", "fila", "filas", "rij", "rijen", "linha", "linhas")
	columnWords = words("column", "columns", "col", "cols", "across", "spalte", "spalten", "colonne", "colonnes", "columna", "columnas", "kolom", "kolommen", "coluna", "colunas")
	needWords   = words("depend", "depends", "dependent", "dependant", "need", "needs", "require", "requires", "use", "uses", "relies", "rely", "consumes", "consume",
		"abhängig", "hängt", "hängen", "benötigt", "benötigen", "braucht", "brauchen", "nutzt", "nutzen", "dépend", "dépendent", "dépendant", "utilise", "utilisent", "requiert",
		"depende", "dependen", "necesita", "necesitan", "requiere", "afhankelijk", "hangt", "hangen", "gebruikt", "gebruiken", "dependem", "precisa", "precisam", "utiliza", "utilizam")
	serveWords = words("serve", "serves", "serving", "provide", "provides", "support", "supports", "supply", "supplies", "delivers", "deliver",
		"bedient", "bedienen", "beliefert", "beliefern", "unterstützt", "unterstützen", "versorgt", "sert", "servent", "fournit", "fournissent", "sirve", "sirven", "presta", "provee", "suministra",
		"levert", "leveren", "ondersteunt", "servem", "atende", "atendem", "fornece", "fornecem")
	providerWords = words("provider", "providers", "supplier", "suppliers", "from", "source", "server", "anbieter", "lieferant", "lieferanten", "dienstleister", "leistungserbringer",
		"fournisseur", "fournisseurs", "prestataire", "prestataires", "proveedor", "proveedores", "leverancier", "leveranciers", "fornecedor", "fornecedores", "prestador", "von", "van", "origen", "desde")
	consumerWords = words("consumer", "consumers", "customer", "customers", "client", "clients", "recipient", "recipients", "target", "to", "dependents", "kunde", "kunden", "abnehmer", "verbraucher",
		"empfänger", "leistungsempfänger", "consommateur", "consommateurs", "cliente", "clientes", "consumidor", "consumidores", "afnemer", "afnemers", "klant", "klanten", "nach", "naar", "vers",
		"destino", "hacia", "para")
)

// saysDirection finds in a text about a matrix whether its rows serve (ProviderFirst) or are served (ConsumerFirst); "" when it does not
// say it. A corner may say less: what the rows do (“depends on”), or “rows \ columns” by their parts.
func saysDirection(text string, corner bool) Direction {
	if d := saysSentence(text); d != "" || !corner {
		return d
	}
	down, across, two := cornerParts(text)
	first, second := roleOf(down), roleOf(across)
	switch {
	case two && first != "" && first == second:
		return ""
	case first != "":
		return first
	case second != "":
		return turned(second)
	case strings.ContainsFunc(text, unicode.IsLetter) && !two:
		for word := range wordsOf(text) {
			switch {
			case needWords[word]:
				return ConsumerFirst
			case serveWords[word]:
				return ProviderFirst
			}
		}
	}
	return ""
}

// saysSentence reads “rows depend on columns”, “a column serves the row”, “rows: providers, columns: consumers”.
func saysSentence(text string) Direction {
	subject, object := "", ""
	var verb Direction // of the subject
	for word := range wordsOf(text) {
		side := ""
		switch {
		case rowWords[word]:
			side = "row"
		case columnWords[word]:
			side = "column"
		}
		switch {
		case side != "" && subject == "":
			subject = side
		case side != "" && side != subject && object == "":
			object = side
		case subject == "" || object != "" && verb != "":
		case needWords[word] && (object == "" || verb == ""):
			verb = ConsumerFirst
		case serveWords[word]:
			verb = ProviderFirst
		case object == "" && verb == "" && providerWords[word]:
			verb = ProviderFirst
		case object == "" && verb == "" && consumerWords[word]:
			verb = ConsumerFirst
		}
	}
	switch {
	case subject == "" || object == "" || verb == "":
		return ""
	case subject == "column":
		return turned(verb)
	}
	return verb
}

func turned(d Direction) Direction {
	if d == ProviderFirst {
		return ConsumerFirst
	}
	return ProviderFirst
}

// roleOf says what a word makes of those that it stands for.
func roleOf(text string) Direction {
	for word := range wordsOf(text) {
		switch {
		case providerWords[word]:
			return ProviderFirst
		case consumerWords[word]:
			return ConsumerFirst
		}
	}
	return ""
}

// cornerParts takes “rows \ columns” apart; an arrow down or to the right says which part is which.
func cornerParts(text string) (down, across string, two bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(`\/|`+"\n", r) })
	if len(parts) != 2 {
		return text, "", false
	}
	if strings.ContainsAny(parts[0], "→►>") || strings.ContainsAny(parts[1], "↓▼") {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return parts[0], parts[1], true
}

func wordsOf(text string) func(func(string) bool) {
	return strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}
