package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph/propertygraph"
)

// currentFormat is the format that this package writes. A change that an older whoserves could not read makes a new format:
// raise this number and add a step to migrations.
const currentFormat = 1

// supported says which servers will do.
const supported = "Neo4j 5.26 or newer is needed (2025 and later are newer)"

// state is what a database holds of a store.
type state struct {
	format int64 // 0: no store
	rules  []propertygraph.Rule
}

// missing gives the rules that are not there. A uniqueness constraint is an index as well.
func (st state) missing() []propertygraph.Rule {
	return slices.DeleteFunc(propertygraph.Rules(), func(r propertygraph.Rule) bool {
		unique := r
		unique.Unique = true
		return slices.Contains(st.rules, r) || slices.Contains(st.rules, unique)
	})
}

// look reads what the database holds of a store, in one try. On the way it learns the name of the database.
func (s *Store) look(ctx context.Context) (found state, err error) {
	session := s.session(ctx, neo4j.AccessModeRead)
	defer closeSession(ctx, session)
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return found, err
	}
	defer tx.Close(ctx)
	result, err := tx.Run(ctx, "MATCH (s:WhoservesStore) RETURN max(s.format) AS format", nil)
	if err != nil {
		return found, err
	}
	row, err := result.Single(ctx)
	if err != nil {
		return found, err
	}
	found.format, _ = row.Values[0].(int64)
	summary, err := result.Consume(ctx)
	if err != nil {
		return found, err
	}
	if found.rules, err = rules(ctx, tx); err != nil {
		return found, err
	}
	if name := summary.Database().Name(); name != "" {
		s.database = name // saves asking for the home database every time
	}
	return found, nil
}

// rules reads the constraints and indexes that concern one label and one property.
func rules(ctx context.Context, tx runner) ([]propertygraph.Rule, error) {
	result, err := tx.Run(ctx, `SHOW INDEXES YIELD type, entityType, labelsOrTypes, properties, owningConstraint
		WHERE type = 'RANGE' AND entityType = 'NODE' AND size(labelsOrTypes) = 1 AND size(properties) = 1
		RETURN labelsOrTypes[0] AS label, properties[0] AS property, owningConstraint IS NOT NULL AS unique`, nil)
	if err != nil {
		return nil, err
	}
	var rules []propertygraph.Rule
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		rules = append(rules, propertygraph.Rule{Label: row.text("label"), Property: row.text("property"), Unique: valueAs[bool](&row, "unique")})
	}
	return rules, result.Err()
}

// checkAgent refuses servers that are too old or no Neo4j. A server calls itself Neo4j/5.26.30, Neo4j/5.27-aura or Neo4j/2025.10.1.
func (s *Store) checkAgent(agent string) error {
	version, ok := strings.CutPrefix(agent, "Neo4j/")
	numbers := strings.FieldsFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if !ok || len(numbers) == 0 {
		return s.trouble(ErrNoNeo4j, fmt.Sprintf("it calls itself %q: %s", agent, supported), nil)
	}
	major, _ := strconv.Atoi(numbers[0])
	minor := 0
	if len(numbers) > 1 {
		minor, _ = strconv.Atoi(numbers[1])
	}
	if major < 5 || major == 5 && minor < 26 {
		return s.trouble(ErrTooOld, fmt.Sprintf("it is Neo4j %s: %s", version, supported), nil)
	}
	return nil
}

// storeName is the name of the one node that stands for the store.
const storeName = "store"

// makeReady makes what a store needs in a database that does not have it, and brings a store of an older format up to date.
// Several processes may do so at once.
func (s *Store) makeReady(ctx context.Context, found state) error {
	if found.format > currentFormat {
		return s.formatError(found.format)
	}
	err := s.makeSchema(ctx, found)
	if found.format == currentFormat && errors.Is(err, ErrReadOnly) {
		return nil // an index may be missing, but there is a store to read
	}
	if err != nil {
		return err
	}
	if found.format == 0 {
		if found.format, err = s.makeStore(ctx); err != nil {
			return err
		}
	}
	return migrations.run(ctx, s, found.format)
}

func (s *Store) formatError(have int64) error {
	return &FormatError{Server: s.server.String(), Have: have, Known: currentFormat}
}

// mustBeThere refuses a database without a store of the current format.
func (s *Store) mustBeThere(found state) error {
	switch {
	case found.format == 0:
		return s.trouble(fs.ErrNotExist, fmt.Sprintf("the database %s holds no store: import something first", s.databaseName()), nil)
	case found.format > currentFormat:
		return s.formatError(found.format)
	case found.format < currentFormat:
		return s.trouble(ErrDatabase, "its store was written by an older whoserves: open it for writing once, by an import, to bring it up to date", s.formatError(found.format))
	}
	return nil
}

// makeSchema makes the rules that are missing. What fails because another process makes the same is there the next time.
func (s *Store) makeSchema(ctx context.Context, found state) error {
	for n := 0; ; n++ {
		var failed error
		for _, r := range found.missing() {
			if err := s.run(ctx, r.Cypher()); failed == nil {
				failed = err
			}
		}
		if failed == nil || n == 2 || errors.Is(failed, ErrReadOnly) || errors.Is(failed, ErrForbidden) || ctx.Err() != nil {
			return failed
		}
		err := sleep(ctx, 50*time.Millisecond<<n)
		if err != nil {
			return failed
		}
		if found, err = s.look(ctx); err != nil {
			return err
		}
	}
}

// makeStore makes the node that stands for the store and gives its format, which another process may have chosen.
func (s *Store) makeStore(ctx context.Context) (format int64, err error) {
	err = s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		result, err := tx.Run(ctx, "MERGE (s:WhoservesStore {name: $name}) ON CREATE SET s.format = $format RETURN s.format",
			map[string]any{"name": storeName, "format": currentFormat})
		if err != nil {
			return err
		}
		row, err := result.Single(ctx)
		if err == nil {
			format, _ = row.Values[0].(int64)
		}
		return err
	})
	return format, err
}
