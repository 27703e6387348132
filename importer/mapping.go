package importer

// Mapping is what a person decided about how the files of a source are read, where the importer's own reading was not right or could
// not be known. It is written by `whoserves map` and by the import page, kept with the source in the store (a document of kind
// [MappingKind] whose key is the source), and holds for the next file of that source. What it does not say is guessed as without it.
type Mapping struct {
	// Direction holds for every sheet that does not say itself who serves whom and has none of its own here.
	Direction Direction      `yaml:"direction,omitempty" json:"direction,omitempty"`
	Sheets    []SheetMapping `yaml:"sheets,omitempty" json:"sheets,omitempty"`
}

// MappingKind is the kind of the documents of a store that hold mappings.
const MappingKind = "mapping"

// SheetMapping is how one sheet is read. It is for the sheets whose file and sheet name it gives; "" fits any. File names are compared
// as [SourceName] gives them, so that it holds for next month's file; sheet names without case.
type SheetMapping struct {
	File  string `yaml:"file,omitempty" json:"file,omitempty"`
	Sheet string `yaml:"sheet,omitempty" json:"sheet,omitempty"`
	// Shape is the name of the table or shape that the sheet is, see [Shapes]; "ignore" leaves it out; "" finds out.
	Shape string `yaml:"shape,omitempty" json:"shape,omitempty"`
	// Header and HeaderRows are the first row of the header, from 1, and how many rows it has; 0 finds out.
	Header     int       `yaml:"header,omitempty" json:"header,omitempty"`
	HeaderRows int       `yaml:"header_rows,omitempty" json:"header_rows,omitempty"`
	Direction  Direction `yaml:"direction,omitempty" json:"direction,omitempty"`
	// Columns say what headers mean; those that are not listed are guessed.
	Columns []ColumnMapping `yaml:"columns,omitempty" json:"columns,omitempty"`
}

// ColumnMapping says what the column with a header means.
type ColumnMapping struct {
	Header string `yaml:"header" json:"header"` // as in the sheet, in one line; "column D" where it has none
	// Field is a column of the table or shape, see [Fields]; "attribute" keeps it as it is, "ignore" leaves it out.
	Field string `yaml:"field" json:"field"`
}
