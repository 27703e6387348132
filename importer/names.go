package importer

import (
	"slices"
	"strings"
	"unicode"

	"example.com/whoserves/graph"
)

// nameLists reads cells that list names. What separates two names is decided for each column as a whole: line ends, |, ; and bullets
// always do. A comma does where none of these is in use in the column, else only between names that the sheet knows. Words for "and"
// and strokes do only between names that the sheet knows, of which the whole is none.
type nameLists struct {
	*spread
	known   map[string]bool // names that stand alone in a cell, or between separators that leave no doubt; folded
	rows    map[string]int  // how often each name names a row; folded
	columns map[int]*listColumn
}

// listColumn is what a column of lists shows as a whole.
type listColumn struct {
	strong bool // separators that leave no doubt are in use
	whole  bool // commas are parts of names: “Doe, John” in every cell
}

// listNames looks at the rows once: names are the columns that name the row, lists those that list names. Nil columns count for
// none. O(cells).
func (s *spread) listNames(rows []row, names, lists []*cells) *nameLists {
	n := &nameLists{spread: s, known: map[string]bool{}, rows: map[string]int{}, columns: map[int]*listColumn{}}
	isNil := func(c *cells) bool { return c == nil }
	names, lists = slices.DeleteFunc(names, isNil), slices.DeleteFunc(lists, isNil)
	for i := range rows {
		for _, c := range names {
			if fold := graph.Fold(string(rows[i].cell(c))); fold != "" {
				n.rows[fold]++
				n.known[fold] = true
			}
		}
	}
	for _, c := range lists {
		l := &listColumn{}
		n.columns[c.index] = l
		for i := range rows {
			pieces := strongPieces(string(rows[i].cell(c)))
			l.strong = l.strong || len(pieces) > 1
			for _, p := range pieces {
				if len(pieces) > 1 || len(commaPieces(p)) == 1 {
					n.known[graph.Fold(p)] = true
				}
			}
		}
	}
	for _, c := range lists {
		n.lookCommas(n.columns[c.index], c, rows)
	}
	return n
}

// lookCommas finds columns all of whose cells hold one comma, and no name that is known: those are names such as “Doe, John”.
func (n *nameLists) lookCommas(l *listColumn, c *cells, rows []row) {
	filled := 0
	for i := range rows {
		cell := string(rows[i].cell(c))
		if cell == "" {
			continue
		}
		filled++
		pieces := commaPieces(cell)
		if len(pieces) != 2 || slices.ContainsFunc(pieces, n.knows) {
			return
		}
	}
	l.whole = filled > 1
}

func (n *nameLists) knows(name string) bool { return n.known[graph.Fold(name)] }

// of gives the names that a cell of the present row lists, each once. Words for nobody are none; “all” is told.
func (n *nameLists) of(c *cells) []string {
	if c == nil {
		return nil
	}
	var all []string
	seen := map[string]bool{}
	for _, piece := range strongPieces(string(n.text(c))) {
		if len(all) > maxNames {
			n.warn(c, "the cell lists more than a thousand names, and the others were left out: it may not be a list of names")
			return all[:maxNames]
		}
		for _, name := range n.split(c, piece) {
			switch fold := graph.Fold(name); {
			case seen[fold], isNobody([]byte(name)), nothings[fold]:
			case everybody[fold]:
				n.warn(c, "“%s” names no one in particular, so it makes no link: name them one by one", name)
			default:
				seen[fold] = true
				all = append(all, name)
			}
		}
	}
	return all
}

// split reads a text without separators that leave no doubt.
func (n *nameLists) split(c *cells, text string) []string {
	pieces := n.join(commaPieces(text))
	if len(pieces) < 2 {
		return n.splitWords(c, text)
	}
	l := n.columns[c.index]
	switch known := !slices.ContainsFunc(pieces, func(p string) bool { return !n.knows(p) }); {
	case known:
	case l.strong:
		n.tellOnce(c, "“%s” was read as one name, and the like here and below: other cells of the column have ; | or line ends between names", text)
		return []string{text}
	case l.whole:
		n.tellOnce(c, "“%s” was read as one name, and the like here and below: every cell of the column has one comma. Where it separates names, write ; in its place", text)
		return []string{text}
	}
	n.tellOnce(c, "“%s” was read as %d names, and the like here and below: a comma between them separates names", text, len(pieces))
	var names []string
	for _, p := range pieces {
		names = append(names, n.splitWords(c, p)...)
	}
	return names
}

// join puts pieces together again that are one name: one that is known with its comma, or one with a company form behind it.
func (n *nameLists) join(pieces []string) []string {
	var names []string
	for i := 0; i < len(pieces); {
		to := i + 1
		for j := min(len(pieces), i+maxCommas); j > to; j-- {
			if n.knows(strings.Join(pieces[i:j], ", ")) {
				to = j
			}
		}
		for to < len(pieces) && companyForms[foldHeader(pieces[to])] {
			to++
		}
		names = append(names, strings.Join(pieces[i:to], ", "))
		i = to
	}
	return names
}

// splitWords splits at strokes and words for "and" where every piece is a name that is known.
func (n *nameLists) splitWords(c *cells, text string) []string {
	if n.rows[graph.Fold(text)] > 0 {
		return []string{text}
	}
	for _, by := range []string{"/", " & ", " + ", " and ", " und ", " et ", " y ", " en ", " e "} {
		pieces := strings.Split(text, by)
		for i := range pieces {
			pieces[i] = strings.TrimSpace(pieces[i])
		}
		if len(pieces) > 1 && !slices.ContainsFunc(pieces, func(p string) bool { return !n.knows(p) }) {
			n.tellOnce(c, "“%s” was read as %d names, and the like here and below: the sheet has each of them alone", text, len(pieces))
			return pieces
		}
	}
	return []string{text}
}

// strongPieces splits at line ends, |, ; and bullets, outside of brackets, and takes away dashes and numbers before the pieces of a list
// of several lines.
func strongPieces(text string) []string {
	pieces := piecesOf(text, func(r rune) bool { return strings.ContainsRune("\n\r|;；•·‣▪、", r) })
	if strings.ContainsAny(text, "\n\r") {
		for i, p := range pieces {
			p = strings.TrimLeft(p, "-–—*> ")
			if rest := strings.TrimLeftFunc(p, unicode.IsDigit); rest != p && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") ")) {
				p = rest[2:]
			}
			pieces[i] = strings.TrimSpace(p)
		}
	}
	return slices.DeleteFunc(pieces, func(p string) bool { return p == "" })
}

func commaPieces(text string) []string {
	return piecesOf(text, func(r rune) bool { return r == ',' || r == '，' })
}

// piecesOf splits a text, but not between brackets; blank pieces are left out. A text with an open bracket that is never closed has none.
func piecesOf(text string, separates func(rune) bool) []string {
	brackets := strings.Count(text, "(") == strings.Count(text, ")")
	depth := 0
	return slices.DeleteFunc(slices.Collect(func(yield func(string) bool) {
		for piece := range strings.FieldsFuncSeq(text, func(r rune) bool {
			switch {
			case r == '(' && brackets:
				depth++
			case r == ')' && brackets:
				depth--
			}
			return depth <= 0 && separates(r)
		}) {
			if !yield(string(trim([]byte(piece)))) {
				return
			}
		}
	}), func(p string) bool { return p == "" })
}

// The bounds of a list in a cell.
const (
	maxCommas = 6    // pieces of one name
	maxNames  = 1000 // names
)

// companyForms stand behind a comma that belongs to a name, folded as headers are.
var companyForms = words("inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "co", "corp", "corporation", "gmbh", "ag", "kg", "ohg", "ug", "ev", "eg", "se",
	"sa", "sas", "sarl", "srl", "spa", "sl", "slu", "bv", "nv", "lda", "ltda", "oy", "ab", "as", "aps", "pty", "ptyltd", "jr", "sr", "phd", "md")

// nothings are texts of a list for "no one", beside the words for nobody; folded.
var nothings = words("no dependencies", "no dependency", "not applicable", "na", "n.a.", "nothing", "keine", "keiner", "kein", "entfällt", "nicht zutreffend", "k.a.",
	"aucun", "aucune", "néant", "sans objet", "s.o.", "s/o", "ninguno", "ninguna", "nadie", "nada", "no aplica", "geen", "niemand", "n.v.t.", "nvt",
	"nenhum", "nenhuma", "ninguém", "não aplicável", "não se aplica")

// everybody are texts of a list for "all of them"; folded.
var everybody = words("all", "everyone", "everybody", "all teams", "all departments", "all units", "all business units", "all bus", "all processes", "all functions", "all staff",
	"company-wide", "companywide", "whole company", "the whole company", "various", "several", "multiple", "others", "other teams", "etc", "etc.", "...", "…",
	"alle", "alle teams", "alle abteilungen", "alle bereiche", "unternehmensweit", "diverse", "usw.", "tous", "toutes", "tous les services", "toutes les équipes", "tous les départements",
	"divers", "todos", "todas", "todos los departamentos", "todos los equipos", "toda la empresa", "varios", "iedereen", "alle afdelingen", "diversen", "enz.",
	"todos os departamentos", "todas as equipes", "todas as equipas", "toda a empresa", "vários")
