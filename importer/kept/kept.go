// Package kept keeps with each source of a store how its files are read, so that it holds for the next file of the source.
package kept

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/importer"
)

// Get gives what was decided about a source in earlier imports; nil where nothing was.
func Get(ctx context.Context, st graph.Store, source string) (*importer.Mapping, error) {
	data, err := st.Document(ctx, importer.MappingKind, source)
	if errors.Is(err, graph.ErrNoDocument) {
		return nil, nil
	}
	m := &importer.Mapping{}
	if err == nil {
		err = json.Unmarshal(data, m)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Put keeps what was decided about a source, as of today; nil forgets it. m stays as it is.
func Put(ctx context.Context, st graph.Store, source string, m *importer.Mapping) error {
	if m == nil {
		return st.DeleteDocument(ctx, importer.MappingKind, source)
	}
	dated := *m
	dated.Decided = time.Now().Format(time.DateOnly)
	data, err := json.Marshal(dated)
	if err != nil {
		return err
	}
	return st.PutDocument(ctx, importer.MappingKind, source, data)
}

// Text is what the record of a version says of how files were read, by source; "" where nobody chose.
func Text(decided map[string]*importer.Mapping) string {
	if len(decided) == 0 {
		return ""
	}
	data, _ := json.Marshal(decided) // plain texts and numbers
	return string(data)
}
