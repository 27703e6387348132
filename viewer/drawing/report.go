package drawing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// missing gathers the characters that no font has.
type missing struct {
	seen map[rune]bool
	list []rune
}

func (m *missing) add(runes []rune) {
	for _, r := range runes {
		if !m.seen[r] {
			if m.seen == nil {
				m.seen = map[rune]bool{}
			}
			m.seen[r] = true
			m.list = append(m.list, r)
		}
	}
}

// report sorts them by package, known ones first.
func (m *missing) report() []Missing {
	var all []Missing
	for _, r := range m.list {
		p := packageOf(r)
		i := slices.IndexFunc(all, func(a Missing) bool { return a.Package == p })
		if i < 0 {
			i = len(all)
			all = append(all, Missing{Package: p})
		}
		all[i].Characters += string(r)
	}
	slices.SortFunc(all, func(a, b Missing) int {
		if (a.Package == "") != (b.Package == "") {
			return len(b.Package) - len(a.Package)
		}
		return strings.Compare(a.Package, b.Package)
	})
	return all
}

// maxNamed is how many missing characters a sentence names.
const maxNamed = 20

// Words gives what a person must be told of a report, one sentence each, none where all went well.
func (r Report) Words() []string {
	var words []string
	if r.Lowered {
		size := ""
		if r.Width > 0 {
			size = fmt.Sprintf(", %d × %d pixels", r.Width, r.Height)
		}
		words = append(words, fmt.Sprintf("The picture is too large for the size asked for: it was drawn at a scale of %s%s. A PDF has no such limit.", shortNumber(r.Scale), size))
		if r.Pages > 0 {
			words[0] = fmt.Sprintf("The picture is larger than a PDF page can be: it was drawn at a scale of %s.", shortNumber(r.Scale))
		}
	}
	for _, m := range r.Missing {
		n := utf8.RuneCountInString(m.Characters)
		named, noun := m.Characters, "characters"
		if n > maxNamed {
			named = string([]rune(named)[:maxNamed]) + "…"
		}
		if n == 1 {
			noun = "character"
		}
		advice := "no package of fonts is known to have them"
		if m.Package != "" {
			advice = "install " + m.Package
		}
		words = append(words, fmt.Sprintf("%d %s could not be drawn: %s; %s.", n, noun, named, advice))
	}
	return words
}

func shortNumber(v float64) string {
	return strconv.FormatFloat(v, 'g', 2, 64)
}
