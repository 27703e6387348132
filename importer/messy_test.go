package importer

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
)

var update = flag.Bool("update", false, "write the workbooks of testdata anew")

// messyBook is a workbook as people have them. It is kept as a file of testdata/messy, and beside it, in a text of the same name, stands what
// a person understands it to say.
type messyBook struct {
	name   string
	sheets []messySheet
}

// messySheet is a sheet of one table. Cells of a row are set apart by |; what a cell says beside text and plain numbers, see (*messyWriter).put.
type messySheet struct {
	name        string
	above       []string // rows above the header
	head        []string // the header, in one row or several
	rows        []string
	below       []string
	merges      []string // ranges such as A4:B4, of the whole sheet; they move with their columns
	groups      []int    // how many columns stay side by side; nil: each is by itself
	first       int      // so many groups keep their place, since the place means something: “as above” is read in the first column only
	fixed       bool     // no column moves: a matrix
	hidden      bool
	picture     bool // a chart and no cells
	keepsItName bool // the name says that the sheet is to be left out
}

// build makes the workbook. With a seed other than 0 the columns stand in another order and the sheets have other names.
func (b messyBook) build(t testing.TB, seed int64) []byte {
	t.Helper()
	file, err := export.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	random := rand.New(rand.NewSource(seed))
	w := &messyWriter{book: &book{t: t, File: file}, patches: map[string]map[string]string{}}
	for i, s := range b.sheets {
		order := s.order(random, seed)
		if seed != 0 && !s.keepsItName {
			s.name = []string{"Tabelle%d", "Sheet %d (2)", "Copy of data %d", "%d"}[random.Intn(4)]
			s.name = fmt.Sprintf(s.name, i+1)
		}
		w.sheet(s, i, order)
	}
	return w.bytes()
}

// text gives the first sheet of the workbook as delimited text, with tabs.
func (b messyBook) text() []byte {
	var text strings.Builder
	s := b.sheets[0]
	for _, row := range slices.Concat(s.above, s.head, s.rows, s.below) {
		cells := strings.Split(row, "|")
		for i, c := range cells {
			c = strings.TrimLeft(c, "'@%€")
			if strings.HasPrefix(c, "=") {
				_, c, _ = strings.Cut(c, "→")
			}
			if strings.Contains(c, "¶") || c == `"` {
				c = `"` + strings.ReplaceAll(strings.ReplaceAll(c, `"`, `""`), "¶", "\n") + `"`
			}
			cells[i] = c
		}
		text.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return []byte(text.String())
}

// order gives the new place of each column.
func (s messySheet) order(random *rand.Rand, seed int64) []int {
	width := 0
	for _, row := range slices.Concat(s.head, s.rows) {
		width = max(width, strings.Count(row, "|")+1)
	}
	groups := s.groups
	for sum := total(groups); sum < width; sum++ {
		groups = append(groups, 1)
	}
	var starts []int
	at := 0
	for _, n := range groups {
		starts = append(starts, at)
		at += n
	}
	places := random.Perm(len(groups))
	if seed == 0 || s.fixed {
		slices.Sort(places)
	}
	places = slices.DeleteFunc(places, func(g int) bool { return g < s.first })
	for g := s.first - 1; g >= 0; g-- {
		places = slices.Insert(places, 0, g)
	}
	order := make([]int, width)
	at = 0
	for _, g := range places {
		for c := range groups[g] {
			order[starts[g]+c] = at
			at++
		}
	}
	return order
}

func total(all []int) int {
	sum := 0
	for _, n := range all {
		sum += n
	}
	return sum
}

// messyWriter writes sheets. patches are attributes and elements that excelize does not write, by part and cell.
type messyWriter struct {
	*book
	patches map[string]map[string]string
}

func (w *messyWriter) sheet(s messySheet, index int, order []int) {
	w.t.Helper()
	w.fill(s.name)
	if s.picture {
		w.must(w.AddChart(s.name, "A1", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "x", Values: "$A$1:$B$1"}}}))
	}
	part := fmt.Sprintf("xl/worksheets/sheet%d.xml", index+1)
	for i, row := range slices.Concat(s.above, s.head, s.rows, s.below) {
		for j, text := range strings.Split(row, "|") {
			if i >= len(s.above) && i < len(s.above)+len(s.head)+len(s.rows) {
				j = order[j]
			}
			w.put(part, s.name, letters(j)+fmt.Sprint(i+1), text)
		}
	}
	for _, m := range s.merges {
		from, to, _ := strings.Cut(m, ":")
		w.must(w.MergeCell(s.name, moved(from, len(s.above), order), moved(to, len(s.above), order)))
	}
	if s.hidden {
		w.must(w.SetSheetVisible(s.name, false))
	}
}

// moved gives the new place of a cell that is not above the table.
func moved(cell string, above int, order []int) string {
	column, row, _ := excelize.CellNameToCoordinates(cell)
	if row <= above || column > len(order) {
		return cell
	}
	return letters(order[column-1]) + fmt.Sprint(row)
}

// put writes a cell: a number where it is one, the error #N/A, and otherwise what stands behind the mark in front of it: ' a text,
// @ a day, % a share, € an amount of money, = a formula with its value behind an arrow.
func (w *messyWriter) put(part, sheet, cell, text string) {
	w.t.Helper()
	number := func(s string) float64 {
		n, err := strconv.ParseFloat(s, 64)
		w.must(err)
		return n
	}
	mark, rest := "", text
	if strings.ContainsAny(text[:min(1, len(text))], "'@%=") {
		mark, rest = text[:1], text[1:]
	} else if after, ok := strings.CutPrefix(text, "€"); ok {
		mark, rest = "€", after
	}
	switch mark {
	case "'":
		w.set(sheet, cell, rest)
	case "@":
		day, err := time.Parse(time.DateOnly, rest)
		w.must(err)
		w.style(sheet, cell, day, "dd/mm/yyyy")
	case "%":
		w.style(sheet, cell, number(rest)/100, "0%")
	case "€":
		w.style(sheet, cell, number(rest), `#,##0.00\ "€"`)
	case "=":
		formula, value, _ := strings.Cut(rest, "→")
		w.set(sheet, cell, number(value))
		w.patch(part, cell, `><f>`+formula+`</f>`)
	default:
		n, err := strconv.ParseFloat(text, 64)
		switch {
		case text == "#N/A":
			w.set(sheet, cell, 0)
			w.patch(part, cell, ` t="e"><f>VLOOKUP(1,Z:Z,1,0)</f>`)
		case text == "":
		case err == nil:
			w.set(sheet, cell, n)
		default:
			w.set(sheet, cell, strings.ReplaceAll(text, "¶", "\n"))
		}
	}
}

func (w *messyWriter) patch(part, cell, with string) {
	if w.patches[part] == nil {
		w.patches[part] = map[string]string{}
	}
	w.patches[part][cell] = with
}

var contentType = regexp.MustCompile(`<Default [^>]*></Default>`)

var cellStart = regexp.MustCompile(`<c r="([A-Z]+[0-9]+)"([^>]*)><v>[^<]*`)

func (w *messyWriter) bytes() []byte {
	return rezip(w.t, w.book.bytes(), func(name string, content []byte) []byte {
		if name == "[Content_Types].xml" { // excelize writes what a chart needs in any order
			list := contentType.FindAllString(string(content), -1)
			slices.Sort(list)
			rest := contentType.ReplaceAllString(string(content), "")
			return []byte(strings.Replace(rest, "<Override", strings.Join(list, "")+"<Override", 1))
		}
		return cellStart.ReplaceAllFunc(content, func(c []byte) []byte {
			m := cellStart.FindSubmatch(c)
			with, ok := w.patches[name][string(m[1])]
			if !ok {
				return c
			}
			value := bytes.TrimPrefix(c, fmt.Appendf(nil, `<c r="%s"%s>`, m[1], m[2]))
			if strings.Contains(with, `t="e"`) {
				value = []byte("<v>#N/A")
			}
			return fmt.Appendf(nil, `<c r="%s"%s%s%s`, m[1], m[2], with, value)
		})
	})
}

// understood is what a person understands a file to say.
type understood struct {
	questions int
	answer    Direction
	facts     []string
	problems  []string // those that are told, by their beginning; errors and warnings are all here
	org       []string // the organisation that comes of it; nil where the facts say it all
}

// readUnderstood reads the text beside a file: the reasons behind #, and the parts under their titles.
func readUnderstood(t testing.TB, file string) understood {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var u understood
	var part *[]string
	reasons := 0
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\n")
		word, value, _ := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "#"):
			reasons++
		case line == "":
		case line == "[facts]":
			part = &u.facts
		case line == "[problems]":
			part = &u.problems
		case line == "[organisation]":
			part = &u.org
		case part != nil:
			*part = append(*part, line)
		case word == "questions":
			u.questions, err = strconv.Atoi(value)
		case word == "answer":
			u.answer, err = ParseDirection(value)
		default:
			err = fmt.Errorf("%q is neither a reason nor a part", line)
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	if reasons == 0 || len(u.facts) == 0 {
		t.Fatalf("%s gives no reason, or no facts", file)
	}
	return u
}

// check compares what was read, once what had to be asked is answered.
func (u understood) check(t *testing.T, r *Result) {
	t.Helper()
	checkResult(t, r)
	wantLines(t, "facts", sorted(facts(r.Org)), slices.Sorted(slices.Values(u.facts)))
	var unexpected, missing []string
	told := strings.Split(strings.TrimSuffix(problems(r), "\n"), "\n")
	for _, p := range graph.NewSnapshot(r.Org).Problems {
		if !strings.Contains(p.Message, "described nowhere") {
			told = append(told, fmt.Sprintf("%s %s", p.Severity, p))
		}
	}
	matches := func(got, want string) bool { return strings.HasPrefix(got, strings.TrimSuffix(want, "…")) }
	for _, p := range told {
		if p != "" && !strings.HasPrefix(p, "info ") && !slices.ContainsFunc(u.problems, func(want string) bool { return matches(p, want) }) {
			unexpected = append(unexpected, p)
		}
	}
	for _, want := range u.problems {
		if !slices.ContainsFunc(told, func(got string) bool { return matches(got, want) }) {
			missing = append(missing, want)
		}
	}
	if len(unexpected)+len(missing) > 0 {
		t.Errorf("problems that nobody expects:\n%s\nproblems that are not told:\n%s\nall:\n%s", strings.Join(unexpected, "\n"), strings.Join(missing, "\n"), strings.Join(told, "\n"))
	}
	if u.org != nil {
		wantLines(t, "organisation", strings.Join(organisation(r.Org), "\n"), slices.Sorted(slices.Values(u.org)))
	}
}

// organisation writes what facts come to once their names are resolved: every node with its kind and place, every link by the names of
// its ends. Files, sheets and rows are not in it.
func organisation(o *graph.Org) []string {
	s := graph.NewSnapshot(o)
	name := func(i int32) string {
		if i < 0 {
			return ""
		}
		return cmp.Or(s.Nodes[i].Name, s.Nodes[i].ID)
	}
	var all []string
	for i, n := range s.Nodes {
		var b strings.Builder
		b.WriteString(cmp.Or(n.Kind.String(), "node") + " " + name(int32(i)))
		put(&b, "in", name(n.Unit), "headcount", n.Headcount.String(), "recovery", n.RecoveryHours.String(), "manager", name(n.Manager))
		if n.Placeholder {
			b.WriteString(" (only named)")
		}
		all = append(all, b.String())
	}
	for _, l := range s.Links {
		var b strings.Builder
		fmt.Fprintf(&b, "%s > %s", name(l.Provider), name(l.Consumer))
		put(&b, "service", l.Service, "criticality", l.Values.Criticality.String(), "tolerance", l.Values.Tolerance.String())
		all = append(all, b.String())
	}
	slices.Sort(all)
	return all
}

// withoutRows gives the facts without the numbers of their rows.
func withoutRows(o *graph.Org) string {
	var lines []string
	for line := range strings.Lines(facts(o)) {
		_, fact, _ := strings.Cut(line, " ")
		lines = append(lines, fact)
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// TestMessy reads ten workbooks, each messy in another manner, with at most one question each.
func TestMessy(t *testing.T) {
	for _, b := range messyBooks {
		t.Run(b.name, func(t *testing.T) {
			file := filepath.Join("testdata", "messy", b.name+".xlsx")
			built := b.build(t, 0)
			if *update {
				if err := os.WriteFile(file, built, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(raw, built) {
				t.Error("the file is not the one that is built here: run with -update")
			}
			want := readUnderstood(t, strings.TrimSuffix(file, ".xlsx")+".want.txt")
			want.check(t, b.read(t, raw, want))
		})
	}
}

// read reads the workbook: the questions first, then with the answer to them.
func (b messyBook) read(t *testing.T, raw []byte, want understood) *Result {
	t.Helper()
	first := read(t, b.name+".xlsx", string(raw))
	if len(first.Questions) != want.questions || want.questions > 1 {
		t.Errorf("questions: %v", first.Questions)
	}
	if want.questions == 0 {
		return first
	}
	r, err := ReadFiles(context.Background(), []File{Bytes(b.name+".xlsx", raw)}, Options{Mapping: &Mapping{Direction: want.answer}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Questions) > 0 {
		t.Errorf("questions that are answered: %v", r.Questions)
	}
	return r
}

// TestMessyMoved holds that the order of columns and the names of sheets mean nothing: the same organisation comes of the same workbook
// with both changed.
func TestMessyMoved(t *testing.T) {
	for _, b := range messyBooks {
		t.Run(b.name, func(t *testing.T) {
			want := readUnderstood(t, filepath.Join("testdata", "messy", b.name+".want.txt"))
			r := b.read(t, b.build(t, 0), want)
			for seed := range int64(5) {
				moved := b.read(t, b.build(t, seed+1), want)
				if got, want := withoutRows(moved.Org), withoutRows(r.Org); got != want {
					t.Errorf("seed %d: the facts are\n%s\nwant\n%s\n%s", seed+1, got, want, problems(moved))
				}
				wantLines(t, "organisation", strings.Join(organisation(moved.Org), "\n"), organisation(r.Org))
			}
		})
	}
}

// hasTrouble says that something was left out or dropped.
func hasTrouble(r *Result) bool {
	return slices.ContainsFunc(r.Problems, func(p graph.Problem) bool { return p.Severity != graph.Info })
}
