package sqlitestore

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"

	"example.com/whoserves/graph"
)

// values is a row on its way into the database. It is filled from left to right and used again for the next row, so that
// writing a row costs no memory of its own but the boxes of its values.
type values struct {
	args []driver.NamedValue
	n    int
}

func newValues(width int) *values {
	v := &values{args: make([]driver.NamedValue, width)}
	for i := range v.args {
		v.args[i].Ordinal = i + 1
	}
	return v
}

// start begins a row with the two numbers that every row begins with.
func (v *values) start(a, b int64) {
	v.n = 0
	v.int(a)
	v.int(b)
}

func (v *values) add(x driver.Value) {
	v.args[v.n].Value = x
	v.n++
}

func (v *values) int(i int64)   { v.add(i) }
func (v *values) text(s string) { v.add(s) }

func (v *values) optional(s string) {
	if s == "" {
		v.add(nil)
		return
	}
	v.add(s)
}

func (v *values) number(n graph.Number) {
	if f, ok := n.Get(); ok {
		v.add(f)
		return
	}
	v.add(nil)
}

func (v *values) bool(b bool) {
	if b {
		v.add(int64(1))
		return
	}
	v.add(int64(0))
}

func (v *values) list(ss []string) {
	if len(ss) == 0 {
		v.add(nil)
		return
	}
	v.add(jsonText(ss))
}

// attrs writes the attributes as a JSON object in their own order.
func (v *values) attrs(as []graph.Attr) {
	if len(as) == 0 {
		v.add(nil)
		return
	}
	var b strings.Builder
	for i, a := range as {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(jsonText(a.Name))
		b.WriteByte(':')
		b.WriteString(jsonText(a.Value))
	}
	b.WriteByte('}')
	v.add(b.String())
}

// jsonText writes a value as JSON that a person can read: < and & stay as they are.
func jsonText(x any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		panic(err) // only strings, numbers and lists of them come here
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// origin writes file and row.
func (v *values) origin(o graph.Origin, files *fileNumbers) {
	v.positive(files.number(o))
	v.positive(int64(o.Row))
}

// positive writes a number for which 0 means none.
func (v *values) positive(i int64) {
	if i == 0 {
		v.add(nil)
		return
	}
	v.int(i)
}

func (v *values) node(r *graph.NodeRecord, files *fileNumbers) {
	v.optional(r.ID)
	v.optional(r.Name)
	v.int(int64(r.Nth))
	v.optional(r.Kind.String())
	v.optional(r.Unit)
	v.number(r.Headcount)
	v.number(r.MinStaff)
	v.number(r.Capacity)
	v.number(r.RecoveryHours)
	v.number(r.FailuresPerYear)
	v.number(r.Value)
	v.optional(r.Segment.String())
	v.optional(r.CanFail.String())
	v.optional(r.Contact)
	v.list(r.Sites)
	v.list(r.Tags)
	v.list(r.Aliases)
	v.list(r.Teams)
	v.optional(r.Manager)
	v.optional(r.Role)
	v.attrs(r.Attrs)
	v.origin(r.From, files)
}

func (v *values) link(r *graph.LinkRecord, files *fileNumbers) {
	v.text(r.Provider)
	v.text(r.Consumer)
	v.text(r.Service)
	v.int(int64(r.Nth))
	v.optional(r.Criticality.String())
	v.number(r.MinProviders)
	v.number(r.Tolerance)
	v.number(r.Volume)
	v.number(r.LeadTime)
	v.number(r.Satisfaction)
	v.number(r.ResponseHours)
	v.number(r.Cost)
	v.optional(r.Agreement)
	v.optional(r.Channel)
	v.optional(r.Feedback)
	v.optional(r.DeclaredBy)
	v.optional(r.ConfirmedOn)
	v.attrs(r.Attrs)
	v.origin(r.From, files)
}

func (v *values) nodeKey(k graph.NodeKey) {
	v.bool(k.Unit)
	v.bool(k.ByName)
	v.text(k.Ref)
	v.int(int64(k.Nth))
}

func (v *values) linkKey(k graph.LinkKey) {
	v.text(k.Provider)
	v.text(k.Consumer)
	v.text(k.Service)
	v.int(int64(k.Nth))
}

// reader turns rows of the database into records. Texts that were seen before share their memory.
type reader struct {
	row   []driver.Value
	n     int
	err   error
	seen  map[string]string
	files map[int64]graph.Origin // file and sheet by number
}

func newReader(files map[int64]graph.Origin) *reader {
	return &reader{seen: make(map[string]string, 1<<12), files: files}
}

func (r *reader) fail(want string, x driver.Value) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: a column holds %v where %s belongs", ErrDamaged, x, want)
	}
}

func (r *reader) next() driver.Value {
	x := r.row[r.n]
	r.n++
	return x
}

func (r *reader) int() int64 {
	switch x := r.next().(type) {
	case int64:
		return x
	case nil:
	default:
		r.fail("a whole number", x)
	}
	return 0
}

func (r *reader) number() graph.Number {
	switch x := r.next().(type) {
	case float64:
		return graph.Given(x)
	case nil:
	default:
		r.fail("a number", x)
	}
	return graph.Number{}
}

func (r *reader) raw() string {
	switch x := r.next().(type) {
	case string:
		return x
	case nil:
	default:
		r.fail("a text", x)
	}
	return ""
}

func (r *reader) text() string { return r.share(r.raw()) }

func (r *reader) share(s string) string {
	if s == "" {
		return ""
	}
	if known, ok := r.seen[s]; ok {
		return known
	}
	r.seen[s] = s
	return s
}

func (r *reader) list() []string {
	s := r.raw()
	if s == "" {
		return nil
	}
	list, ok := jsonTexts(s, '[')
	if !ok {
		r.fail("a JSON array of texts", s)
	}
	for i := range list {
		list[i] = r.share(list[i])
	}
	return list
}

func (r *reader) attrs() []graph.Attr {
	s := r.raw()
	if s == "" {
		return nil
	}
	texts, ok := jsonTexts(s, '{')
	if !ok {
		r.fail("a JSON object of texts", s)
	}
	as := make([]graph.Attr, len(texts)/2)
	for i := range as {
		as[i] = graph.Attr{Name: r.share(texts[2*i]), Value: r.share(texts[2*i+1])}
	}
	return as
}

// jsonTexts gives the texts of a JSON array, or the names and values of a JSON object in their order; false when it is
// something else or holds something else. A million rows are too many for the JSON decoder where a text has no backslash.
func jsonTexts(s string, open byte) (texts []string, ok bool) {
	if strings.IndexByte(s, '\\') >= 0 {
		return decodeTexts(s, open)
	}
	between := [2]string{",", ","}
	if open == '{' {
		between[0] = ":"
	}
	parts := strings.Split(s, `"`) // every second part is a text; in ASCII ] is [ + 2, and } is { + 2
	last := len(parts) - 1
	for i, part := range parts {
		switch {
		case i%2 == 1:
			texts = append(texts, part)
		case i == 0 && part != string(open), i == last && part != string(open+2), i > 0 && i < last && part != between[(i/2-1)%2]:
			return nil, false
		}
	}
	return texts, last%2 == 0 && last > 0 && (open == '[' || len(texts)%2 == 0)
}

func decodeTexts(s string, open byte) (texts []string, ok bool) {
	d := json.NewDecoder(strings.NewReader(s))
	if first, err := d.Token(); err != nil || first != json.Delim(open) {
		return nil, false
	}
	for d.More() {
		token, err := d.Token()
		text, isText := token.(string)
		if err != nil || !isText {
			return nil, false
		}
		texts = append(texts, text)
	}
	_, err := d.Token()
	return texts, err == nil
}

func (r *reader) origin() graph.Origin {
	var o graph.Origin
	if id := r.int(); id != 0 {
		var ok bool
		if o, ok = r.files[id]; !ok {
			r.fail("the number of a file", id)
		}
	}
	o.Row = int(r.int())
	return o
}

// word reads one of a closed set of words.
func word[T ~uint8](r *reader, words map[string]T) T {
	s := r.raw()
	if s == "" {
		return 0
	}
	x, ok := words[s]
	if !ok {
		r.fail("one of the known words", s)
	}
	return x
}

// wordsUpTo maps the words of an enumeration to their values.
func wordsUpTo[T interface {
	~uint8
	String() string
}](last T) map[string]T {
	words := map[string]T{}
	for x := T(1); x <= last; x++ {
		words[x.String()] = x
	}
	return words
}

var (
	kinds         = wordsUpTo(graph.Unit)
	criticalities = wordsUpTo(graph.Critical)
	segments      = wordsUpTo(graph.Temporary)
	answers       = wordsUpTo(graph.No)
)

func (r *reader) node(rec *graph.NodeRecord) {
	rec.ID = r.text()
	rec.Name = r.text()
	rec.Nth = int(r.int())
	rec.Kind = word(r, kinds)
	rec.Unit = r.text()
	rec.Headcount = r.number()
	rec.MinStaff = r.number()
	rec.Capacity = r.number()
	rec.RecoveryHours = r.number()
	rec.FailuresPerYear = r.number()
	rec.Value = r.number()
	rec.Segment = word(r, segments)
	rec.CanFail = word(r, answers)
	rec.Contact = r.text()
	rec.Sites = r.list()
	rec.Tags = r.list()
	rec.Aliases = r.list()
	rec.Teams = r.list()
	rec.Manager = r.text()
	rec.Role = r.text()
	rec.Attrs = r.attrs()
	rec.From = r.origin()
}

func (r *reader) link(rec *graph.LinkRecord) {
	rec.Provider = r.text()
	rec.Consumer = r.text()
	rec.Service = r.text()
	rec.Nth = int(r.int())
	rec.Criticality = word(r, criticalities)
	rec.MinProviders = r.number()
	rec.Tolerance = r.number()
	rec.Volume = r.number()
	rec.LeadTime = r.number()
	rec.Satisfaction = r.number()
	rec.ResponseHours = r.number()
	rec.Cost = r.number()
	rec.Agreement = r.text()
	rec.Channel = r.text()
	rec.Feedback = r.text()
	rec.DeclaredBy = r.text()
	rec.ConfirmedOn = r.text()
	rec.Attrs = r.attrs()
	rec.From = r.origin()
}
