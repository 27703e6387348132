package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of names, as it is compared. Two words are the same when all of it is.
type word struct {
	text   string // lower case, without accents
	alt    string // with ä, ö, ü, å, ø written as two letters; text where there are none
	dotted bool   // a dot stood behind it: it may be an abbreviation
}

// The relations between two words, in what they take off the score.
const (
	likeUmlaut  = 0.98 // müller, mueller
	likeLong    = 0.97 // サーバ, サーバー
	likePlural  = 0.96
	likeKnown   = 0.92 // ops, operations
	likeDotted  = 0.90 // sched., scheduling
	likeVowels  = 0.86 // mgmt, management
	likePrefix  = 0.84 // sched, scheduling
	likeTypo    = 0.92
	likeLongOne = 0.95 // one letter of eight or more
	likeTwo     = 0.85 // two letters of nine or more
)

// What a typing error must leave: short words that differ in a letter are other words.
const (
	minTypo  = 5 // letters; 4 for two letters that changed places
	minTwo   = 9
	longWord = 8
)

// relation says how like two words are.
type relation struct {
	score float64
	why   reason
}

// reason is what an Evidence about two words says.
type reason uint8

const (
	same reason = iota
	umlaut
	plural
	shortFor
	oneLetter
	twoLetters
	swapped
)

// alike compares two words; the score is 0 where they are not alike. It is symmetric.
func alike(a, b word) relation {
	if a.text > b.text {
		a, b = b, a
	}
	if a.text == b.text {
		return relation{1, same}
	}
	if a.text[0] == b.text[0] {
		if r := alikeInForm(a, b); r.score > 0 {
			return r
		}
	}
	if known(a.text) == known(b.text) {
		return relation{likeKnown, shortFor}
	}
	return relation{}
}

// alikeInForm compares two words that begin alike.
func alikeInForm(a, b word) relation {
	switch {
	case a.alt == b.text || a.text == b.alt || a.alt == b.alt:
		return relation{likeUmlaut, umlaut}
	case a.text+"ー" == b.text:
		return relation{likeLong, plural}
	case isPlural(a.text, b.text) || isPlural(b.text, a.text):
		return relation{likePlural, plural}
	}
	slip, short := typo(a.text, b.text), relation{max(abbreviates(a, b), abbreviates(b, a)), shortFor}
	if slip.score > 0 && isOpposite(a.text, b.text) {
		return relation{}
	}
	if slip.score >= short.score {
		return slip
	}
	return short
}

func isOpposite(a, b string) bool {
	return slices.Contains(opposites, [2]string{a, b}) || slices.Contains(opposites, [2]string{b, a})
}

// known gives what an abbreviation stands for, else the word itself.
func known(w string) string {
	if long := abbreviations[w]; long != "" {
		return long
	}
	return w
}

// plurals are the endings of the plural, each with what stands in its place in the singular and how long that must be.
var plurals = []struct {
	ending, instead string
	min             int
}{{"s", "", 3}, {"es", "", 4}, {"en", "", 5}, {"en", "e", 5}, {"n", "", 5}, {"x", "", 4}, {"ies", "y", 3}, {"oes", "ao", 4}, {"ns", "m", 4}}

// singulars gives the words that w may be the plural of.
func singulars(w string) []string {
	var all []string
	for _, p := range plurals {
		stem, ok := strings.CutSuffix(w, p.ending)
		if !ok || p.ending == "s" && strings.HasSuffix(stem, "s") {
			continue
		}
		if one := stem + p.instead; len(one) >= p.min {
			all = append(all, one)
		}
	}
	return all
}

func isPlural(one, many string) bool {
	return len(many) >= len(one) && one[0] == many[0] && slices.Contains(singulars(many), one)
}

// abbreviates says how likely short is an abbreviation of long; 0 where it is not.
func abbreviates(short, long word) float64 {
	s, l := utf8.RuneCountInString(short.text), utf8.RuneCountInString(long.text)
	if l < s+2 || !alphabetic(short.text) || long.dotted {
		return 0
	}
	if strings.HasPrefix(long.text, short.text) {
		switch {
		case short.dotted && s >= 2:
			return likeDotted
		case s >= 3 && s <= 5 && l >= 8 && 10*s <= 6*l:
			return likePrefix
		}
	}
	if s >= 3 && isVowelless(short.text) && isSubsequence(short.text, long.text) {
		return likeVowels
	}
	return 0
}

func isVowelless(w string) bool { return !strings.ContainsAny(w, "aeiouy") && w[0] < 0x80 }

// isSubsequence says that short is long with letters left out, but not the first.
func isSubsequence(short, long string) bool {
	if short[0] != long[0] {
		return false
	}
	for i := range len(long) {
		if short != "" && long[i] == short[0] {
			short = short[1:]
		}
	}
	return short == ""
}

// alphabetic says that a word is of a script in which single letters may be typed wrong without making another word.
func alphabetic(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew)
}

// typo compares letter by letter: insertions, deletions, substitutions and two letters that changed places count one each
// (Damerau 1964), in the restricted form in which no letter is edited twice. The first letter is hardly ever typed wrong
// (Yannakoudakis and Fawthrop 1983) and must be the same.
func typo(a, b string) relation {
	if !alphabetic(a) || !alphabetic(b) {
		return relation{}
	}
	x, y := []rune(a), []rune(b)
	n := min(len(x), len(y))
	if x[0] != y[0] || max(len(x), len(y))-n > 2 || n < minTypo-1 {
		return relation{}
	}
	most := 1
	if n >= minTwo {
		most = 2
	}
	switch d, swap := distance(x, y, most); {
	case d == 1 && swap:
		return relation{likeLongOne, swapped}
	case d == 1 && n >= longWord:
		return relation{likeLongOne, oneLetter}
	case d == 1 && n >= minTypo:
		return relation{likeTypo, oneLetter}
	case d == 2 && most == 2:
		return relation{likeTwo, twoLetters}
	}
	return relation{}
}

// distance counts edits, up to one more than most; swap says that it is one exchange of two neighbours. O(most · letters).
func distance(x, y []rune, most int) (d int, swap bool) {
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	if len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0] {
		return 1, true
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 || most == 1 {
		return min(len(y), most+1), false
	}
	var rows [3][64]int
	if len(y) >= len(rows[0]) {
		return most + 1, false
	}
	before, last, row := rows[0][:len(x)+1], rows[1][:len(x)+1], rows[2][:len(x)+1]
	for i := range last {
		last[i] = i
	}
	for j := 1; j <= len(y); j++ {
		row[0] = j
		for i := 1; i <= len(x); i++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[i] = min(last[i]+1, row[i-1]+1, last[i-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[i] = min(row[i], before[i-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(x)], most+1), false
}
