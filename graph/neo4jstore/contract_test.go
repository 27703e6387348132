package neo4jstore

import (
	"context"
	"errors"
	"fmt"
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
		return checked{s}, nil
	}
}

// checked is a store that holds its plain graph to its facts when it is closed.
type checked struct{ *Store }

func (c checked) Close() error { return errors.Join(c.check(context.Background()), c.Store.Close()) }

func (c checked) check(ctx context.Context) error {
	org, err := c.Load(ctx)
	if err != nil {
		return err
	}
	return graphIs(ctx, c.Store, org)
}

// graphIs says how the plain graph differs from that of an organisation: nothing may be missing and nothing else be there.
func graphIs(ctx context.Context, st *Store, org *graph.Org) error {
	should := graph.NewSnapshot(org)
	outcome, err := st.compare(ctx, should)
	if err != nil {
		return err
	}
	if cs := outcome.ChangeSet(); !cs.Empty() {
		return fmt.Errorf("the plain graph of “%s” states %d nodes and %d links otherwise than version %d, the first: %s", org.Name, len(cs.Nodes), len(cs.Links), org.Version,
			tell(cs).key[0])
	}
	if n := outcome.Delta(should).Len(); n > 0 {
		return fmt.Errorf("the plain graph of “%s” differs from version %d in %d places", org.Name, org.Version, n)
	}
	return nil
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
