package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"example.com/whoserves/graph"
)

// Document implements graph.Store.
func (s *Store) Document(ctx context.Context, kind, key string) ([]byte, error) {
	var data string
	err := s.onReader(ctx, func(c *sql.Conn) error {
		const query = "SELECT data FROM documents WHERE org = (SELECT id FROM orgs WHERE name = ?) AND kind = ? AND key = ?"
		return c.QueryRowContext(ctx, query, s.org, kind, key).Scan(&data)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%s %q: %w", kind, key, graph.ErrNoDocument)
	}
	if err != nil {
		return nil, explain(ctx, s.path, err)
	}
	return []byte(data), nil
}

// DocumentKinds implements graph.Store.
func (s *Store) DocumentKinds(ctx context.Context) ([]string, error) {
	const query = "SELECT DISTINCT kind FROM documents WHERE org = (SELECT id FROM orgs WHERE name = ?) ORDER BY kind"
	return s.texts(ctx, query, s.org)
}

// Documents implements graph.Store.
func (s *Store) Documents(ctx context.Context, kind string) ([]string, error) {
	const query = "SELECT key FROM documents WHERE org = (SELECT id FROM orgs WHERE name = ?) AND kind = ? ORDER BY key"
	return s.texts(ctx, query, s.org, kind)
}

// PutDocument implements graph.Store.
func (s *Store) PutDocument(ctx context.Context, kind, key string, data []byte) error {
	if !json.Valid(data) {
		return fmt.Errorf("%s %q: a document is JSON, this is not", kind, key)
	}
	return s.write(ctx, func(c *sql.Conn) error {
		org, err := orgForWriting(ctx, c, s.org)
		if err != nil {
			return err
		}
		const put = "INSERT INTO documents (org, kind, key, data) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data"
		_, err = c.ExecContext(ctx, put, org, kind, key, string(data))
		return err
	})
}

// DeleteDocument implements graph.Store.
func (s *Store) DeleteDocument(ctx context.Context, kind, key string) error {
	return s.write(ctx, func(c *sql.Conn) error {
		const remove = "DELETE FROM documents WHERE org = (SELECT id FROM orgs WHERE name = ?) AND kind = ? AND key = ?"
		_, err := c.ExecContext(ctx, remove, s.org, kind, key)
		return err
	})
}
