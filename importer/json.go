package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"example.com/whoserves/graph"
)

// maxJSON is the size from which on JSON is refused, in bytes.
const maxJSON = 512 << 20

var errDeep = fmt.Errorf("values lie more than %d deep in one another: this is no table", maxDepth)

// jsonSheets reads JSON: a list of objects is a table, an object holds tables under its keys.
func jsonSheets(ctx context.Context, file string, text []byte) iter.Seq2[*sheet, error] {
	return documentSheets(file, func(d *document) error {
		if len(text) > maxJSON {
			return errors.New("the file is larger than 512 MB: save it as JSON lines or CSV, or split it")
		}
		r := &jsonReader{ctx: ctx, text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
		r.decoder.UseNumber()
		err := r.document(d)
		if err == nil {
			if _, err = r.decoder.Token(); err == io.EOF {
				return nil
			}
			if err == nil {
				err = errors.New("something follows the end of the document")
			}
		}
		return r.place(err)
	})
}

// jsonReader reads values token by token, so that its depth is its own.
type jsonReader struct {
	ctx     context.Context
	text    []byte
	decoder *json.Decoder
	values  int // of the present entry
}

// place says where an error is.
func (r *jsonReader) place(err error) error {
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errors.New("the file ends too early")
	}
	at := int(r.decoder.InputOffset())
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at = int(syntax.Offset)
	}
	line, column := positionOf(r.text, at)
	return fmt.Errorf("the JSON cannot be read, line %d, character %d: %v", line, column, err)
}

// document reads the top: entries go into d one by one.
func (r *jsonReader) document(d *document) error {
	token, err := r.decoder.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		return r.entries(d, "")
	case json.Delim('{'):
		return r.tables(d)
	}
	return d.top(scalarOf(token))
}

// entries reads a list whose bracket was read: its items are entries.
func (r *jsonReader) entries(d *document, key string) error {
	d.table(key)
	for r.decoder.More() {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		r.values = 0
		v, err := r.value(0)
		if err == nil {
			err = d.add(key, 0, v)
		}
		if err != nil {
			return err
		}
	}
	_, err := r.decoder.Token()
	return err
}

// tables reads an object at the top whose brace was read.
func (r *jsonReader) tables(d *document) error {
	found := false
	for r.decoder.More() {
		key, err := r.decoder.Token()
		if err != nil {
			return err
		}
		r.values = 0
		token, err := r.decoder.Token()
		if err != nil {
			return err
		}
		if token == json.Delim('[') && r.entriesFollow() {
			found = true
			if err := r.entries(d, key.(string)); err != nil {
				return err
			}
			continue
		}
		v, err := r.rest(token, 0)
		if err != nil {
			return err
		}
		d.loose = append(d.loose, fieldOf{key.(string), v})
	}
	if !found && len(d.loose) > 0 { // the object is an entry
		entry := value{kind: object, fields: d.loose}
		d.loose = nil
		if err := d.add("", 0, entry); err != nil {
			return err
		}
	}
	_, err := r.decoder.Token()
	return err
}

// entriesFollow says whether a list that was just opened begins with an object, or is empty.
func (r *jsonReader) entriesFollow() bool {
	rest := bytes.TrimLeft(r.text[r.decoder.InputOffset():], " \t\r\n")
	return len(rest) > 0 && (rest[0] == '{' || rest[0] == ']')
}

// value reads a value.
func (r *jsonReader) value(depth int) (value, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return value{}, err
	}
	return r.rest(token, depth)
}

// rest reads the value that a token begins.
func (r *jsonReader) rest(token json.Token, depth int) (value, error) {
	if r.values++; r.values > maxKeys {
		return value{}, errors.New("an entry holds more than a million values: this is no table")
	}
	if depth > maxDepth {
		return value{}, errDeep
	}
	var v value
	switch token {
	case json.Delim('['):
		v.kind = list_
		for r.decoder.More() {
			item, err := r.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.items = append(v.items, item)
		}
	case json.Delim('{'):
		v.kind = object
		for r.decoder.More() {
			key, err := r.decoder.Token()
			if err != nil {
				return v, err
			}
			item, err := r.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.fields = append(v.fields, fieldOf{key.(string), item})
		}
	default:
		return scalarOf(token), nil
	}
	_, err := r.decoder.Token()
	return v, err
}

// scalarOf makes a value of a token that is neither a list nor an object.
func scalarOf(token json.Token) value {
	switch t := token.(type) {
	case string:
		return value{kind: scalar, text: t}
	case json.Number:
		return value{kind: scalar, text: t.String(), number: true}
	case bool:
		return value{kind: scalar, text: fmt.Sprint(t)}
	}
	return value{}
}

// jsonLinesSheets reads JSON lines: one object a line, which is its row. A line that cannot be read is told and left out.
func jsonLinesSheets(ctx context.Context, file string, text []byte) iter.Seq2[*sheet, error] {
	return documentSheets(file, func(d *document) error {
		d.table("")
		for number := 1; len(text) > 0; number++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			line := text
			if end := bytes.IndexAny(text, "\n\r"); end >= 0 {
				line = text[:end]
				if end++; text[end-1] == '\r' && end < len(text) && text[end] == '\n' {
					end++
				}
				text = text[end:]
			} else {
				text = nil
			}
			if line = trim(line); len(line) == 0 {
				continue
			}
			if err := jsonLine(ctx, d, number, line); err != nil {
				return err
			}
		}
		return nil
	})
}

func jsonLine(ctx context.Context, d *document, number int, line []byte) error {
	r := &jsonReader{ctx: ctx, text: line, decoder: json.NewDecoder(bytes.NewReader(line))}
	r.decoder.UseNumber()
	v, err := r.value(0)
	if err == nil {
		if _, more := r.decoder.Token(); more != io.EOF {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		_, column := positionOf(line, int(r.decoder.InputOffset()))
		d.table("").tell(number, graph.Error, "the line is no JSON (%v, character %d) and was left out: write one object a line", err, column)
		return nil
	}
	return d.add("", number, v)
}
