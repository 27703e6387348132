package drawing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
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

// readable is the scale below which the texts of 9 points are smaller than 4 on paper.
const readable = 0.45

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
	} else if r.Pages > 0 && r.Scale < readable {
		words = append(words, fmt.Sprintf("The paper is too small for the picture: it was drawn at a scale of %s, and its text is hard to read. Without a paper the page is as large as the picture.", shortNumber(r.Scale)))
	}
	for _, m := range r.Missing {
		words = append(words, m.Words())
	}
	return words
}

// Words says in a sentence what could not be drawn and what to install.
func (m Missing) Words() string {
	n := utf8.RuneCountInString(m.Characters)
	noun, them := "characters", "them"
	if n == 1 {
		noun, them = "character", "it"
	}
	advice := "no package of fonts is known to have " + them
	if m.Package != "" {
		advice = "install " + m.Package
	}
	return fmt.Sprintf("%d %s could not be drawn: %s; %s.", n, noun, m.named(), advice)
}

// named writes the characters, those that nobody would see alone as U+0301.
func (m Missing) named() string {
	var b strings.Builder
	coded := false // the last one was
	n := 0
	for _, r := range m.Characters {
		if n++; n > maxNamed {
			return b.String() + "…"
		}
		code := !unicode.IsPrint(r) || unicode.Is(unicode.M, r)
		if n > 1 && (code || coded) {
			b.WriteByte(' ')
		}
		if code {
			fmt.Fprintf(&b, "U+%04X", r)
		} else {
			b.WriteRune(r)
		}
		coded = code
	}
	return b.String()
}

func shortNumber(v float64) string {
	return strconv.FormatFloat(v, 'g', 2, 64)
}
