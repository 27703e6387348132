package names

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Evidence is one reason for, or against, two names meaning one thing.
type Evidence struct {
	Text    string `json:"text"`
	Against bool   `json:"against,omitempty"`
}

// What differences between two names leave of the score.
const (
	leaveLetters = 0.99 // accents, spaces and signs
	leaveForm    = 0.97 // a company form in one
	leaveForms   = 0.85 // two company forms
	leaveOrder   = 0.97
	leaveFiller  = 0.95
	leaveInitial = 0.88 // J. Smith
	leaveKnown   = 0.93 // HR
	leaveFirst   = 0.86 // ABC for Airport Business Control
	leaveTwo     = 0.78 // AB for Airport Business
	leaveZeros   = 0.98
	leaveWord    = 0.62 // a word that stands in one only: not proposed without more
)

// compare says how like two names are by what is written, 0 to 1, and why. It is symmetric and costs no allocation for names
// that are not alike.
func compare(x, y *spelling) (float64, []Evidence) {
	if x.raw > y.raw {
		x, y = y, x
	}
	if x.folded == y.folded {
		return 1, []Evidence{{Text: "the same name"}}
	}
	if x.squeezed == y.squeezed && x.squeezed != "" {
		return x.around(y, 1, nil, true)
	}
	if score, why := acronym(x, y); score > 0 {
		return score, why
	}
	if score, why := acronym(y, x); score > 0 {
		return score, why
	}
	if len(x.core) == 0 || len(y.core) == 0 || len(x.core) > mostWords || len(y.core) > mostWords || !slices.Equal(x.marks, y.marks) {
		return 0, nil
	}
	return match(x, y)
}

// around takes off for what surrounds the words that were compared: company form, fillers.
func (x *spelling) around(y *spelling, score float64, why []Evidence, squeezed bool) (float64, []Evidence) {
	before := len(why)
	if x.form != y.form {
		if x.form != "" && y.form != "" {
			if !x.sure && !y.sure {
				return 0, nil // countries, or two firms
			}
			score *= leaveForms
			why = append(why, Evidence{fmt.Sprintf("the company forms differ: %s, %s", x.form, y.form), true})
		} else {
			score *= leaveForm
			why = append(why, Evidence{Text: fmt.Sprintf("only one has a company form (%s)", cmp.Or(x.form, y.form))})
		}
	}
	if !slices.Equal(x.fillers, y.fillers) {
		score *= leaveFiller
		if len(x.fillers) > 0 && len(y.fillers) > 0 {
			score *= leaveFiller
		}
		var words []string
		for _, f := range append(slices.Clone(x.fillers), y.fillers...) {
			words = append(words, "“"+f+"”")
		}
		why = append(why, Evidence{Text: fmt.Sprintf("without %s the names are the same", strings.Join(slices.Compact(words), ", "))})
	}
	if squeezed && len(why) == before {
		score *= leaveLetters
		why = append(why, Evidence{Text: "the same letters but for case, accents, spaces and signs"})
	}
	return score, why
}

// acronym compares a name of one word with the first letters of another.
func acronym(x, y *spelling) (float64, []Evidence) {
	if len(x.core) != 1 || len(x.marks)+len(x.initials) > 0 || y.first == "" || x.core[0].text != y.first || len(y.marks) > 0 && len(y.core) > 0 {
		return 0, nil
	}
	letters := utf8.RuneCountInString(y.first)
	if isKnownAcronym(y.first) && letters < 4 {
		return 0, nil
	}
	if letters > 6 || letters == 2 && strings.ContainsFunc(x.raw, unicode.IsLower) && len(x.fillers) == 0 {
		return 0, nil
	}
	score := leaveFirst
	if letters == 2 {
		score = leaveTwo
	}
	return score, []Evidence{{Text: fmt.Sprintf("“%s” may stand for “%s”", strings.ToUpper(y.first), y.raw)}}
}

// match aligns the words of two names.
func match(x, y *spelling) (float64, []Evidence) {
	if len(x.core) > len(y.core) {
		x, y = y, x
	}
	extra := len(y.core) - len(x.core)
	if extra > 1+len(x.initials) {
		return 0, nil
	}
	var pairing [mostWords]int
	var taken [mostWords]bool
	for i := range x.core {
		pairing[i] = -1
		for j := range y.core {
			if !taken[j] && y.core[j].text == x.core[i].text {
				pairing[i], taken[j] = j, true
				break
			}
		}
	}
	score := 1.0
	var why []Evidence
	for i := range x.core {
		if pairing[i] >= 0 {
			continue
		}
		best, at := relation{}, -1
		for j := range y.core {
			if taken[j] {
				continue
			}
			if r := alike(x.core[i], y.core[j]); r.score > best.score {
				best, at = r, j
			}
		}
		if at < 0 || best.score == likePrefix && len(x.core) == 1 {
			return 0, nil
		}
		pairing[i], taken[at] = at, true
		score *= best.score
		why = append(why, evidenceOf(best.why, x.core[i].text, y.core[at].text))
	}
	if !slices.IsSorted(pairing[:len(x.core)]) {
		if x.ordered || y.ordered {
			return 0, nil
		}
		score *= leaveOrder
		why = append(why, Evidence{Text: "the words stand in another order"})
	}
	if x.short != y.short {
		score *= leaveKnown
		why = append(why, Evidence{Text: cmp.Or(x.short, y.short)})
	}
	left, ok := x.matchInitials(y, taken[:len(y.core)])
	if !ok {
		return 0, nil
	}
	if n := len(x.initials) + len(y.initials); n > 0 && extra > 0 {
		score *= leaveInitial
		why = append(why, Evidence{Text: "an initial may stand for a name"})
	}
	switch {
	case len(left) > 1, len(left) == 1 && len(x.core) == 1 && utf8.RuneCountInString(x.core[0].text) < minTypo:
		return 0, nil
	case len(left) == 1:
		score *= leaveWord
		why = append(why, Evidence{fmt.Sprintf("“%s” stands in one name only", left[0]), true})
	}
	return x.around(y, score, why, false)
}

// matchInitials lets initials stand for the words that were not taken; left are those that remain. ok is false where an
// initial stands for nothing.
func (x *spelling) matchInitials(y *spelling, taken []bool) (left []string, ok bool) {
	for j, t := range taken {
		if !t {
			left = append(left, y.core[j].text)
		}
	}
	mine, yours := x.initials, y.initials
	for _, in := range mine {
		if i := slices.Index(yours, in); i >= 0 {
			yours = slices.Delete(slices.Clone(yours), i, i+1)
			continue
		}
		i := slices.IndexFunc(left, func(w string) bool { return strings.HasPrefix(w, in) })
		if i < 0 {
			return nil, false
		}
		left = slices.Delete(left, i, i+1)
	}
	return left, len(yours) == 0
}

// evidenceOf says how two words are alike.
func evidenceOf(why reason, a, b string) Evidence {
	if utf8.RuneCountInString(a) > utf8.RuneCountInString(b) || len(a) == len(b) && a > b {
		a, b = b, a
	}
	switch why {
	case umlaut:
		return Evidence{Text: fmt.Sprintf("“%s” and “%s” are one word with an umlaut or without", a, b)}
	case plural:
		return Evidence{Text: fmt.Sprintf("“%s” is the plural of “%s”", b, a)}
	case shortFor:
		return Evidence{Text: fmt.Sprintf("“%s” may stand for “%s”", a, b)}
	case oneLetter:
		return Evidence{Text: fmt.Sprintf("one letter differs: “%s”, “%s”", a, b)}
	case twoLetters:
		return Evidence{Text: fmt.Sprintf("two letters differ: “%s”, “%s”", a, b)}
	}
	return Evidence{Text: fmt.Sprintf("two letters changed places: “%s”, “%s”", a, b)}
}
