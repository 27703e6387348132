package diagram

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// clean makes a text fit for one line of XML: valid UTF-8, no control characters, no direction overrides, no characters
// that XML forbids, single spaces.
func clean(s string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r&0xFFFE == 0xFFFE:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// escape makes a text fit for XML, as an element's text or an attribute's value.
func escape(s string) string { return xmlEscapes.Replace(clean(s)) }

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;")

// quote is the one way in which a text gets into the DOT as a string: its lines cleaned, with nothing left that Graphviz
// would read as an escape or an entity.
func quote(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, l := range lines {
		if i > 0 {
			b.WriteString(`\n`)
		}
		b.WriteString(dotEscapes.Replace(clean(l)))
	}
	b.WriteByte('"')
	return b.String()
}

// run is a piece of a label: one line.
type run struct {
	text   string
	size   float64 // 0: the node's own
	colour string  // "": the node's own
	bold   bool
	left   bool
}

// htmlLabel is the one way in which a text gets into the DOT as an HTML label. Graphviz drops a whole label without an error
// for an empty element or a stray character, so each line is cleaned and none is empty.
func htmlLabel(lines []run) string {
	var b strings.Builder
	b.WriteByte('<')
	for i, l := range lines {
		text := strings.ReplaceAll(escape(l.text), `\`, `\\`) // \N and its like mean something here too
		switch {
		case l.text == " ": // air; Graphviz keeps an element with a space
			text = " "
		case text == "":
			text = "·"
		}
		if l.bold {
			text = "<B>" + text + "</B>"
		}
		if l.size > 0 || l.colour != "" {
			font := "<FONT"
			if l.size > 0 {
				font += ` POINT-SIZE="` + strconv.FormatFloat(l.size, 'f', -1, 64) + `"`
			}
			if l.colour != "" {
				font += ` COLOR="` + l.colour + `"`
			}
			text = font + ">" + text + "</FONT>"
		}
		b.WriteString(text)
		switch {
		case l.left:
			b.WriteString(`<BR ALIGN="LEFT"/>`)
		case i < len(lines)-1:
			b.WriteString("<BR/>")
		}
	}
	b.WriteByte('>')
	return b.String()
}

// elementID makes an id for the SVG and a name for the DOT out of any id: letters, digits, - and _ stay, the rest is
// written as hexadecimal between dots. Different ids give different results.
func elementID(prefix, id string) string {
	var b strings.Builder
	b.WriteString(prefix)
	for i := 0; i < len(id); {
		r, n := utf8.DecodeRuneInString(id[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, ".x%02x.", id[i])
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, ".%x.", r)
		}
		i += n
	}
	return b.String()
}

// columns counts what a text takes in a fixed-width setting: wide runes 2, combining marks and joiners 0.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case isWide(r):
		return 2
	}
	return 1
}

func isWide(r rune) bool {
	if r < 0x1100 {
		return false
	}
	if r >= 0x1F300 && r <= 0x1FAFF { // pictures
		return true
	}
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// wrap breaks a name into at most max lines of about cols columns, all of like length; what is too long ends in "…".
func wrap(s string, cols, max int) []string {
	s = clean(s)
	if s == "" {
		return []string{"(no name)"}
	}
	total := columns(s)
	if total <= cols {
		return []string{s}
	}
	rows := (total + cols - 1) / cols
	aim := min((total+rows-1)/rows+3, cols)
	lines := fill(s, aim)
	if len(lines) > min(rows, max) {
		lines = fill(s, cols)
	}
	if len(lines) > max {
		lines = lines[:max]
		lines[max-1] = cut(lines[max-1], cols-1) + "…"
	}
	return lines
}

// fill breaks a text at spaces into lines of at most cols columns; a longer word is split.
func fill(s string, cols int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && columns(line)+1+columns(word) <= cols {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for columns(word) > cols {
			head := cut(word, cols)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut gives the longest beginning of s of at most cols columns, at least one rune; marks stay with their letter.
func cut(s string, cols int) string {
	n := 0
	joined := false
	for i, r := range s {
		w := runeColumns(r)
		if i > 0 && w > 0 && !joined && n+w > cols {
			return s[:i]
		}
		joined = r == 0x200D
		n += w
	}
	return s
}

// arial holds the widths of the printable ASCII characters in Arial, in thousandths of the size.
var arial = [95]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611,
	278, 278, 278, 469, 556, 333,
	556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
	334, 260, 334, 584,
}

// textWidth estimates how wide a text in Arial is, in points.
func textWidth(s string, size float64, bold bool) float64 {
	sum := 0
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			sum += arial[r-' ']
		case runeColumns(r) == 0:
		case isWide(r):
			sum += 1000
		case strings.ContainsRune("▲▼■●→↔…", r):
			sum += 990
		default:
			sum += 580
		}
	}
	w := float64(sum) / 1000 * size
	if bold {
		w *= 1.07
	}
	return w
}

// facing ends a name in a script that runs from right to left with a mark, so that the words after it stay in order.
func facing(name string) string {
	for _, r := range name {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return name + "\u200e"
		}
	}
	return name
}

// hasWide says whether Graphviz would measure a text too narrow.
func hasWide(s string) bool { return strings.ContainsFunc(s, isWide) }
