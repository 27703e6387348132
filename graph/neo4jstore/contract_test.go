package neo4jstore

import (
	"context"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/graph/storetest"
)

// opener opens stores on a server, with settings when there are any.
func opener(a neo4jtest.Address, by ...settings) storetest.Opener {
	return func(ctx context.Context, org string) (graph.Store, error) {
		s, err := Open(ctx, configFor(a), org)
		if err != nil {
			return nil, err
		}
		for _, s.by = range by {
		}
		return s, nil
	}
}

// small settings make every import one in batches, of many steps.
var small = settings{most: -1, rows: 20, lease: 5 * time.Second}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener { return opener(neo4jtest.Server(t)) })
}

// TestContractInBatches holds imports in batches to the same contract.
func TestContractInBatches(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener { return opener(neo4jtest.Server(t), small) })
}
