package neo4jstore

import "context"

func (s *Store) makeReady(ctx context.Context) error { return nil }
