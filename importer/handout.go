package importer

import (
	"bytes"
	"fmt"

	"example.com/whoserves/graph"
)

// Workbooks that are handed out to be filled in, such as those of package template, hold more than tables: a sheet that says what to do,
// an example in each, sentences beside the rows, and a column in which to say whether a link is still there. What follows knows these by
// marks that stay when somebody saves the file in another format.

// isReadMe says whether the name of a sheet says that it explains the others.
func isReadMe(sheet string) bool { return foldHeader(sheet) == "readme" }

// exampleMark begins the first cell of a row that is an example.
var exampleMark = []byte("(example)")

// isExample says whether the present row is an example. One directly below the header is where everybody expects it, so nothing is said.
func (t *tableReader) isExample() bool {
	text := t.firstText()
	if len(text) < len(exampleMark) || !bytes.EqualFold(text[:len(exampleMark)], exampleMark) {
		return false
	}
	if t.row.number != t.layout.last+1 {
		t.info(nil, "“%s” is marked as an example, so the row was left out", text)
	}
	return true
}

// answers is the column still_true of a table of links: what people said to links that they were asked about.
type answers struct {
	*cells
	blank, first int // rows without an answer, and the first of them
}

// newAnswers finds the column; nil when there is none.
func (t *tableReader) newAnswers() *answers {
	if c := t.column("still_true"); c != nil && t.layout.table.name == "links" && t.sheet.given == nil {
		return &answers{cells: c}
	}
	return nil
}

// isDenied says whether the present row states nothing, as somebody said that it is not true any more, or did not answer. A date of
// confirmation is an answer.
func (t *tableReader) isDenied() bool {
	a := t.answers
	if a == nil {
		return false
	}
	raw := t.text(a.cells)
	answer, err := graph.ParseAnswer(string(raw))
	if word, ok := answerWords[graph.Fold(string(raw))]; ok {
		answer, err = word, nil
	}
	switch {
	case len(raw) == 0 && len(t.cell("confirmed_on")) > 0:
		return false
	case len(raw) == 0:
		if a.blank++; a.blank == 1 {
			a.first = t.row.number
		}
		return true
	case err != nil:
		t.warn(a.cells, "“%s” is neither yes nor no, so the row counts as not answered and was left out", raw)
		return true
	case answer == graph.No:
		t.info(a.cells, "%s: said not to be true any more%s", t.linkText(), t.declarer())
		return true
	}
	return false
}

// linkText says the link of the present row in words.
func (t *tableReader) linkText() string {
	with := ""
	if s := t.cell("service"); len(s) > 0 {
		with = fmt.Sprintf(" with “%s”", shorten(string(s), 60))
	}
	return fmt.Sprintf("“%s” serves “%s”%s", shorten(string(t.cell("provider")), 60), shorten(string(t.cell("consumer")), 60), with)
}

// declarer says by whom the present row was filled in.
func (t *tableReader) declarer() string {
	if who := t.cell("declared_by"); len(who) > 0 {
		return fmt.Sprintf(" by “%s”", shorten(string(who), 60))
	}
	return ""
}

// tellUnanswered tells how many rows nobody answered.
func (t *tableReader) tellUnanswered() {
	a := t.answers
	if a == nil || a.blank == 0 {
		return
	}
	t.row = &row{number: a.first}
	rows := "this row was not answered and states nothing"
	if a.blank > 1 {
		rows = fmt.Sprintf("%d rows were not answered and state nothing, this one the first of them", a.blank)
	}
	t.info(a.cells, "%s: %s and confirmed_on are blank", rows, a.header)
}

// isLeftOut says whether a column is for people only: its header says so, and nobody chose otherwise.
func (c column) isLeftOut() bool { return c.field == "" && c.chosen == "" && isIgnored(c.header) }

// tellEmpty tells of a source that says nothing at all, such as a workbook that nobody has filled in.
func (r *reader) tellEmpty(source string) {
	if r.result.Rows > r.rowsBefore {
		return
	}
	where := ""
	if len(r.files) > 1 {
		where = " of any of its files"
	}
	r.problems.add(graph.Problem{File: r.files[0], Severity: graph.Warning},
		"nothing is filled in yet: there is no row below the headers%s, so the source “%s” holds nothing",
		where, source)
}
