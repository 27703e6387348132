package importer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
)

// maxFile is the size from which on a file is refused, in bytes.
const maxFile = 2 << 30

var errTooLarge = errors.New("too large")

// reader reads inputs one after the other.
type reader struct {
	ctx      context.Context
	options  Options
	problems problemList
	texts    texts
	result   *Result
	mapping  *usedMapping // of the source that is being read; nil: none
	done     int64        // bytes of the files before this one
	total    int64

	// Of the source that is being read.
	nodes []*graph.NodeRecord
	links []*graph.LinkRecord
	files []string
	read  []sourceRead // those before
	ends  []*ends      // links of all sheets of which it is to be decided who serves whom

	rowsBefore int // rows of the sources before it
}

// readInputs reads inputs, which are sorted by source and path.
func readInputs(ctx context.Context, inputs []input, problems []graph.Problem, o Options) (*Result, error) {
	if _, err := ParseDirection(string(o.Direction)); err != nil {
		return nil, err
	}
	if err := o.Mapping.Check(); err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, options: o, mapping: newUsedMapping(o.Mapping),
		result: &Result{Org: &graph.Org{}, Headers: map[Place]map[string]string{}, Mappings: map[string]*Mapping{}}}
	r.problems.list = problems
	for _, in := range inputs {
		r.total += in.size
	}
	for i, in := range inputs {
		if i == 0 || inputs[i-1].source != in.source {
			if err := r.beginSource(in.source); err != nil {
				return nil, err
			}
		}
		if err := r.file(in); err != nil {
			return nil, err
		}
		if i == len(inputs)-1 || inputs[i+1].source != in.source {
			r.endSource(in.source)
		}
	}
	r.decide()
	for i := range r.read {
		r.finish(&r.read[i])
	}
	if o.Mapping != nil {
		r.tellUnused("")
	}
	r.progress(r.total)
	r.result.Problems = r.problems.sorted()
	slices.SortFunc(r.result.Files, func(a, b graph.FileHash) int {
		return strings.Compare(a.Name+"\x00"+a.SHA256, b.Name+"\x00"+b.SHA256)
	})
	slices.SortStableFunc(r.result.Readings, func(a, b *Reading) int { return strings.Compare(a.File, b.File) })
	for _, rd := range r.result.Readings {
		r.result.Examples = append(r.result.Examples, rd.Examples...)
	}
	return r.result, nil
}

// beginSource gets the mapping of a source, where each has its own.
func (r *reader) beginSource(name string) error {
	if r.options.Mapping != nil || r.options.Mappings == nil {
		return nil
	}
	m := r.options.Mappings(name)
	if err := m.Check(); err != nil {
		return fmt.Errorf("what was decided for the source “%s” cannot be used any more: %w", name, err)
	}
	r.mapping = newUsedMapping(m)
	return nil
}

// sourceRead is a source whose files were read.
type sourceRead struct {
	name    string
	nodes   []*graph.NodeRecord
	links   []*graph.LinkRecord
	mapping *usedMapping
}

// allNodes gives the nodes of all sources.
func (r *reader) allNodes() iter.Seq[*graph.NodeRecord] {
	return func(yield func(*graph.NodeRecord) bool) {
		for _, s := range r.read {
			for _, n := range s.nodes {
				if !yield(n) {
					return
				}
			}
		}
	}
}

// finish makes a source of what was read, once it is decided who serves whom.
func (r *reader) finish(s *sourceRead) {
	source := graph.NewSource(s.name, s.nodes, s.links)
	if s.mapping != nil {
		source = names.Apply(source, s.mapping.Names)
	}
	source.Rank = len(r.result.Org.Sources) + 1
	r.result.Org.Sources = append(r.result.Org.Sources, source)
	if m := s.mapping.of(r.result.Readings, s.name, r.options.Direction); m != nil {
		r.result.Mappings[s.name] = m
	}
	*s = sourceRead{}
}

// endSource makes a source of what has been read since the last one. Without a file that could be read there is none.
func (r *reader) endSource(name string) {
	if r.options.Mapping == nil {
		r.tellUnused(name)
	}
	if len(r.files) == 0 {
		return
	}
	slices.Sort(r.files)
	r.tellEmpty(name)
	r.read = append(r.read, sourceRead{name, r.nodes, r.links, r.mapping})
	r.result.Sources = append(r.result.Sources, SourceFiles{Name: name, Files: r.files})
	r.nodes, r.links, r.files, r.rowsBefore = nil, nil, nil, r.result.Rows
}

// file reads one input. What is wrong with it is a problem; the error is that of the context.
func (r *reader) file(in input) error {
	size := in.size
	defer func() { r.done += size; r.progress(0) }()
	if why := refuseName(in.name); why != "" {
		r.refuse(in, errors.New(why))
		return nil
	}
	raw, err := in.read(r.ctx)
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case errors.Is(err, errTooLarge):
		err = errors.New("the file is larger than 2 GB: split it into several files in one folder")
	case err != nil:
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			err = pe.Err
		}
		err = fmt.Errorf("the file cannot be read (%v): look whether it is there and may be read", err)
	}
	if err != nil {
		r.refuse(in, err)
		return nil
	}
	hashed := make(chan [sha256.Size]byte, 1)
	go func(raw []byte) { hashed <- sha256.Sum256(raw) }(raw) // a tenth of the time that a long file takes
	defer func() {
		hash := <-hashed
		r.result.Files = append(r.result.Files, graph.FileHash{Name: in.shown, SHA256: hex.EncodeToString(hash[:])})
	}()
	f, sheets, err := r.open(in, raw)
	if err != nil {
		r.refuse(in, err)
		return nil
	}
	raw = nil // what is left of it, sheets holds
	if why := wrongExtension(in.name, f); why != "" {
		r.problems.add(graph.Problem{File: in.shown, Severity: graph.Info}, "%s", why)
	}
	return r.sheets(in, r.lists(in, sheets))
}

// open finds the format of a file, by what it holds first and by its name then, and gives its sheets.
func (r *reader) open(in input, raw []byte) (format, iter.Seq2[*sheet, error], error) {
	if why := refuseContent(raw); why != "" {
		return 0, nil, errors.New(why)
	}
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) || bytes.HasPrefix(raw, []byte("PK\x05\x06")) {
		return r.openArchive(in, raw)
	}
	d, err := decode(raw, cmp.Or(r.options.Encoding, encodingOfXML(raw)))
	if err != nil {
		return 0, nil, err
	}
	if d.note != "" {
		r.problems.add(graph.Problem{File: in.shown, Severity: d.severity}, "%s", d.note)
	}
	if len(trim(d.text)) == 0 {
		return 0, nil, errors.New("the file is empty: it needs a header row, with the columns of nodes, links, units or people")
	}
	f, why := formatOfText(in.name, d.text)
	switch {
	case why != "":
		return 0, nil, errors.New(why)
	case exchangeReaders[f] != nil:
		x := &exchange{file: in.name, what: f.String(), direction: func(sheet string) Direction { return r.directionOf(r.mapping.choice(in, sheet)) }}
		if err := exchangeReaders[f](r.ctx, x, d.text); err != nil {
			return f, nil, err
		}
		return f, x.sheets(), nil
	case f == jsonFormat:
		return f, jsonSheets(r.ctx, in.name, d.text), nil
	case f == jsonLinesFormat:
		return f, jsonLinesSheets(r.ctx, in.name, d.text), nil
	case f == yamlFormat:
		return f, yamlSheets(r.ctx, in.name, d.text), nil
	}
	return f, func(yield func(*sheet, error) bool) { yield(sniff(in.name, d.text, r.mapping.choice(in, "")), nil) }, nil
}

// openArchive opens a workbook.
func (r *reader) openArchive(in input, raw []byte) (format, iter.Seq2[*sheet, error], error) {
	a, err := openArchive(raw)
	if err != nil {
		return 0, nil, err
	}
	f, why := zipFormat(a)
	switch {
	case why != "":
		return 0, nil, errors.New(why)
	case f == odsFormat:
		return f, odsSheets(r.ctx, in.name, a), nil
	}
	return f, xlsxSheets(r.ctx, in.name, a), nil
}

// sheetError is what is wrong with one sheet of a file, which does not take away what was read of others.
type sheetError struct {
	sheet string
	err   error
}

func (e *sheetError) Error() string { return e.err.Error() }

// refuse tells that a file, a sheet of it, or a row cannot be read.
func (r *reader) refuse(in input, err error) {
	p := graph.Problem{File: in.shown, Severity: graph.Error}
	if s := (*sheetError)(nil); errors.As(err, &s) {
		p.Sheet = s.sheet
	}
	r.problems.add(p, "%s", err.Error())
}

// sheets reads the sheets of a file. One without a table is an error only when no other has one.
func (r *reader) sheets(in input, sheets iter.Seq2[*sheet, error]) error {
	var without []graph.Problem
	tables, refused, seen := 0, 0, 0
	for s, err := range sheets {
		switch {
		case r.ctx.Err() != nil:
			return r.ctx.Err()
		case err != nil:
			r.refuse(in, err)
			refused++
			continue
		}
		seen++
		s.chosen = r.mapping.choice(in, s.name)
		if isReadMe(s.name) && s.chosen.shape() == "" {
			s.none = cmp.Or(s.none, "by its name it explains the others")
		}
		if s.none == "" && s.chosen.shape() == Ignore {
			r.ignored(in, s)
			continue
		}
		l := recognise(s)
		r.guess(s, &l)
		corrections := s.correct(l)
		reading := r.understood(in, s, l)
		r.tellNotes(in, s, l.table != nil || s.given != nil)
		if l.table == nil {
			without = append(without, graph.Problem{File: in.shown, Sheet: s.name, Row: l.firstAt, Message: noTable(s, l)})
			continue
		}
		tables++
		if err := r.table(in, s, l, reading); err != nil {
			return err
		}
		r.tellCorrections(in, s, corrections)
		reading.lookAtWrong(s)
	}
	if tables > 0 {
		r.files = append(r.files, in.shown)
	} else if len(without) > 0 && seen > 1 {
		r.problems.add(graph.Problem{File: in.shown, Severity: graph.Error}, "none of its %d sheets holds a table that was recognised: see what is said about each", seen)
	}
	for _, p := range without {
		if tables > 0 && isReadMe(p.Sheet) {
			continue
		}
		if p.Severity = graph.Info; seen == 1 && refused == 0 {
			p.Severity = graph.Error
		}
		r.problems.add(p, "%s", p.Message)
	}
	return nil
}

// ignored notes that a sheet was left out since a person decided so.
func (r *reader) ignored(in input, s *sheet) {
	rd := r.newReading(in, s)
	rd.Shape, rd.Title, rd.Why = Ignore, "left out", "the mapping leaves it out"
	rd.look(s, layout{})
	r.problems.add(graph.Problem{File: in.shown, Sheet: s.name, Severity: graph.Info}, "the sheet was left out, as the mapping says")
}

// tellNotes tells what a reader noted about a sheet.
func (r *reader) tellNotes(in input, s *sheet, table bool) {
	for _, n := range s.notes {
		p := graph.Problem{File: in.shown, Sheet: s.name, Row: n.row, Severity: n.severity}
		if n.ofFile {
			p.Sheet = ""
		}
		if n.matters(table) {
			r.problems.add(p, n.format, n.args...)
		}
	}
}

// isIgnored says whether the name of a sheet asks to leave it out.
func isIgnored(sheet string) bool {
	return strings.HasSuffix(strings.ToLower(strings.TrimSpace(sheet)), "(ignore)")
}

func ignoredSheet(file, name string) *sheet {
	return &sheet{file: file, name: name, none: "its name says to leave it out"}
}

// noTable says why a sheet holds no table, and what a header row would need.
func noTable(s *sheet, l layout) string {
	need := "links need provider and consumer; nodes id or name, and kind, unit or another column of nodes; units id or name, and parent; " +
		"people id or name, and team, manager or role"
	t, _ := s.named()
	if chosen := shapeNamed(s.chosen.shape()); chosen != nil {
		t = chosen
	}
	if t != nil && t.isShape() {
		return fmt.Sprintf("the mapping says that this is a %s, and the columns of one were not found: say what they are under columns", t.title)
	}
	if t != nil {
		need = t.name + " need id or name"
		if t.links {
			need = "links need provider and consumer"
		}
	}
	switch {
	case l.foreign != "":
		return l.foreign
	case s.none != "" && s.given != nil:
		return s.none
	case s.none != "":
		return "the sheet was left out: " + s.none
	case l.first == nil:
		return "there is no header row: " + need
	case s.keyed:
		return fmt.Sprintf("the keys of the entries were not recognised; the first ones are %s. Rename the keys: %s", strings.Join(l.first, ", "), need)
	}
	return fmt.Sprintf("no row was recognised as a header; the first one starts with %s. Rename the headers, or map them: %s", strings.Join(l.first, ", "), need)
}

// table reads the rows of a sheet as records.
func (r *reader) table(in input, s *sheet, l layout, reading *Reading) error {
	tr := newTableReader(r, in, s, l)
	tr.reading = reading
	tr.tellLayout()
	from := len(r.links)
	if tr.ends = tr.beginEnds(); tr.turned {
		reading.turn()
	}
	if l.table.isShape() {
		return r.shape(tr)
	}
	if l.table.links {
		links := newLinks(tr)
		links.all = r.links
		err := readLinks(links)
		r.links = links.all
		tr.endEnds(r.links[from:])
		return err
	}
	nodes := &records[graph.NodeRecord]{tableReader: tr, columns: bind(tr, nodeFields), finish: finishNode, all: r.nodes}
	err := tr.eachRow(nodes.take, nil)
	r.nodes = nodes.all
	return err
}

// progress tells how far the present file is, in bytes.
func (r *reader) progress(inFile int64) {
	if r.options.Progress != nil {
		r.options.Progress(min(r.done+inFile, r.total), r.total)
	}
}

// read gives the content. It is read once.
func (in input) read(ctx context.Context) ([]byte, error) {
	if in.size > maxFile {
		return nil, errTooLarge
	}
	f, err := in.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw := make([]byte, 0, max(0, in.size)+bytesMore)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(raw) == cap(raw) {
			raw = slices.Grow(raw, bytesMore)
		}
		n, err := f.Read(raw[len(raw):min(cap(raw), len(raw)+1<<22)])
		raw = raw[:len(raw)+n]
		switch {
		case len(raw) > maxFile:
			return nil, errTooLarge
		case err == io.EOF:
			return raw, nil
		case err != nil:
			return nil, err
		}
	}
}

// bytesMore is how much room is made beyond the size that a file says, so that its end is met without growing.
const bytesMore = 512

// texts makes strings of cells. Long texts share their memory when they are equal, and short ones when they come again soon, as those of a
// column of few names do: to look each up among all names of a file of 100,000 takes longer than to read it, since each look-up waits for
// the memory. The zero value is ready.
type texts struct {
	recent [1 << 12]struct { // by hash
		hash uint64
		text string
	}
	long  map[string]string
	block strings.Builder // what short texts are cut from: one allocation for thousands
}

// shortText is how long a short text is, in bytes.
const shortText = 40

var textSeed = maphash.MakeSeed()

// of gives the text of b.
func (t *texts) of(b []byte) string {
	if len(b) > shortText {
		return t.ofLong(b)
	}
	hash := maphash.Bytes(textSeed, b)
	at := &t.recent[hash%uint64(len(t.recent))]
	if at.hash != hash || at.text != string(b) {
		at.hash, at.text = hash, t.copy(b)
	}
	return at.text
}

func (t *texts) ofLong(b []byte) string {
	s, known := t.long[string(b)]
	if !known {
		if s = string(b); t.long == nil {
			t.long = map[string]string{}
		}
		t.long[s] = s
	}
	return s
}

func (t *texts) copy(b []byte) string {
	const size = 1 << 16
	if t.block.Len()+len(b) > t.block.Cap() {
		t.block = strings.Builder{}
		t.block.Grow(size)
	}
	from := t.block.Len()
	t.block.Write(b)
	return t.block.String()[from:]
}
