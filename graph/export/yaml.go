package export

import (
	"bufio"
	"io"
	"regexp"
	"strings"

	"example.com/whoserves/graph"
)

// writeYAML writes a key with a list of entries for each table. It is written by hand, as the texts of others have to come back
// just as they are: whatever is not plainly a word stands in quotes.
func (t *Tables) writeYAML(w io.Writer) error {
	out := bufio.NewWriter(w)
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
				out.WriteString(before + wordYAML(table.header[j]) + ": " + valueYAML(row[j]) + "\n")
				before = "    "
			}
		}
	}
	return out.Flush()
}

func valueYAML(c cell) string {
	switch c := c.(type) {
	case nil:
		return "null"
	case graph.Number:
		return c.String()
	case []string:
		words := make([]string, len(c))
		for i, s := range c {
			words[i] = wordYAML(s)
		}
		return "[" + strings.Join(words, ", ") + "]"
	}
	return wordYAML(c.(string))
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
