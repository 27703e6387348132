package export

import (
	"bufio"
	"io"
	"regexp"
	"strings"
)

// writeYAML writes a key with a list of entries for each table. It is written by hand, as the texts of others have to come back
// just as they are: whatever is not plainly a word stands in quotes.
func (t *Tables) writeYAML(w io.Writer) error {
	counted := &counter{w: w}
	out := bufio.NewWriter(counted)
	for k := range t.tables {
		table := &t.tables[k]
		out.WriteString(table.name + ":")
		if len(table.rows) == 0 {
			out.WriteString(" []")
		}
		out.WriteString("\n")
		for i, row := range table.rows {
			before := "  - "
			for _, j := range table.entry(i) {
				out.WriteString(before + wordYAML(table.header[j]) + ": " + cellText(row[j], wordYAML) + "\n")
				before = "    "
			}
		}
	}
	err := out.Flush()
	if counted.n > muchYAML {
		t.note("this is much for YAML: import reads up to 8 MB and half a million lines and values of it. JSON and CSV have no such bounds")
	}
	return err
}

// muchYAML is the size, in bytes, from which on the importer may refuse YAML.
const muchYAML = 4 << 20

// counter counts what is written.
type counter struct {
	w io.Writer
	n int
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += n
	return n, err
}

var (
	plainYAML    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.@/()]*(?:[ -][A-Za-z0-9_.@/()]+)*$`)
	reservedYAML = regexp.MustCompile(`(?i)^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// wordYAML writes a text, in quotes unless it can be nothing but a text without them.
func wordYAML(s string) string {
	if plainYAML.MatchString(s) && !reservedYAML.MatchString(s) {
		return s
	}
	q := quote(s)
	if strings.Count(q, "[")+strings.Count(q, "{") > strings.Count(q, "]")+strings.Count(q, "}") || len(q) > 200 {
		q = nestingYAML.Replace(q)
	}
	return q
}

// nestingYAML takes what looks like nesting out of a quoted text. Readers that guard against files that nest too deep, as ours does,
// count brackets and dashes before they know which stand in quotes.
var nestingYAML = strings.NewReplacer("[", `\u005b`, "{", `\u007b`, "- ", `\u002d `, "? ", `\u003f `, ": ", `\u003a `)
