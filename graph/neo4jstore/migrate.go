package neo4jstore

import (
	"context"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// steps lead from a format to the next one: Cypher statements that change data, all in one transaction. A step stands
// as it was written.
type steps map[int64][]string

// migrations are the steps up to the current format. There was no other format yet.
var migrations = steps{}

// copied are the labels of what whoserves answers from; the plain graph can be made again out of it.
const copied = "WhoservesStore|WhoservesOrg|WhoservesVersion|WhoservesFacts|WhoservesChanges|WhoservesDocument"

// run brings a store from a format to the last one that the steps lead to, or to the current one, after a copy of it was put
// beside it: nodes labelled WhoservesCopy, which say in copy_of, copy_format and copy_labels what they are copies of. The change
// happens as a whole or not at all, and several processes may want it at once.
func (m steps) run(ctx context.Context, s *Store, format int64) error {
	to := max(currentFormat, int64(len(m))+1)
	if format == to {
		return nil
	}
	if format > to || m[format] == nil {
		return s.formatError(format)
	}
	if err := s.copyBeside(ctx, format); err != nil {
		return fmt.Errorf("the copy before the change of format: %w", err)
	}
	return s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		// Changing the node first keeps other processes from migrating at the same time.
		result, err := tx.Run(ctx, "MATCH (s:WhoservesStore {name: $name}) SET s.migrating = true RETURN s.format", map[string]any{"name": storeName})
		if err != nil {
			return err
		}
		row, err := result.Single(ctx)
		if err != nil {
			return err
		}
		now, _ := row.Values[0].(int64)
		for ; now < to; now++ {
			for _, statement := range m[now] {
				if err := exec(ctx, tx, statement, nil); err != nil {
					return fmt.Errorf("from format %d to %d: %w", now, now+1, err)
				}
			}
		}
		return exec(ctx, tx, "MATCH (s:WhoservesStore {name: $name}) REMOVE s.migrating SET s.format = $format", map[string]any{"name": storeName, "format": to})
	})
}

// copyBeside copies what whoserves answers from. A copy that was begun before is finished. Setting the name locks the store's node,
// which a migration does too: so a process that comes late does not put what another has migrated in place of the copy.
func (s *Store) copyBeside(ctx context.Context, format int64) error {
	return s.run(ctx,
		"CREATE CONSTRAINT whoservescopy_of IF NOT EXISTS FOR (n:WhoservesCopy) REQUIRE n.copy_of IS UNIQUE",
		fmt.Sprintf(`MATCH (n:%s)
CALL (n) {
	MATCH (s:WhoservesStore {name: '%s'}) SET s.name = s.name
	WITH n, s WHERE s.format = %[3]d
	MERGE (c:WhoservesCopy {copy_of: '%[3]d/' + elementId(n)})
	SET c = properties(n), c.copy_of = '%[3]d/' + elementId(n), c.copy_format = %[3]d, c.copy_labels = labels(n)
} IN TRANSACTIONS OF 200 ROWS`, copied, storeName, format))
}
