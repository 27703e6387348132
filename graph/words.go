package graph

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Words takes a name apart into its words: folded, without the accents of Latin and Greek letters, “&” and “+” as “and”. Dots
// between single letters and apostrophes do not part: “S.p.A.” is one word. What is no letter, digit or mark is left out, but
// for the end of “C++” and “C#”. O(name).
func Words(name string) []string {
	s := unaccented(Fold(name))
	var words []string
	start := 0      // of the word in buf
	dotted := false // the word is made of letters with dots between them
	var buf []byte  // the words side by side
	end := func() {
		if start < len(buf) {
			words = append(words, string(buf[start:]))
		}
		start, dotted = len(buf), false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			buf = utf8.AppendRune(buf, r)
		case r == '\'' || r == '’' || r == '`':
		case r == '.' || r == '/':
			if !dotted && utf8.RuneCount(buf[start:]) != 1 || !singleLetter(s[i+1:]) {
				end()
				continue
			}
			dotted = true
		case (r == '+' || r == '#') && start < len(buf) && !startsWord(strings.TrimLeft(s[i:], "+#")):
			buf = utf8.AppendRune(buf, r)
		case r == '&' || r == '+':
			end()
			words = append(words, "and")
		default:
			end()
		}
	}
	end()
	return words
}

// singleLetter says that s begins with a letter that stands alone.
func singleLetter(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) && !startsWord(s[size:])
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// letters are those that a plain keyboard has no key for and that are no plain letter with an accent.
var letters = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "ħ", "h", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th", "ß", "ss")

// unaccented takes the accents off Latin and Greek letters. In other scripts marks make another letter.
func unaccented(folded string) string {
	if !strings.ContainsFunc(folded, func(r rune) bool { return r >= 0x80 }) {
		return folded
	}
	var b strings.Builder
	plain := false
	for _, r := range norm.NFD.String(folded) {
		if unicode.Is(unicode.Mn, r) {
			if plain {
				continue
			}
		} else {
			plain = unicode.In(r, unicode.Latin, unicode.Greek)
		}
		b.WriteRune(r)
	}
	return letters.Replace(norm.NFC.String(b.String()))
}

// Company forms, each with the way in which it is compared. The short ones are words or countries, too: “Sales SA”.
var (
	longForms = map[string]string{
		"limited": "ltd", "ltd": "ltd", "pty": "pty", "pte": "pte", "pvt": "pvt", "plc": "plc", "llc": "llc", "llp": "llp",
		"inc": "inc", "incorporated": "inc", "corp": "corp", "corporation": "corp", "gmbh": "gmbh", "mbh": "gmbh", "ggmbh": "ggmbh",
		"aktiengesellschaft": "ag", "ohg": "ohg", "gbr": "gbr", "kgaa": "kgaa", "sarl": "sarl", "sasu": "sasu", "eurl": "eurl", "spa": "spa", "srl": "srl",
		"slu": "slu", "lda": "lda", "ltda": "lda", "limitada": "lda", "eireli": "eireli", "vof": "vof", "oyj": "oyj", "aps": "aps", "kft": "kft", "zrt": "zrt",
		"sro": "sro", "doo": "doo", "bhd": "bhd", "株式会社": "株", "株": "株", "有限会社": "有限", "合同会社": "合同",
		"股份有限公司": "公司", "有限责任公司": "公司", "有限責任公司": "公司", "有限公司": "公司", "주식회사": "주", "주": "주",
	}
	shortForms = map[string]string{
		"ag": "ag", "se": "se", "kg": "kg", "co": "co", "company": "co", "ug": "ug", "ev": "ev", "eg": "eg", "sa": "sa", "sas": "sas", "snc": "snc",
		"sl": "sl", "sau": "sau", "bv": "bv", "nv": "nv", "cv": "cv", "oy": "oy", "ab": "ab", "as": "as", "asa": "asa", "lp": "lp", "ad": "ad", "kk": "kk", "de": "de",
	}
	// stuckForms are written without a space before or behind the name, the longest first.
	stuckForms = []string{"股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社", "有限会社", "合同会社", "주식회사"}
)

// CompanyForm parts the words of a name from the company form at their end (in East Asia also at their start): “acme gmbh &
// co. kg” is acme, “gmbh and co kg”. Forms that mean the same are written in one way. Sure is false where the form may as
// well be a word or a country: “sa”. Form is "" where there is none.
func CompanyForm(words []string) (name []string, form string, sure bool) {
	name = words
	if first := stuck(words); first != "" {
		return cutStuck(words, first), longForms[first], true
	}
	if len(words) > 1 && (words[0] == "株" || words[0] == "주") {
		return words[1:], words[0], true
	}
	var forms []string
	for len(name) > 1 {
		last := name[len(name)-1]
		long, short := longForms[last], shortForms[last]
		switch {
		case long != "":
			forms, sure = append(forms, long), true
		case short != "" && (last != "de" || len(forms) > 0):
			forms = append(forms, short)
		case last == "and" && len(forms) > 0 && len(name) > 2 && longForms[name[len(name)-2]]+shortForms[name[len(name)-2]] != "":
			forms = append(forms, last)
		default:
			last = ""
		}
		if last == "" {
			break
		}
		name = name[:len(name)-1]
	}
	slices.Reverse(forms)
	return name, strings.Join(forms, " "), sure
}

// stuck gives the company form that is one word with the rest of the name.
func stuck(words []string) string {
	if len(words) == 0 || words[0][0] < 0x80 && words[len(words)-1][0] < 0x80 {
		return ""
	}
	for _, form := range stuckForms {
		first, last := words[0], words[len(words)-1]
		if strings.HasPrefix(first, form) && (len(words) > 1 || first != form) || strings.HasSuffix(last, form) && (len(words) > 1 || last != form) {
			return form
		}
	}
	return ""
}

func cutStuck(words []string, form string) []string {
	words = slices.Clone(words)
	if rest, ok := strings.CutPrefix(words[0], form); ok {
		words[0] = rest
	} else {
		words[len(words)-1] = strings.TrimSuffix(words[len(words)-1], form)
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}
