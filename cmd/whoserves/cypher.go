package main

import (
	"context"
	"os"
	"path/filepath"

	"example.com/whoserves/graph/neo4jstore"
	"example.com/whoserves/importer"
)

// maxCypher is how long a query may be, in bytes.
const maxCypher = 1 << 20

// readRows reads what a query of a client's own Neo4j gives as one table, which is called after the file of the query. The options about
// Neo4j say as whom to go there.
func (a *app) readRows(ctx context.Context, uri, file string, o importer.Options) (*importer.Result, error) {
	query, err := os.ReadFile(file)
	switch {
	case err != nil:
		return nil, usage("--cypher: %w", err)
	case len(query) > maxCypher:
		return nil, usage("--cypher %s: the file is longer than a query can be: name the file that holds the query", file)
	}
	at, err := a.locationOf(uri)
	if err != nil {
		return nil, err
	}
	stop := a.working("Asking " + at.String())
	rows, err := neo4jstore.Rows(ctx, *at.neo4j, string(query))
	stop()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, usage("%s gives no rows, so there is nothing to import: try it in Neo4j Browser", file)
	}
	return importer.ReadFiles(ctx, []importer.File{importer.Bytes(filepath.Base(file), rows)}, o)
}

// readGiven reads what the arguments of import name: files, or the rows of a query.
func (a *app) readGiven(ctx context.Context, args []string, o importing) (*importer.Result, error) {
	for _, arg := range args {
		switch isNeo4j := neo4jstore.IsURI(arg); {
		case isNeo4j && o.cypher == "":
			return nil, usage("to import from %s say which of its rows: --cypher FILE, with a query that returns provider, consumer and what else there is; "+
				"to take over a store of whoserves as it is, use copy", arg)
		case isNeo4j && len(args) > 1:
			return nil, usage("import from a Neo4j by itself: name the files in an import of their own")
		case isNeo4j:
			return a.readRows(ctx, arg, o.cypher, o.read)
		}
	}
	if o.cypher != "" {
		return nil, usage("--cypher needs the Neo4j that it is for: whoserves import neo4j://host:7687 --cypher %s", o.cypher)
	}
	return a.read(ctx, args, o.read)
}
