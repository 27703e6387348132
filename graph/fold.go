package graph

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold makes the form in which names and services are compared: compatibility forms unified, white space trimmed and
// collapsed, case folded. It costs no allocation for plain lower-case text.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	for i := range len(s) {
		if s[i] >= 0x80 {
			s = foldCase(s)
			break
		}
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// isFolded says that s is ASCII without capitals and with single spaces only, inside only.
func isFolded(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ' ':
			if space {
				return false
			}
		case c < ' ' || c >= 0x7f || 'A' <= c && c <= 'Z':
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// Slug makes a stable id from a name: letters and digits of any script in lower case, the rest as single dashes. It is ""
// for a name without letters and digits.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range normal(name) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(unicode.ToLower(r))
	}
	return norm.NFKC.String(b.String()) // small letters may join what stands behind them: İ and ̏
}

// foldCase folds case and unifies compatibility forms. A folded letter may change places with the marks behind it, İ and ̦, and a unified
// one have a case, so both are done twice (Unicode 16, D146).
func foldCase(s string) string {
	s = norm.NFD.String(strings.ToValidUTF8(s, "\uFFFD"))
	for range 2 {
		s = norm.NFKC.String(cases.Fold().String(s))
	}
	return s
}

// normal unifies compatibility forms. Bytes that are no text would keep package norm from what comes behind them.
func normal(s string) string { return norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD")) }

// joinWords writes "a, b or c", with "or" or another word before the last.
func joinWords(ws []string, before string) string {
	if len(ws) < 2 {
		return strings.Join(ws, "")
	}
	return strings.Join(ws[:len(ws)-1], ", ") + " " + before + " " + ws[len(ws)-1]
}
