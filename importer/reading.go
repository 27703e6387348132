package importer

// Reading is how one sheet was understood: what a person looks at, and corrects with a [SheetMapping].
type Reading struct {
	Place
	Source string
	// Shape is the name of the table or shape that it was read as; "" when it holds none. Title is what people call that, and Why says in
	// a sentence by what it was known, or why the sheet was left out.
	Shape, Title, Why string
	Header, Last      int // the first and the last row of the header, from 1; 0: it has none
	Columns           []Column
	// Direction is how it was read who serves whom where the sheet itself does not say; "" where it does.
	Direction Direction
	Examples  []Example // the first link of each kind that its rows make, as sentences
	Rows      int       // data rows
	Cells     []Line    // the header and the first data rows as they stand there
}

// Column is how one column was understood.
type Column struct {
	Header  string   // as written, in one line; "column D" where there is none
	Field   string   // of the table or shape; "attribute", or "ignore"
	Why     string   // the reason: “a synonym of consumer”, “its values look like hours”, “chosen”
	Sure    bool     // the header says it by itself, or a person did
	Samples []string // up to three distinct cells
}

// Line is a row of a sheet as it stands there.
type Line struct {
	Row   int // from 1
	Cells []string
}

// Question is what a person has to decide before files can be imported, since what they hold points both ways.
type Question struct {
	Place
	Row  int
	Text string // what is asked, and the evidence on each side
	// Choices are the answers, as directions of the sheet ([SheetMapping.Direction]).
	Choices []Choice
}

// Choice is an answer to a [Question].
type Choice struct {
	Direction Direction
	Means     Example // the example sentence that is true then
}
