package neo4jstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"example.com/whoserves/graph"
)

// chunkRecords is how many records or changes one chunk holds at most. Small enough that a change of one row writes little
// anew, large enough that a million records are a thousand nodes to Neo4j.
const chunkRecords = 1000

// The two ends of compression. Both may be used by several goroutines at once.
var (
	compressor   = sync.OnceValues(func() (*zstd.Encoder, error) { return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest)) })
	decompressor = sync.OnceValues(func() (*zstd.Decoder, error) { return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(1<<30)) })
)

var errNoText = errors.New("a text in it is not UTF-8: save the file that it came from as UTF-8")

// encode packs records or changes as compressed JSON. About 100 MB of JSON a second.
func encode(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	if isReplaced(text) {
		return nil, errNoText
	}
	c, err := compressor()
	if err != nil {
		return nil, err
	}
	return c.EncodeAll(text, make([]byte, 0, len(text)/8)), nil
}

// isReplaced says that encoding/json put the replacement character, which it writes as \ufffd then and as itself where the
// text holds it, in place of bytes that are no text.
func isReplaced(text []byte) bool {
	for {
		at := bytes.Index(text, []byte(`\ufffd`))
		if at < 0 {
			return false
		}
		before := len(text[:at]) - len(bytes.TrimRight(text[:at], `\`))
		if before%2 == 0 {
			return true
		}
		text = text[at+1:]
	}
}

// decode unpacks what encode packed.
func decode(data []byte, v any) error {
	d, err := decompressor()
	if err != nil {
		return err
	}
	text, err := d.DecodeAll(data, nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// interner keeps one copy of every text, as most texts of an organisation occur many times. It is for one goroutine.
type interner map[string]string

func (in interner) text(s *string) {
	if *s == "" {
		return
	}
	have, ok := in[*s]
	if !ok {
		in[*s], have = *s, *s
	}
	*s = have
}

func (in interner) texts(list []string) {
	for i := range list {
		in.text(&list[i])
	}
}

func (in interner) attrs(list []graph.Attr) {
	for i := range list {
		in.text(&list[i].Name)
		in.text(&list[i].Value)
	}
}

func (in interner) origin(o *graph.Origin) {
	in.text(&o.File)
	in.text(&o.Sheet)
}

func (in interner) node(r *graph.NodeRecord) {
	if r == nil {
		return
	}
	for _, s := range []*string{&r.ID, &r.Unit, &r.Contact, &r.Manager, &r.Role} {
		in.text(s)
	}
	in.texts(r.Sites)
	in.texts(r.Tags)
	in.texts(r.Aliases)
	in.texts(r.Teams)
	in.attrs(r.Attrs)
	in.origin(&r.From)
}

func (in interner) link(r *graph.LinkRecord) {
	if r == nil {
		return
	}
	for _, s := range []*string{&r.Provider, &r.Consumer, &r.Service, &r.Agreement, &r.Channel, &r.Feedback, &r.DeclaredBy, &r.ConfirmedOn} {
		in.text(s)
	}
	in.attrs(r.Attrs)
	in.origin(&r.From)
}

// unpackNodes reads the records of a chunk.
func unpackNodes(data []byte, count int, in interner) ([]*graph.NodeRecord, error) {
	return unpack(data, count, in.node)
}

// unpackLinks reads the records of a chunk.
func unpackLinks(data []byte, count int, in interner) ([]*graph.LinkRecord, error) {
	return unpack(data, count, in.link)
}

// unpack reads so many records, into one piece of memory.
func unpack[R any](data []byte, count int, each func(*R)) ([]*R, error) {
	if count < 1 || count > 1<<20 {
		return nil, fmt.Errorf("its count is %d", count)
	}
	records := make([]R, 0, count)
	if err := decode(data, &records); err != nil {
		return nil, err
	}
	if len(records) != count {
		return nil, fmt.Errorf("it holds %d records instead of %d", len(records), count)
	}
	list := make([]*R, count)
	for i := range records {
		each(&records[i])
		list[i] = &records[i]
	}
	return list, nil
}

// cutLog cuts a change set into chunks for the log, in order.
func cutLog(cs *graph.ChangeSet) []*graph.ChangeSet {
	var chunks []*graph.ChangeSet
	if len(cs.Sources) > 0 {
		chunks = append(chunks, &graph.ChangeSet{Sources: cs.Sources})
	}
	for nodes := range slices.Chunk(cs.Nodes, chunkRecords) {
		chunks = append(chunks, &graph.ChangeSet{Nodes: nodes})
	}
	for links := range slices.Chunk(cs.Links, chunkRecords) {
		chunks = append(chunks, &graph.ChangeSet{Links: links})
	}
	return chunks
}

// told are changes as people read them with Cypher: parallel lists.
type told struct{ did, entity, key, source []string }

func tell(cs *graph.ChangeSet) *told {
	t := &told{}
	for _, c := range cs.Sources {
		t.add(c.Old != 0, c.New != 0, "source", c.Name, c.Name)
	}
	for _, c := range cs.Nodes {
		entity := "node"
		if c.Key().Unit {
			entity = "unit"
		}
		t.add(c.Old != nil, c.New != nil, entity, c.Key().Ref, c.Source)
	}
	for _, c := range cs.Links {
		t.add(c.Old != nil, c.New != nil, "link", linkWords(c.Key()), c.Source)
	}
	return t
}

func (t *told) add(old, new bool, entity, key, source string) {
	did := "changed"
	switch {
	case !old:
		did = "added"
	case !new:
		did = "removed"
	}
	t.did, t.entity, t.key, t.source = append(t.did, did), append(t.entity, entity), append(t.key, key), append(t.source, source)
}

// linkWords names a link as its row wrote it: "Payroll → Crew scheduling: Payroll runs".
func linkWords(k graph.LinkKey) string {
	words := k.Provider + " → " + k.Consumer
	if k.Service != "" {
		words += ": " + k.Service
	}
	return words
}

// unpackLog reads one chunk of the log.
func unpackLog(data []byte, in interner) (*graph.ChangeSet, error) {
	var cs graph.ChangeSet
	if err := decode(data, &cs); err != nil {
		return nil, err
	}
	for _, c := range cs.Nodes {
		in.node(c.Old)
		in.node(c.New)
	}
	for _, c := range cs.Links {
		in.link(c.Old)
		in.link(c.New)
	}
	return &cs, nil
}

// damaged says that what only whoserves writes does not read back.
func damaged(what string, err error) error {
	return fmt.Errorf("%s cannot be read: the database is damaged there; take it back from its last backup: %w", what, err)
}
