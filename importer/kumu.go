package importer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// kumu reads the JSON of Kumu: a blueprint, whose connections name labels, and the backup of a project, whose connections name ids and which
// keeps what elements say under attributes. Kumu's sheets are in [kumuSheet].
//
// An element type that is one of our kinds, or a word for one, is the kind; all types are kept too. A connection's type, or
// its label where that is a word such as "depends on", says who serves whom; otherwise Kumu does not say it: an arrow is only an arrow.
// reversed turns the arrow round; mutual makes two links, undirected one and a warning. Maps, perspectives and the list of attributes say
// how things look and are told. Origins are the places in the lists elements and connections, from 1.
func kumu(ctx context.Context, x *exchange, text []byte) error {
	if len(text) > maxXML {
		return errors.New("the file is larger than 128 MB: export its elements and connections as CSV")
	}
	x.nodePart, x.part = "elements", "connections"
	r := &jsonReader{ctx: ctx, text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	r.decoder.UseNumber()
	top, err := r.value(0)
	if err == nil {
		if _, more := r.decoder.Token(); more != io.EOF {
			err = errors.New("something follows the end of the document")
		}
	}
	if err != nil {
		return r.place(err)
	}
	kumuElements(x, top.under("elements").items)
	kumuConnections(x, top.under("connections").items)
	var rest []string
	for _, f := range top.fields {
		if f.key != "elements" && f.key != "connections" && f.value.kind != null && (f.value.kind != scalar || f.value.text != "") && (f.value.kind != list_ || len(f.value.items) > 0) {
			rest = append(rest, f.key)
		}
	}
	if len(rest) > 0 {
		slices.Sort(rest)
		x.tell(0, graph.Info, "what stands beside elements and connections is about the map, not about the organisation, and was left out: %s", shorten(strings.Join(rest, ", "), 200))
	}
	return nil
}

func kumuElements(x *exchange, list []value) {
	for i, v := range list {
		if v.kind != object {
			x.tell(0, graph.Error, "entry %d of elements has no keys and was left out", i+1)
			continue
		}
		n := &entity{line: i + 1, id: cmp.Or(v.under("_id").text, v.under("id").text), name: cmp.Or(v.under("attributes", "label").text, v.under("label").text)}
		if n.id == "" {
			n.id = n.name
		} else {
			x.stable = true
		}
		n.kumu(v)
		if n.id == "" {
			x.tell(0, graph.Error, "entry %d of elements has no label and was left out: give it one", i+1)
			continue
		}
		x.nodes = append(x.nodes, n)
	}
}

func (e *entity) kumu(v value) {
	for _, f := range v.fields {
		switch key := strings.ToLower(f.key); {
		case key == "_id" || key == "id" || key == "label":
		case key == "attributes" && f.value.kind == object:
			e.kumu(f.value)
		case key == "type" || key == "element type":
			e.isA(f.key, f.value.text)
		case key == "tags" && f.value.kind == list_:
			for _, tag := range f.value.texts() {
				e.keep("tags", tag)
			}
		default:
			e.flat(f.key, f.value)
		}
	}
}

func kumuConnections(x *exchange, list []value) {
	for i, v := range list {
		e := edge{line: i + 1, from: v.under("from").text, to: v.under("to").text}
		if v.kind != object || e.from == "" || e.to == "" {
			x.tell(0, graph.Error, "entry %d of connections lacks from or to and was left out: write both", i+1)
			continue
		}
		if v.under("reversed").text == "true" {
			e.from, e.to = e.to, e.from
		}
		var extra entity // gathers what is kept
		e.kumu(v, &extra)
		e.properties = append(e.properties, extra.properties...)
		switch strings.ToLower(v.under("direction").text) {
		case "mutual":
			e.means = bothServe
		case "undirected":
			if e.means == unsaid {
				e.means = noDirection
			}
		}
		x.edges = append(x.edges, e)
	}
}

func (e *edge) kumu(v value, extra *entity) {
	for _, f := range v.fields {
		switch key := strings.ToLower(f.key); {
		case key == "_id" || key == "id" || key == "from" || key == "to" || key == "reversed" || key == "direction":
		case key == "delayed" && f.value.text == "false":
		case key == "attributes" && f.value.kind == object:
			e.kumu(f.value, extra)
		case f.value.text == "":
			extra.flat(f.key, f.value)
		case key == "label" || (key == "type" || key == "connection type") && relationWords[foldHeader(f.value.text)] != unsaid:
			e.say(f.value.text)
		default:
			extra.flat(f.key, f.value)
		}
	}
}

// isKumu says whether JSON is of Kumu.
func isKumu(text []byte) bool {
	return bytes.Contains(text, []byte(`"elements"`)) && bytes.Contains(text, []byte(`"connections"`))
}

// kumuSheet reads a sheet of Kumu: Label first, with Type, Description and Tags, or From and To first, with Direction and Type. It is told from a
// table of ours by Direction, or by Label and Type together. | stands between several names in To.
func (l *listSheet) kumuSheet() {
	switch {
	case l.row.filled() == 0:
	case l.index("From") == 0:
		l.kumuConnection()
	case l.cell("Label") == "":
		l.tell(l.row.number, graph.Error, "the element has no Label and was left out: give it one")
	default:
		n := &entity{line: l.row.number, id: l.cell("Label"), name: l.cell("Label")}
		n.isA("Type", l.cell("Type"))
		n.properties = append(n.properties, l.others("Label", "Type")...)
		l.nodes = append(l.nodes, n)
	}
}

func (l *listSheet) kumuConnection() {
	from, to := l.cell("From"), l.cell("To")
	if from == "" || to == "" {
		l.tell(l.row.number, graph.Error, "the connection lacks From or To and was left out: write both")
		return
	}
	for target := range strings.SplitSeq(to, "|") {
		if target = strings.TrimSpace(target); target == "" {
			continue
		}
		e := edge{line: l.row.number, from: from, to: target, properties: l.others("From", "To", "Direction", "Type", "Label")}
		for _, h := range []string{"Type", "Label"} {
			switch word := l.cell(h); {
			case word == "":
			case h == "Label", relationWords[foldHeader(word)] != unsaid:
				e.say(word)
			default:
				e.keep(h, word)
			}
		}
		switch strings.ToLower(l.cell("Direction")) {
		case "mutual":
			e.means = bothServe
		case "undirected":
			if e.means == unsaid {
				e.means = noDirection
			}
		case "", "directed":
		default:
			e.keep("Direction", l.cell("Direction"))
		}
		l.edges = append(l.edges, e)
	}
}
