package sqlitestore

import (
	"context"
	"path/filepath"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		path := filepath.Join(t.TempDir(), "store.db")
		return func(ctx context.Context, org string) (graph.Store, error) { return Open(ctx, path, org) }
	})
}
