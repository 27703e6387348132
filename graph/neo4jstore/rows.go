package neo4jstore

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
)

// MaxRows is the size from which on [Rows] refuses what a query gives, in bytes of JSON.
const MaxRows = 256 << 20

// Rows runs a query of somebody's own on a Neo4j, whatever that holds, and gives its rows as JSON lines: an object for each row, its keys
// being the columns in the order of the query. A node or relationship becomes an object of its properties with its labels or its type, a
// date or duration the text that Neo4j writes; what is null is left out. The query can only read: the server refuses all others. What is
// wrong with the server or the query is an *Error. O(rows) in memory.
func Rows(ctx context.Context, c Config, query string) ([]byte, error) {
	s, err := open(ctx, c, graph.DefaultOrg, func(s *Store, _ context.Context, _ state) error {
		s.readOnly = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	query = strings.TrimRight(query, "; \t\r\n")
	var lines bytes.Buffer
	err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
		lines.Reset()
		result, err := tx.Run(ctx, query, nil)
		if err != nil {
			return err
		}
		columns, err := result.Keys()
		if err != nil {
			return err
		}
		for result.Next(ctx) {
			if err := writeRow(&lines, columns, result.Record().Values); err != nil {
				return err
			}
			if lines.Len() > MaxRows {
				return fmt.Errorf("the query gives more than %d MB: return fewer rows or columns, or ask in several queries", MaxRows>>20)
			}
		}
		return result.Err()
	})
	return lines.Bytes(), err
}

// writeRow writes a row as an object whose keys keep their order.
func writeRow(w *bytes.Buffer, columns []string, values []any) error {
	separator := byte('{')
	for i, v := range values {
		if v = plainValue(v); v == nil {
			continue
		}
		key, err := json.Marshal(columns[i])
		if err != nil {
			return err
		}
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("the column “%s” holds what no table can: %w", columns[i], err)
		}
		w.WriteByte(separator)
		w.Write(key)
		w.WriteByte(':')
		w.Write(text)
		separator = ','
	}
	if separator == '{' {
		w.WriteByte('{')
	}
	w.WriteString("}\n")
	return nil
}

// plainValue makes JSON's values of those of Neo4j.
func plainValue(v any) any {
	switch v := v.(type) {
	case dbtype.Node:
		return withWord(v.Props, "labels", v.Labels)
	case dbtype.Relationship:
		return withWord(v.Props, "type", v.Type)
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = plainValue(v[i])
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for k := range v {
			all[k] = plainValue(v[k])
		}
		return all
	case time.Time:
		return v.Format(time.RFC3339)
	case fmt.Stringer: // dates, times, durations, points
		return v.String()
	}
	return v
}

// withWord gives properties with one more, which does not take the place of one that is there.
func withWord(properties map[string]any, key string, word any) any {
	all := plainValue(properties).(map[string]any)
	if _, taken := all[key]; !taken {
		all[key] = word
	}
	return all
}
