package answer

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// minWidth is the narrowest terminal that text is laid out for.
const minWidth = 40

// page writes paragraphs and tables that keep within a width.
type page struct {
	w     *bufio.Writer
	width int
	begun bool // something was written
	tight bool // the last line was a title: no gap after it
}

func newPage(w io.Writer, width int) *page {
	return &page{w: bufio.NewWriter(w), width: max(width, minWidth)}
}

// end writes what is still held back.
func (p *page) end() error { return p.w.Flush() }

// say writes a paragraph, "" none.
func (p *page) say(format string, args ...any) {
	if s := printable(fmt.Sprintf(format, args...)); s != "" {
		p.gap()
		p.write(wrap(s, p.width, ""))
	}
}

// item writes an entry of a list: "• …".
func (p *page) item(format string, args ...any) {
	p.write("• " + wrap(printable(fmt.Sprintf(format, args...)), p.width-2, "  "))
}

// detail writes a line that belongs to the entry before it.
func (p *page) detail(format string, args ...any) {
	p.write("  " + wrap(printable(fmt.Sprintf(format, args...)), p.width-2, "  "))
}

// line writes an entry that begins a line of its own.
func (p *page) line(format string, args ...any) {
	p.write(wrap(printable(fmt.Sprintf(format, args...)), p.width-3, "   "))
}

// title begins a section.
func (p *page) title(format string, args ...any) {
	s := printable(fmt.Sprintf(format, args...))
	p.gap()
	p.write(wrap(s, p.width, ""))
	p.write(strings.Repeat("─", min(text.StringWidthWithoutEscSequences(s), p.width)))
	p.tight = true
}

func (p *page) gap() {
	if p.begun && !p.tight {
		p.write("")
	}
}

func (p *page) write(s string) {
	p.begun, p.tight = true, false
	p.w.WriteString(s) // the error stays in the writer and comes out at Flush
	p.w.WriteByte('\n')
}

// table begins a table; a header that starts with ">" sets its column to the right.
func (p *page) table(headers ...string) *textTable {
	t := &textTable{page: p, right: make([]bool, len(headers))}
	for i, h := range headers {
		t.right[i] = strings.HasPrefix(h, ">")
		headers[i] = printable(strings.TrimPrefix(h, ">"))
	}
	t.rows = [][]string{headers}
	return t
}

// textTable holds the rows of a table until their widths are known.
type textTable struct {
	page  *page
	right []bool
	rows  [][]string // the first is the header
}

func (t *textTable) row(cells ...string) {
	for i := range cells {
		cells[i] = printable(cells[i])
	}
	t.rows = append(t.rows, cells)
}

// end lays the table out and writes it.
func (t *textTable) end() {
	out := table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBorders
	style.Options.SeparateColumns = false
	style.Options.SeparateHeader = false
	style.Box.PaddingLeft = ""
	style.Box.PaddingRight = "  "
	style.Format.Header = text.FormatDefault
	out.SetStyle(style)
	configs := make([]table.ColumnConfig, len(t.right))
	for i, w := range t.widths() {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: w, WidthMaxEnforcer: func(s string, w int) string { return wrap(s, w, "") }}
		if t.right[i] {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	out.SetColumnConfigs(configs)
	out.AppendHeader(cellsOf(t.rows[0]))
	for _, r := range t.rows[1:] {
		out.AppendRow(cellsOf(r))
	}
	for line := range strings.Lines(out.Render()) {
		t.page.write(strings.TrimRightFunc(line, unicode.IsSpace))
	}
}

func cellsOf(row []string) table.Row {
	out := make(table.Row, len(row))
	for i, c := range row {
		out[i] = c
	}
	return out
}

// widths gives each column what it needs. When that is too much, the widest columns give way first: down to their longest
// word, then further.
func (t *textTable) widths() []int {
	want, words := make([]int, len(t.right)), make([]int, len(t.right))
	for _, r := range t.rows {
		for i, c := range r {
			want[i] = max(want[i], text.StringWidthWithoutEscSequences(c), 1)
			for w := range strings.FieldsSeq(c) {
				words[i] = max(words[i], text.StringWidthWithoutEscSequences(w))
			}
		}
	}
	room := t.page.width - 2*(len(want)-1)
	narrow(want, words, room)
	narrow(want, make([]int, len(want)), room)
	return want
}

// narrow takes columns off the widest until they fit into room, none below its least width or 4.
func narrow(widths, least []int, room int) {
	total := 0
	for _, w := range widths {
		total += w
	}
	for ; total > room; total-- {
		widest := -1
		for i, w := range widths {
			if w > max(least[i], 4) && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

// wrap breaks text at spaces into lines of at most width columns, the later ones indented; a word that is longer is cut.
func wrap(s string, width int, indent string) string {
	var out strings.Builder
	used := 0
	for word := range strings.FieldsSeq(s) {
		w := text.StringWidthWithoutEscSequences(word)
		if used > 0 && used+1+w > width {
			out.WriteString("\n" + indent)
			used = 0
		}
		if used > 0 {
			out.WriteByte(' ')
			used++
		}
		if w <= width {
			out.WriteString(word)
			used += w
			continue
		}
		for _, r := range word {
			rw := text.StringWidthWithoutEscSequences(string(r))
			if used+rw > width {
				out.WriteString("\n" + indent)
				used = 0
			}
			out.WriteRune(r)
			used += rw
		}
	}
	return out.String()
}

// printable takes away what could steer a terminal: control characters and marks that turn the direction of text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return '�'
		}
		return r
	}, s)
}
