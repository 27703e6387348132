package importer

import "bytes"

// How much of a text is looked at to find its delimiter and its header.
const (
	sniffBytes = 1 << 20
	sniffRows  = 60
)

// sniff finds the delimiter of a text, and with it its sheet. The delimiter under which a row has
// most headers that are known wins; then the one under which most rows are as wide as the header; then the order of
// delimiters. A first line "sep=;" decides at once; spreadsheets write and read it, but do not show it as a row.
func sniff(file string, text []byte, c *chosen) *sheet {
	tries := delimiters[:]
	if rest, ok := bytes.CutPrefix(text, []byte("sep=")); ok && len(rest) > 1 && (rest[1] == '\n' || rest[1] == '\r') {
		tries, text = rest[:1], bytes.TrimPrefix(bytes.TrimPrefix(rest[1:], []byte("\r")), []byte("\n"))
	}
	sample := text[:min(len(text), sniffBytes)]
	var best layout
	delimiter := tries[0]
	for i, d := range tries {
		s := csvSheet(file, sample, d)
		s.chosen = c
		l := recognise(s)
		if i == 0 || l.better(best) {
			best, delimiter = l, d
		}
	}
	return csvSheet(file, text, delimiter)
}
