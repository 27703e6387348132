package neo4jstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// Orgs implements graph.Store. An organisation whose first import is still being written is not there yet.
func (s *Store) Orgs(ctx context.Context) ([]string, error) {
	return s.texts(ctx, "MATCH (o:WhoservesOrg) WHERE o.version > 0 OR o.pending IS NULL RETURN o.name", nil)
}

// History implements graph.Store. O(versions).
func (s *Store) History(ctx context.Context) (history []graph.VersionRecord, err error) {
	err = s.settled(ctx, func() (version int64, err error) {
		ctx, cancel := quick(ctx)
		defer cancel()
		err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
			h, err := readHead(ctx, tx, s.org)
			if err != nil {
				return err
			}
			version = h.version
			history, err = s.readHistory(ctx, tx, version)
			return err
		})
		return version, err
	})
	return history, err
}

// readHistory reads the versions up to one, which has to be there.
func (s *Store) readHistory(ctx context.Context, tx runner, version int64) (history []graph.VersionRecord, err error) {
	result, err := tx.Run(ctx, "MATCH (v:WhoservesVersion) WHERE v.uid STARTS WITH $prefix AND v.number <= $version RETURN properties(v)",
		map[string]any{"prefix": s.org + "/", "version": version})
	if err != nil {
		return nil, err
	}
	for result.Next(ctx) {
		properties, _ := result.Record().Values[0].(map[string]any)
		history = append(history, recordOf(properties))
	}
	slices.SortFunc(history, func(a, b graph.VersionRecord) int { return cmp.Compare(b.Number, a.Number) })
	if err := result.Err(); err != nil {
		return nil, err
	}
	if version > 0 && (len(history) == 0 || history[0].Number != version) {
		return nil, errMoved
	}
	return history, nil
}

// recordOf reads what versionProperties wrote. What a person may have spoilt by hand is blank.
func recordOf(p map[string]any) graph.VersionRecord {
	text := func(name string) string { s, _ := p[name].(string); return s }
	number := func(name string) int64 { n, _ := p[name].(int64); return n }
	r := graph.VersionRecord{Number: number("number"), By: text("by"), Program: text("program"), Sources: textList(p["sources"]), Mapping: text("mapping"),
		Added: int(number("added")), Changed: int(number("changed")), Removed: int(number("removed")), Undoes: number("undoes")}
	r.Time, _ = time.Parse(time.RFC3339, text("time"))
	r.Time = r.Time.UTC()
	hashes := textList(p["hashes"])
	for i, name := range textList(p["files"]) {
		f := graph.FileHash{Name: name}
		if i < len(hashes) {
			f.SHA256 = hashes[i]
		}
		r.Files = append(r.Files, f)
	}
	return r
}

// textList gives the texts of a list property.
func textList(property any) []string {
	list, _ := property.([]any)
	var texts []string
	for _, x := range list {
		text, _ := x.(string)
		texts = append(texts, text)
	}
	return texts
}
