package template

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
)

// Questions are what the two sides of links have to say yet, as a table to be filled in.
type Questions struct {
	Whom string // the name of the one who is asked; "" several, each named in its rows
	// Header has native columns of links, still_true, a remark, and columns marked as not to be imported; Rows have as many cells.
	Header []string
	Rows   [][]string
}

// MostQuestions is how many rows a workbook of questions may have: 20,000 take about two seconds and 100 MB to write.
const MostQuestions = 20_000

// questionColumns are the columns of questions that are no native ones.
var questionColumns = map[string]export.About{
	"what is open (ignore)":  {Meaning: "Why you are asked: only one side says that there is this link, or the two sides do not say the same of it."},
	"provider says (ignore)": {Meaning: "What the one who serves says, and in which file and row. It is here to be read, and is not imported."},
	"consumer says (ignore)": {Meaning: "What the one who is served says, and in which file and row. It is here to be read, and is not imported."},
	"remark":                 {Meaning: "Anything else that should be known. It is kept with the link."},
}

// Write writes the workbook: a sheet that says what to do, and the questions with lists to choose from. More than MostQuestions are an
// error.
func (q Questions) Write(w io.Writer) error {
	if len(q.Rows) > MostQuestions {
		return fmt.Errorf("%d rows are more than anybody answers in one workbook (%d): ask one team at a time, or write CSV", len(q.Rows), MostQuestions)
	}
	columns := make([]column, len(q.Header))
	for i, h := range q.Header {
		columns[i] = questionColumn(h)
	}
	b := newBook()
	title, yours := "Who serves whom: questions", "Each row is for whom it names under declared_by. Answer those that are yours, and leave the others blank."
	if q.Whom != "" {
		title, yours = "Who serves whom: questions to "+q.Whom, "All rows of the sheet links are for "+q.Whom+"."
	}
	b.say(title, []string{
		"A row means: provider serves consumer. Either only one side has said so until now, or the two sides do not say the same; the columns marked (ignore) say who says what, and where.",
		yours,
		"1. Answer each row with yes or no under still_true, and write today's date under confirmed_on. A row without either is taken as not answered, and is not read.",
		"2. Where you know it, say how bad it is without it, how many hours the consumer copes, and how the consumer rates it. A blank is better than a guess.",
		"3. Leave provider, consumer, service and declared_by as they are. If the link is another one, answer no and write the right one under remark, or in a new row.",
		"4. Save the file under its name and send it back. Whoever gathers the files reads them in, on the page Import of whoserves or with the command: whoserves import FILE",
	}, []legendLine{toFillLine, neededLine, mayLine})
	b.sheet(ourLinks, columns, nil, 3)
	styles := make([]int, len(columns))
	for i, c := range columns {
		look := []func(*excelize.Style){fill(c.fill), c.form}
		if strings.HasSuffix(c.name, "(ignore)") {
			b.try(b.SetColWidth(ourLinks, b.letters(i), b.letters(i), 36))
			look = append(look, font(excelize.Font{Color: pale}), wrapped)
		}
		styles[i] = b.style(look...)
	}
	for i, row := range q.Rows {
		for j, text := range row {
			if text != "" || columns[j].fill != "" {
				b.put(ourLinks, j, i+2, textOrNil(text), styles[j])
			}
		}
	}
	return b.write(w)
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// questionColumn gives a column of questions by its header.
func questionColumn(name string) column {
	if i := slices.IndexFunc(export.LinkColumns, func(c export.Column[graph.LinkRecord]) bool { return c.Name == name }); i >= 0 {
		c := column{name: name, About: export.LinkColumns[i].About}
		if c.Date {
			c.fill = toFill
		}
		return c
	}
	if name == stillTrue {
		return column{name: name, fill: toFill, About: export.About{Words: []string{graph.Yes.String(), graph.No.String()},
			Meaning: "yes when there is this link, with what you know of it in the row; no when there is none. A row without an answer and without a date is not imported."}}
	}
	return column{name: name, About: questionColumns[name]}
}
