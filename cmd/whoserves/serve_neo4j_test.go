package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
	"example.com/whoserves/graph/neo4jstore"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/viewer"
	"example.com/whoserves/viewer/render"
)

// counted counts how often all of a store is loaded, and how often what changed is asked for.
type counted struct {
	graph.Store
	loads, changes atomic.Int64
}

func (c *counted) Load(ctx context.Context) (*graph.Org, error) {
	c.loads.Add(1)
	return c.Store.Load(ctx)
}

func (c *counted) Changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	c.changes.Add(1)
	return c.Store.Changes(ctx, from, to)
}

// process is the web app as one of several processes on the same store runs it.
type process struct {
	*web
	store *counted
}

// startProcess starts the web app on a connection of its own.
func startProcess(t *testing.T, server neo4jtest.Address, pool *render.Pool) process {
	t.Helper()
	st, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, graph.DefaultOrg)
	if err != nil {
		t.Fatal(err)
	}
	p := process{store: &counted{Store: st}}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := viewer.New(ctx, viewer.Config{Store: p.store, Render: pool})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		st.Close()
	})
	p.web = &web{t: t, address: "http://" + ln.Addr().String()}
	return p
}

// TestSeveralProcessesOnOneNeo4j imports through one process into an organisation of 10,000 nodes: the others show it within
// seconds, by what changed and without loading all of it again.
func TestSeveralProcessesOnOneNeo4j(t *testing.T) {
	d, server := neo4jDesk(t)
	d.commit(graph.DefaultOrg, graphtest.Large(1, 10_000, 40_000, true))
	pool := render.NewPool(render.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	processes := [2]process{startProcess(t, server, pool), startProcess(t, server, pool)}
	for _, p := range processes {
		p.ready()
	}
	more := &graph.Org{Sources: []*graph.Source{graph.NewSource("more", []*graph.NodeRecord{{ID: "quite-new", Name: "Quite new", Kind: graph.Team}}, nil)}}
	if _, _, err := graph.Commit(t.Context(), processes[0].store, more, graph.VersionRecord{By: "tester"}, nil); err != nil {
		t.Fatal(err)
	}
	imported := time.Now()
	loads := processes[0].store.loads.Load()
	for i, p := range processes {
		for {
			if status, body := p.get("/teams/quite-new"); status == http.StatusOK && strings.Contains(body, "Quite new") {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		took := time.Since(imported)
		t.Logf("process %d shows it %v after the import", i, took.Round(time.Millisecond))
		if took > 5*time.Second {
			t.Errorf("process %d shows it after %v", i, took)
		}
	}
	if n := processes[0].store.loads.Load(); n != loads {
		t.Errorf("the one that imported loaded all of it %d times more", n-loads)
	}
	if n := processes[1].store.loads.Load(); n != 1 || processes[1].store.changes.Load() == 0 {
		t.Errorf("the other one loaded all of it %d times and asked %d times for what changed", n, processes[1].store.changes.Load())
	}
}
