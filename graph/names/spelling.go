package names

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// spelling is a name made ready for comparing.
type spelling struct {
	raw, folded string
	core        []word   // what tells it from others, in order
	marks       []string // numbers, single letters, roman figures: what tells Gate 1 from Gate 2; sorted
	initials    []string // of people: “J.”
	fillers     []string // “team”, “department”; sorted
	form        string   // company form
	sure        bool     // it is one, and no word or country
	short       string   // what an acronym in core stands for, in a sentence
	squeezed    string   // all but fillers, stop words and form, without spaces
	first       string   // first letters of the words, "" for a name of one word
	ordered     bool     // the order of the words has a meaning
}

const mostWords = 12 // a name of more words is a sentence: only its letters are compared

var (
	elision = regexp.MustCompile(`(?i)\b[dl]['’]`)
	initial = regexp.MustCompile(`(?:^|[\s.])(\p{L})\.(?:[\s]|\p{L})`)
	andWord = strings.NewReplacer(" y ", " & ", " e ", " & ")
	twice   = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "ae", "Ö", "oe", "Ü", "ue", "Å", "aa", "Ø", "oe")
	roman   = regexp.MustCompile(`^(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3}|xiv|xv)$`)
	dotted  = regexp.MustCompile(`(\p{L}{2,})\.`)
)

// spell makes a name ready.
func spell(raw string) *spelling {
	s := &spelling{raw: raw, folded: graph.Fold(raw)}
	text := andWord.Replace(elision.ReplaceAllString(turned(raw), ""))
	words := graph.Words(text)
	alts := graph.Words(twice.Replace(text))
	if len(alts) != len(words) {
		alts = words
	}
	name, form, sure := graph.CompanyForm(words)
	s.form, s.sure = form, sure
	at := max(0, slices.Index(words, firstOf(name)))
	dots := map[string]bool{}
	for _, m := range dotted.FindAllStringSubmatch(text, -1) {
		for _, w := range graph.Words(m[1]) {
			dots[w] = true
		}
	}
	initials := map[string]bool{}
	for _, m := range initial.FindAllStringSubmatch(raw, -1) {
		initials[graph.Fold(m[1])] = true
	}
	var all []word
	for i, w := range name {
		alt := w
		if at+i < len(alts) && words[at+i] == w {
			alt = alts[at+i]
		}
		all = append(all, word{w, alt, dots[w]})
	}
	s.sort(joinLetters(all), initials)
	return s
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// turned gives “Crew Scheduling” for “Scheduling, Crew”.
func turned(name string) string {
	last, first, ok := strings.Cut(name, ",")
	if !ok || strings.Contains(first, ",") {
		return name
	}
	if _, form, _ := graph.CompanyForm(append([]string{"x"}, graph.Words(first)...)); form != "" {
		return name
	}
	return first + " " + last
}

// joinLetters makes one word of a name that is all single letters: “R & D”, “H R”.
func joinLetters(words []word) []word {
	var b strings.Builder
	for _, w := range words {
		if w.text == "and" && b.Len() > 0 {
			continue
		}
		if r, size := utf8.DecodeRuneInString(w.text); size < len(w.text) || !unicode.IsLetter(r) {
			return words
		}
		b.WriteString(w.text)
	}
	if utf8.RuneCountInString(b.String()) < 2 {
		return words
	}
	return []word{{b.String(), b.String(), false}}
}

// sort puts each word where it belongs.
func (s *spelling) sort(words []word, initials map[string]bool) {
	var squeezed, first strings.Builder
	kept := 0
	for i, w := range words {
		if stopWords[w.text] && len(words) > 1 {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w.text)
		first.WriteRune(r)
		kept++
		if filler := (fillers[w.text] || leadingFillers[w.text] && i == 0) && len(words) > 1; filler {
			s.fillers = append(s.fillers, w.text)
			continue
		}
		if cut := cutFiller(w.text); cut != w.text {
			s.fillers = append(s.fillers, strings.TrimPrefix(w.text, cut))
			w.text, w.alt = cut, cut
		}
		s.ordered = s.ordered || directions[w.text]
		b := squeezed.String()
		if b != "" && isDigit(b[len(b)-1]) && isDigit(w.text[0]) {
			squeezed.WriteByte(' ')
		}
		squeezed.WriteString(w.text)
		switch {
		case initials[w.text]:
			s.initials = append(s.initials, w.text)
		case isMark(w.text):
			s.marks = append(s.marks, strings.TrimLeft(w.text, "0"))
		default:
			s.core = append(s.core, w)
		}
	}
	if len(s.core) == 0 && len(s.marks) == 0 && len(s.fillers) > 0 { // “The Team”
		for _, f := range s.fillers {
			s.core = append(s.core, word{f, f, false})
			squeezed.WriteString(f)
		}
		s.fillers = nil
	}
	s.squeezed = squeezed.String()
	if kept > 1 {
		s.first = first.String()
	}
	slices.Sort(s.marks)
	slices.Sort(s.fillers)
	slices.Sort(s.initials)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isMark says that a word numbers things.
func isMark(w string) bool {
	return strings.ContainsFunc(w, unicode.IsDigit) || utf8.RuneCountInString(w) == 1 && alphabetic(w) || roman.MatchString(w)
}

// cutFiller takes off a filler that is one word with the rest.
func cutFiller(w string) string {
	if w[0] < 0x80 {
		return w
	}
	for _, f := range stuckFillers {
		if rest, ok := strings.CutSuffix(w, f); ok && utf8.RuneCountInString(rest) >= 2 {
			return rest
		}
	}
	return w
}

// shortened gives the spelling with an acronym where the words stand that it stands for; nil where there are none.
func (s *spelling) shortened() *spelling {
	for _, a := range acronyms {
		long := a[1:]
		for i := range len(s.core) - len(long) + 1 {
			if slices.EqualFunc(s.core[i:i+len(long)], long, func(w word, t string) bool { return w.text == t }) {
				short := *s
				short.short = fmt.Sprintf("“%s” may stand for “%s”", strings.ToUpper(a[0]), strings.Join(long, " "))
				short.core = slices.Concat(s.core[:i], []word{{a[0], a[0], false}}, s.core[i+len(long):])
				return &short
			}
		}
	}
	return nil
}

// spellings makes a name ready in every way in which it is compared.
func spellings(raw string) []*spelling {
	s := spell(raw)
	if short := s.shortened(); short != nil {
		return []*spelling{s, short}
	}
	return []*spelling{s}
}
