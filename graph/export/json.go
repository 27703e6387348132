package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"example.com/whoserves/graph"
)

// entry gives the places of the cells that an entry shows under their keys. Blank ones are left out, but where there are
// attributes: there the first entry shows all keys, so that ours come first and no attribute is taken for one of them.
func (t *table) entry(i int) []int {
	var shown []int
	for j, c := range t.rows[i] {
		if c != nil || i == 0 && len(t.header) > t.native {
			shown = append(shown, j)
		}
	}
	return shown
}

// writeJSON writes an object with a list of entries for each table, an entry a line.
func (t *Tables) writeJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	out.WriteString("{")
	for k := range t.tables {
		table := &t.tables[k]
		if k > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n  " + quote(table.name) + ": [")
		for i, row := range table.rows {
			if i > 0 {
				out.WriteString(",")
			}
			out.WriteString("\n    {")
			for n, j := range table.entry(i) {
				if n > 0 {
					out.WriteString(", ")
				}
				out.WriteString(quote(table.header[j]) + ": " + cellText(row[j], quote))
			}
			out.WriteString("}")
		}
		if len(table.rows) > 0 {
			out.WriteString("\n  ")
		}
		out.WriteString("]")
	}
	out.WriteString("\n}\n")
	return out.Flush()
}

// cellText writes a cell as JSON and YAML do, its texts as word does.
func cellText(c cell, word func(string) string) string {
	switch c := c.(type) {
	case nil:
		return "null"
	case graph.Number:
		return c.String()
	case []string:
		words := make([]string, len(c))
		for i, s := range c {
			words[i] = word(s)
		}
		return "[" + strings.Join(words, ", ") + "]"
	}
	return word(c.(string))
}

// quote writes a text as JSON does, which YAML reads as well. What is no UTF-8 becomes U+FFFD.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""` // a text can always be written
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
