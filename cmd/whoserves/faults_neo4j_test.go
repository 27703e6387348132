package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

// clockTeams is how many teams the organisation of a fault test has. In version k its customer copes k hours without each of
// them, so that an answer which mixes versions shows it.
const clockTeams = 30

// clock writes the files of version k.
func (d *desk) clock(k int) []string {
	nodes, links := []string{"id,kind", "customer,customer"}, []string{"provider,consumer,service,tolerance_hours"}
	for i := range clockTeams {
		nodes = append(nodes, fmt.Sprintf("team-%02d,team", i))
		links = append(links, fmt.Sprintf("team-%02d,customer,part %d,%d", i, i, k))
	}
	return []string{d.file("nodes.csv", nodes...), d.file("links.csv", links...)}
}

// readiness is what /readyz says.
type readiness struct {
	Ready         bool
	Version       int
	Store         string
	WaitingSince  string `json:"waiting_since"`
	DegradedSince string `json:"degraded_since"`
	Reason        string
}

func (w *web) readiness() (status int, r readiness) {
	w.t.Helper()
	status, body := w.get("/readyz")
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		w.t.Fatalf("%v: %s", err, body)
	}
	return status, r
}

// after waits until the readiness is as wanted and gives how long that took.
func (w *web) after(wanted func(status int, r readiness) bool) time.Duration {
	w.t.Helper()
	began := time.Now()
	for !wanted(w.readiness()) {
		time.Sleep(10 * time.Millisecond)
	}
	return time.Since(began)
}

// restart starts a server again and waits until it answers a question: it says that it has started some time before.
func restart(t *testing.T, server *neo4jtest.Own) {
	t.Helper()
	server.Restart(t)
	began := time.Now()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err := server.Try(ctx, "MATCH (o:WhoservesOrg) RETURN o.version", nil)
		cancel()
		if err == nil {
			t.Logf("the server answers %v after it said that it has started", time.Since(began).Round(time.Millisecond))
			return
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
}

// recovers is how long the web app may take to notice that its store answers again.
const recovers = 5 * time.Second

// readers ask the same question again and again: every answer must be that of one version, whatever the store does.
type readers struct {
	all                sync.WaitGroup
	stop               chan struct{}
	answers, whileAway atomic.Int64
	slowest            atomic.Int64 // nanoseconds
	last               atomic.Int64 // the newest version seen
	mu                 sync.Mutex
	wrong              []string
}

func startReaders(w *web, n int) *readers {
	r := &readers{stop: make(chan struct{})}
	for range n {
		r.all.Go(func() {
			seen := int64(0)
			for {
				select {
				case <-r.stop:
					return
				case <-time.After(100 * time.Millisecond):
				}
				began := time.Now()
				version, err := r.read(w.address)
				if err == nil && version < seen {
					err = fmt.Errorf("version %d came after version %d", version, seen)
				}
				seen = max(seen, version)
				r.note(err, time.Since(began), version)
			}
		})
	}
	return r
}

func (r *readers) note(err error, took time.Duration, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && len(r.wrong) < 10 {
		r.wrong = append(r.wrong, err.Error())
	}
	r.slowest.Store(max(r.slowest.Load(), int64(took)))
	r.last.Store(max(r.last.Load(), version))
	r.answers.Add(1)
}

// read asks once and checks that all of the answer is of the version that it names.
func (r *readers) read(address string) (int64, error) {
	resp, err := http.Get(strings.TrimSuffix(address, "/") + "/api/v1/risks")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(resp.Body)
		return 0, fmt.Errorf("status %d: %.300s", resp.StatusCode, body)
	}
	version, err := strconv.ParseInt(resp.Header.Get("Whoserves-Version"), 10, 64)
	if err != nil {
		return 0, err
	}
	if resp.Header.Get("Whoserves-Store-Away-Since") != "" {
		r.whileAway.Add(1)
	}
	var risks struct {
		Version int64
		SPOFs   []struct {
			First float64 `json:"first_impact_hours"`
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&risks); err != nil || risks.Version != version || len(risks.SPOFs) != clockTeams {
		return version, fmt.Errorf("in version %d: %+v, %v", version, risks, err)
	}
	for _, sp := range risks.SPOFs {
		if sp.First != float64(version) {
			return version, fmt.Errorf("in version %d: %+v", version, risks)
		}
	}
	return version, nil
}

func (r *readers) end() { close(r.stop); r.all.Wait() }

// importer imports version after version; what fails it tries again until it is in.
type clockImporter struct {
	all    sync.WaitGroup
	stop   chan struct{}
	done   int
	failed int
	wrong  []string
}

func startImporter(d *desk, from int) *clockImporter {
	im := &clockImporter{stop: make(chan struct{})}
	im.all.Go(func() {
		for k := from; ; k++ {
			files := d.clock(k)
			for {
				select {
				case <-im.stop:
					return
				default:
				}
				got := runWith(append([]string{"import", "--source", "clock", "--format", "json", "--store", d.store}, files...)...)
				var said importJSON
				json.Unmarshal([]byte(got.stdout), &said)
				if got.status == done && said.Version != nil && *said.Version == int64(k) {
					im.done = k
					break
				}
				if im.failed++; got.status != trouble || got.stdout != "" || strings.Count(strings.TrimSpace(got.stderr), "\n") > 3 {
					im.wrong = append(im.wrong, fmt.Sprintf("import %d: %+v", k, got))
					if len(im.wrong) > 10 {
						return
					}
				}
				time.Sleep(500 * time.Millisecond)
			}
			time.Sleep(300 * time.Millisecond)
		}
	})
	return im
}

func (im *clockImporter) end() { close(im.stop); im.all.Wait() }

// TestServerStopsAndStarts stops and starts a Neo4j under twenty readers and one importer: every answer is that of one version,
// pages say that the store is away, nothing that was imported is lost, and it is all as before soon after the server answers again.
func TestServerStopsAndStarts(t *testing.T) {
	server := neo4jtest.Start(t, neo4jtest.Options{})
	d := newDesk(t)
	d.store = server.URI
	d.login(server.User, server.Password)
	d.run(done, append([]string{"import", "--source", "clock"}, d.clock(1)...)...)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--store", d.store)
	w.ready()
	people, im := startReaders(w, 20), startImporter(d, 2)
	for _, fault := range []struct {
		name string
		stop func(testing.TB)
	}{{"stopped", server.Stop}, {"killed", server.Kill}, {"stopped again", server.Stop}} {
		_, r := w.readiness()
		before := r.Version
		w.after(func(_ int, r readiness) bool { return r.Version >= before+2 }) // imports go on
		fault.stop(t)
		noticed := w.after(func(status int, r readiness) bool { return r.Store == "away" })
		status, r := w.readiness()
		if status != http.StatusOK || !r.Ready || r.DegradedSince == "" || r.Reason == "" {
			t.Errorf("%s: status %d, %+v", fault.name, status, r)
		}
		if status, body := w.get("/"); status != http.StatusOK || !strings.Contains(body, "The data store has not answered since") {
			t.Errorf("%s: the overview does not say so: status %d", fault.name, status)
		}
		if status, body := w.get("/api/v1/history"); status != http.StatusServiceUnavailable || !strings.Contains(body, "nothing is lost") {
			t.Errorf("%s: history: status %d, %s", fault.name, status, body)
		}
		time.Sleep(time.Second)
		restart(t, server)
		back := w.after(func(status int, r readiness) bool { return r.Store == "ok" })
		t.Logf("%s: noticed after %v, back %v after the server answered", fault.name, noticed.Round(time.Millisecond), back.Round(time.Millisecond))
		if back > recovers {
			t.Errorf("%s: back after %v", fault.name, back)
		}
		if status, body := w.get("/"); status != http.StatusOK || strings.Contains(body, "has not answered") {
			t.Errorf("%s: the note stays: status %d", fault.name, status)
		}
	}
	_, r := w.readiness()
	before := r.Version
	w.after(func(_ int, r readiness) bool { return r.Version >= before+2 })
	im.end()
	w.after(func(_ int, r readiness) bool { return r.Version >= im.done })
	people.end()
	t.Logf("%d answers, %d of them while the store was away, the slowest after %v; %d imports, %d tried in vain", people.answers.Load(),
		people.whileAway.Load(), time.Duration(people.slowest.Load()).Round(time.Millisecond), im.done, im.failed)
	for _, wrong := range append(people.wrong, im.wrong...) {
		t.Error(wrong)
	}
	if people.whileAway.Load() == 0 || im.failed == 0 || im.done < 5 {
		t.Error("the faults did not hit readers and importer: the test proves nothing")
	}
	nothingLost(d, im.done)
	w.end()
	if strings.Contains(w.stderr.String(), server.Password) || strings.Contains(w.stderr.String(), "goroutine") {
		t.Errorf("the log: %s", w.stderr)
	}
}

// nothingLost checks that the store holds every version up to k, each made by one import, and the facts of the last.
func nothingLost(d *desk, k int) {
	d.t.Helper()
	versions := decode[answer.History](d.t, d.run(done, "history", "--format", "json").stdout).Versions
	if len(versions) < k || len(versions) > k+1 { // the last import may have been cut off when it was in
		d.t.Fatalf("%d versions after %d imports", len(versions), k)
	}
	for i, v := range versions {
		if want := int64(len(versions) - i); v.Version != want || v.Source != "clock" || want > 1 && v.Changed != clockTeams {
			d.t.Errorf("version %d is %+v", want, v)
		}
	}
	for b := range len(versions) - 1 {
		got := decode[answer.Diff](d.t, d.run(done, "diff", fmt.Sprint(b+1), fmt.Sprint(b+2), "--format", "json").stdout)
		if len(got.Changed) != clockTeams || got.Changed[0].New != fmt.Sprint(b+2) {
			d.t.Errorf("from version %d to %d: %+v", b+1, b+2, got)
		}
	}
	if r := d.run(done, "validate", "--format", "json"); !strings.Contains(r.stdout, `"problems":[]`) {
		d.t.Errorf("the graph for people is not as it should be: %s", r.stdout)
	}
}

// TestServeBeforeTheServer starts the web app before its Neo4j: it waits, says so, and works soon after the server answers.
func TestServeBeforeTheServer(t *testing.T) {
	server := neo4jtest.Start(t, neo4jtest.Options{})
	d := newDesk(t)
	d.store = server.URI
	d.login(server.User, server.Password)
	d.run(done, append([]string{"import", "--source", "clock"}, d.clock(1)...)...)
	server.Stop(t)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--store", d.store)
	status, r := w.readiness()
	if status != http.StatusServiceUnavailable || r.Ready || r.WaitingSince == "" || r.Reason == "" {
		t.Errorf("status %d, %+v", status, r)
	}
	for path, want := range map[string]string{"/": "Waiting for the data store", "/teams": "Waiting for the data store", "/api/v1/risks": `"reason":`, "/draw.svg?view=overview": "Waiting for the data store"} {
		if status, body := w.get(path); status != http.StatusServiceUnavailable || !strings.Contains(body, want) || strings.Contains(body, server.Password) {
			t.Errorf("%s: status %d: %.500s", path, status, body)
		}
	}
	if status, _ := w.get("/healthz"); status != http.StatusOK {
		t.Errorf("healthz: status %d", status)
	}
	restart(t, server)
	back := w.after(func(status int, _ readiness) bool { return status == http.StatusOK })
	t.Logf("shows %v after the server answered", back.Round(time.Millisecond))
	if back > recovers {
		t.Errorf("shows after %v", back)
	}
	if status, body := w.get("/teams"); status != http.StatusOK || !strings.Contains(body, "version 1") {
		t.Errorf("status %d: %.500s", status, body)
	}
	w.end()
}
