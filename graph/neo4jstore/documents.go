package neo4jstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// documentUID gives the address of a document; kind and key may hold any character.
func (s *Store) documentUID(kind, key string) string {
	return s.org + "/" + url.PathEscape(kind) + "/" + url.PathEscape(key)
}

// Document implements graph.Store.
func (s *Store) Document(ctx context.Context, kind, key string) ([]byte, error) {
	found, err := s.texts(ctx, "MATCH (d:WhoservesDocument {uid: $uid}) RETURN d.data", map[string]any{"uid": s.documentUID(kind, key)})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s %q: %w", kind, key, graph.ErrNoDocument)
	}
	return []byte(found[0]), nil
}

// Documents implements graph.Store.
func (s *Store) Documents(ctx context.Context, kind string) ([]string, error) {
	return s.texts(ctx, "MATCH (d:WhoservesDocument {org: $org}) WHERE d.kind = $kind RETURN d.key", map[string]any{"org": s.org, "kind": kind})
}

// DocumentKinds implements graph.Store.
func (s *Store) DocumentKinds(ctx context.Context) ([]string, error) {
	return s.texts(ctx, "MATCH (d:WhoservesDocument {org: $org}) RETURN DISTINCT d.kind", map[string]any{"org": s.org})
}

// PutDocument implements graph.Store.
func (s *Store) PutDocument(ctx context.Context, kind, key string, data []byte) error {
	if !json.Valid(data) {
		return fmt.Errorf("%s %q: a document is JSON, this is not", kind, key)
	}
	return s.change(ctx, `MERGE (o:WhoservesOrg {name: $org}) ON CREATE SET o.version = 0
		MERGE (d:WhoservesDocument {uid: $uid}) SET d.org = $org, d.kind = $kind, d.key = $key, d.data = $data`,
		map[string]any{"org": s.org, "uid": s.documentUID(kind, key), "kind": kind, "key": key, "data": string(data)})
}

// DeleteDocument implements graph.Store.
func (s *Store) DeleteDocument(ctx context.Context, kind, key string) error {
	return s.change(ctx, "MATCH (d:WhoservesDocument {uid: $uid}) DETACH DELETE d", map[string]any{"uid": s.documentUID(kind, key)})
}

// change runs one small statement. Doing it twice does no harm, so it is done again when its outcome is not known.
func (s *Store) change(ctx context.Context, statement string, params map[string]any) error {
	ctx, cancel := quick(ctx)
	defer cancel()
	write := func() error {
		return s.write(ctx, func(tx neo4j.ExplicitTransaction) error { return exec(ctx, tx, statement, params) })
	}
	err := write()
	if errors.Is(err, errOutcomeUnknown) {
		err = write()
	}
	return err
}

// texts gives the texts of a small query's only column, sorted.
func (s *Store) texts(ctx context.Context, statement string, params map[string]any) (found []string, err error) {
	ctx, cancel := quick(ctx)
	defer cancel()
	err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
		found = nil
		result, err := tx.Run(ctx, statement, params)
		if err != nil {
			return err
		}
		for result.Next(ctx) {
			text, _ := result.Record().Values[0].(string)
			found = append(found, text)
		}
		return result.Err()
	})
	slices.Sort(found)
	return found, err
}
