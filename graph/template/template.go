// Package template makes workbooks for people to fill in, which the importer reads back: an empty one to hand out ([Write]), one for
// each team with its links as they stand, to be confirmed and corrected ([Confirmations]), and one with what is open between the two
// sides of links ([Questions]).
//
// Every column has a note on its header that explains it, cells offer the words and names that fit and refuse numbers and dates that
// cannot be right. The columns and what is said of them are those of package export.
//
// # What the importer leaves out
//
// The sheet “Read me”; a row whose first cell begins with “(example)”; a column whose header ends in “(ignore)”; and, where a table has a
// column still_true, the rows that say no, or that have neither an answer there nor a date of confirmation. So an example may stay
// where it is, and an empty sheet says nothing.
//
// What a cell of a workbook cannot hold is lost in it: of a text what is beyond 32,767 characters, and control characters. The same input
// always gives the same bytes.
package template

import (
	"io"
	"slices"
	"strconv"
	"time"

	"example.com/whoserves/graph/export"
)

// exampleMark begins the first cell of a row that is an example.
const exampleMark = "(example) "

// Write writes the workbook to hand out, with the sheets Read me, links, nodes, units and people. Each has an example in its second row.
func Write(w io.Writer) error {
	b := newBook()
	b.say("Who serves whom", []string{
		"A row of the sheet links means: provider serves consumer. With Payroll as the provider and Crew scheduling as the consumer it says: Payroll serves Crew scheduling.",
		"1. Begin with the sheet links, one row for each: who serves, who is served, and with what service. Leave blank what you do not know; a blank is better than a guess.",
		"2. On the sheet nodes describe whoever stands in the links: teams, suppliers, systems and sites (resource), and the customers outside. A name that is not there counts as a team.",
		"3. If you like, add your departments (units) and the people without whom a team would stop (people). Only the sheet links is needed; the others may stay empty.",
		"4. Point at a header to read what its column means. Where only some words fit, the cells offer a list of them; hours, amounts and ratings are plain numbers.",
		"5. Write a name the same everywhere. The lists under provider, consumer, unit and the like offer the names that you have put on the other sheets.",
		"6. Do not rename sheets and headers. Columns of your own are welcome, to the right of the others; they are kept.",
		"7. When you are done save the file and send it back, or read it in: on the page Import of whoserves, or with the command: whoserves import whoserves.xlsx",
	}, []legendLine{neededLine, mayLine, exampleLine})
	lists := map[string]string{}
	for _, table := range []string{"nodes", "units", "people"} {
		lists[table] = namesOn(table)
	}
	for _, s := range []struct {
		name    string
		columns []column
	}{
		{"links", columnsOf(export.LinkColumns)}, {"nodes", nameFirst(columnsOf(export.NodeColumns))},
		{"units", nameFirst(columnsOf(export.UnitColumns))}, {"people", nameFirst(columnsOf(export.PeopleColumns))},
	} {
		b.sheet(s.name, s.columns, lists, 0)
		b.example(s.name, s.columns)
	}
	return b.write(w)
}

// nameFirst puts the name in front of the id: it is what people know, and an example is marked in the cell that they write over.
func nameFirst(columns []column) []column {
	i := slices.IndexFunc(columns, func(c column) bool { return c.name == "name" })
	return slices.Concat(columns[i:i+1], columns[:i], columns[i+1:])
}

// namesOn is the range of the names that people have put on a sheet, below its example. It grows with them, so that lists show no blanks.
func namesOn(sheet string) string {
	names := sheet + "!$A$3:$A$" + strconv.Itoa(lastRow)
	return "OFFSET(" + sheet + "!$A$3,0,0,MAX(1,COUNTA(" + names + ")),1)"
}

// example writes the row that shows how to fill in a sheet.
func (b *book) example(sheet string, columns []column) {
	for i, c := range columns {
		var value any = c.Example
		number, err := strconv.ParseFloat(c.Example, 64)
		day, notDay := time.Parse(time.DateOnly, c.Example)
		switch {
		case c.Example == "":
			continue
		case c.IsNumber() && err == nil:
			value = number
		case c.Date && notDay == nil:
			value = day
		case i == 0:
			value = exampleMark + c.Example
		}
		b.put(sheet, i, 2, value, b.style(exampleFont, c.form))
	}
}
