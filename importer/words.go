package importer

import "example.com/whoserves/graph"

// nobodies are words that stand where a name is missing, folded.
var nobodies = words("vacant", "vacancy", "tbd", "tbh", "tba", "tbc", "n/d", "n/a", "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!",
	"nobody", "no one", "none", "null", "nil", "unknown", "-", "--", "---", "–", "—", "_", "?", ".")

// noBosses are words that stand for "reports to nobody" in HR exports.
var noBosses = words("-1", "no_manager", "no manager", "no_mgr", "xx")

// vacancies are the words in place of a person's name that say that there is no such person (yet).
var vacancies = words("vacant", "vacancy", "tbd", "tbh", "tba", "tbc", "nobody")

func words(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, w := range list {
		m[w] = true
	}
	return m
}

// isWord says whether b, whatever its case, is one of the words. It makes no copy: it is asked for every name of a file.
func isWord(set map[string]bool, b []byte) bool {
	var lower [12]byte
	if len(b) > len(lower) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return set[string(lower[:len(b)])]
}

// What people write instead of the native words, folded. "high" is critical, unless the column has "critical" as well.
var (
	criticalityWords = map[string]graph.Criticality{
		"blocking": graph.Critical, "blocker": graph.Critical, "high": graph.Critical, "very high": graph.Critical, "vital": graph.Critical,
		"essential": graph.Critical, "mission critical": graph.Critical, "mission-critical": graph.Critical,
		"slowing": graph.Important, "medium": graph.Important, "med": graph.Important, "moderate": graph.Important,
		"ok": graph.Minor, "low": graph.Minor, "very low": graph.Minor, "nice to have": graph.Minor, "negligible": graph.Minor,
	}
	kindWords = map[string]graph.Kind{
		"teams": graph.Team, "group": graph.Team, "internal team": graph.Team,
		"people": graph.Person, "employee": graph.Person, "staff": graph.Person,
		"suppliers": graph.Supplier, "vendor": graph.Supplier, "distributor": graph.Supplier, "external supplier": graph.Supplier, "contractor": graph.Supplier,
		"resources": graph.Resource, "system": graph.Resource, "site": graph.Resource, "facility": graph.Resource, "application": graph.Resource, "tool": graph.Resource,
		"customers": graph.Customer, "client": graph.Customer, "external customer": graph.Customer,
		"units": graph.Unit, "department": graph.Unit, "division": graph.Unit,
	}
	segmentWords = map[string]graph.Segment{
		"ext": graph.External, "existing": graph.External, "current": graph.External,
		"prospect": graph.Potential, "prospective": graph.Potential, "temp": graph.Temporary,
	}
	answerWords = map[string]graph.Answer{
		"y": graph.Yes, "true": graph.Yes, "t": graph.Yes, "1": graph.Yes, "x": graph.Yes, "✓": graph.Yes, "✔": graph.Yes,
		"ja": graph.Yes, "oui": graph.Yes, "si": graph.Yes, "sí": graph.Yes, "sì": graph.Yes, "wahr": graph.Yes, "vrai": graph.Yes,
		"n": graph.No, "false": graph.No, "f": graph.No, "0": graph.No, "nein": graph.No, "non": graph.No, "falsch": graph.No, "faux": graph.No,
	}
)
