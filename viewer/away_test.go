package viewer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// quick is a pace for tests: the background does everything at once.
var quick = pace{every: 10 * time.Millisecond, idle: 10 * time.Millisecond, retry: 10 * time.Millisecond, seldom: 10 * time.Millisecond,
	patient: time.Minute, version: time.Minute, trial: 5 * time.Second, opening: time.Minute, load: time.Minute}

// flaky is a store that fails, hangs and works as told, and counts what it is asked.
type flaky struct {
	graph.Store
	loads, changes, versions atomic.Int64

	mu    sync.Mutex
	err   error
	hangs bool
}

func (f *flaky) fail(err error) { f.mu.Lock(); defer f.mu.Unlock(); f.err = err }
func (f *flaky) hang(on bool)   { f.mu.Lock(); defer f.mu.Unlock(); f.hangs = on }

func (f *flaky) trouble(ctx context.Context) error {
	f.mu.Lock()
	err, hangs := f.err, f.hangs
	f.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

func (f *flaky) Version(ctx context.Context) (int64, error) {
	f.versions.Add(1)
	if err := f.trouble(ctx); err != nil {
		return 0, err
	}
	return f.Store.Version(ctx)
}

func (f *flaky) Load(ctx context.Context) (*graph.Org, error) {
	f.loads.Add(1)
	if err := f.trouble(ctx); err != nil {
		return nil, err
	}
	return f.Store.Load(ctx)
}

func (f *flaky) Changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	f.changes.Add(1)
	if err := f.trouble(ctx); err != nil {
		return nil, err
	}
	return f.Store.Changes(ctx, from, to)
}

func (f *flaky) History(ctx context.Context) ([]graph.VersionRecord, error) {
	if err := f.trouble(ctx); err != nil {
		return nil, err
	}
	return f.Store.History(ctx)
}

// errRefused is what a driver says of a server that is not there.
var errRefused = errors.New("nothing answers at neo4j://db:7687: is it running?\ngoroutine 1 [running]")

// serverAt makes a server with a pace that ends with the test.
func serverAt(t testing.TB, c Config, p pace) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c.Render, c.Version = drawer(), "test"
	s, err := newServer(ctx, c, p)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); s.keeper.finish() })
	return s
}

// eventually tries again until it holds; it never gives up, the time limit of the test program does.
func eventually(holds func() bool) {
	for !holds() {
		time.Sleep(2 * time.Millisecond)
	}
}

func isReady(t testing.TB, s *Server) (status int, got map[string]any) {
	t.Helper()
	r := ask(t, s, "/readyz")
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return r.status, got
}

// TestWaitingForTheStore holds that a server whose store is not there yet says so everywhere, and works when it is.
func TestWaitingForTheStore(t *testing.T) {
	t.Parallel()
	file := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, file, layers(10))
	var there atomic.Bool
	var tries atomic.Int64
	slow := quick
	slow.patient = 10 * time.Millisecond // New does not wait for ever
	s := serverAt(t, Config{Open: func(ctx context.Context) (graph.Store, error) {
		if tries.Add(1); !there.Load() {
			return nil, errRefused
		}
		return openStore(t, filepath.Join(t.TempDir(), "b.db")), nil
	}}, slow)
	eventually(func() bool { return tries.Load() > 2 })
	for _, path := range append(slices.Clone(pagesOf), "/nowhere") {
		r := ask(t, s, path)
		checkPage(t, path, r.body)
		said := words(r.body)
		if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" || !strings.Contains(r.body, `http-equiv="refresh" content="2"`) {
			t.Errorf("%s: status %d, Retry-After %q", path, r.status, r.header.Get("Retry-After"))
		}
		for _, want := range []string{"Waiting for the data store", "Nothing answers at neo4j://db:7687: is it running?", "Last tried at", "every second"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s does not say %q: %s", path, want, said)
			}
		}
		if strings.Contains(said, "goroutine") {
			t.Errorf("%s shows a stack: %s", path, said)
		}
	}
	for _, path := range []string{"/api/v1/risks", "/api/v1/history", "/api/v1/nothing"} {
		r := ask(t, s, path)
		var got struct{ Since, Reason, Title string }
		if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != 503 || got.Since == "" || !strings.Contains(got.Reason, "is it running?") || got.Title == "" {
			t.Errorf("%s: status %d, %v: %s", path, r.status, err, r.body)
		}
	}
	if r := ask(t, s, "/draw.svg?view=overview"); r.status != 503 || !strings.Contains(r.body, "is it running?") {
		t.Errorf("a picture: status %d: %s", r.status, r.body)
	}
	if r := ask(t, s, "/healthz"); r.status != 200 {
		t.Errorf("healthz: %d", r.status)
	}
	if status, got := isReady(t, s); status != 503 || got["ready"] != false || got["waiting_since"] == nil || got["reason"] != "Nothing answers at neo4j://db:7687: is it running?" {
		t.Errorf("readyz: %d %v", status, got)
	}
	for _, l := range links(ask(t, s, "/").body) {
		if strings.HasPrefix(l, "/static/") {
			if r := ask(t, s, l); r.status != 200 {
				t.Errorf("%s: status %d while waiting", l, r.status)
			}
		}
	}
	there.Store(true)
	eventually(func() bool { return ask(t, s, "/teams").status == 200 })
	if status, got := isReady(t, s); status != 200 || got["ready"] != true || got["store"] != "ok" || got["waiting_since"] != nil {
		t.Errorf("readyz: %d %v", status, got)
	}
	if body := get(t, s, "/"); strings.Contains(words(body), "Waiting for") {
		t.Errorf("still waiting: %s", words(body))
	}
}

// TestWhatWaitingDoesNotHeal holds that an error such as a wrong password is shown, and not tried at every turn.
func TestWhatWaitingDoesNotHeal(t *testing.T) {
	t.Parallel()
	wrong := errors.New("the user or the password is wrong")
	var tries atomic.Int64
	p := quick
	p.seldom = time.Hour
	s := serverAt(t, Config{Lasting: func(err error) bool { return errors.Is(err, wrong) }, Open: func(context.Context) (graph.Store, error) {
		tries.Add(1)
		return nil, fmt.Errorf("%w", wrong)
	}}, p)
	said := words(ask(t, s, "/").body)
	for _, want := range []string{"The data store cannot be used yet", "The user or the password is wrong.", "every 3,600 seconds"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	time.Sleep(100 * time.Millisecond)
	if n := tries.Load(); n != 1 {
		t.Errorf("tried %d times", n)
	}
}

// TestAStoreThatWasOpenedIsClosed holds that what Open opened is closed at the end, and only once nobody uses it, and after a
// failed load.
func TestAStoreThatWasOpenedIsClosed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	importInto(t, openStore(t, path), layers(10))
	var opened, closed atomic.Int64
	fails := true
	ctx, cancel := context.WithCancel(context.Background())
	s, err := newServer(ctx, Config{Render: drawer(), Open: func(context.Context) (graph.Store, error) {
		opened.Add(1)
		st := &flaky{Store: closing{openStore(t, path), &closed}}
		if fails {
			st.err = errRefused
		}
		fails = false
		return st, nil
	}}, quick)
	if err != nil {
		t.Fatal(err)
	}
	eventually(func() bool { return ask(t, s, "/teams").status == 200 })
	if closed.Load() != 1 || opened.Load() != 2 {
		t.Errorf("opened %d times, closed %d times", opened.Load(), closed.Load())
	}
	cancel()
	s.keeper.finish()
	if closed.Load() != 2 {
		t.Errorf("at the end it is closed %d times", closed.Load())
	}
}

type closing struct {
	graph.Store
	closed *atomic.Int64
}

func (c closing) Close() error { c.closed.Add(1); return c.Store.Close() }

func TestAPanicInTheStoreIsNoEnd(t *testing.T) {
	t.Parallel()
	s := serverAt(t, Config{Open: func(context.Context) (graph.Store, error) { panic("secret words") }}, quick)
	if r := ask(t, s, "/"); r.status != 503 || strings.Contains(r.body, "secret") || !strings.Contains(r.body, "mistake") {
		t.Errorf("status %d: %s", r.status, words(r.body))
	}
}

// TestTheLastVersionStaysReadable holds that, while the store is away, every page says since when and what it shows, and that
// what needs the store says so.
func TestTheLastVersionStaysReadable(t *testing.T) {
	t.Parallel()
	st := &flaky{Store: openStore(t, filepath.Join(t.TempDir(), "a.db"))}
	importInto(t, st, layers(10))
	s := serverAt(t, Config{Store: st}, quick)
	if err := s.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	get(t, s, "/") // its picture is in the cache now
	away := func() bool { _, got := isReady(t, s); return got["store"] == "away" }
	loads := st.loads.Load()
	st.fail(errRefused)
	eventually(away) // although nobody asks for a page
	for _, path := range append(slices.Clone(pagesOf), "/nowhere", "/risks?colour=red") {
		r := ask(t, s, path)
		checkPage(t, path, r.body)
		if said := words(r.body); !strings.Contains(said, "The data store has not answered since ") || !strings.Contains(said, "You see version 1 of ") || strings.Contains(said, "neo4j://db") {
			t.Errorf("%s: %s", path, said)
		}
		if _, err := time.Parse(time.RFC3339, r.header.Get(headerAway)); err != nil || r.header.Get(headerVersion) != "1" {
			t.Errorf("%s: headers %v", path, r.header)
		}
	}
	for _, path := range []string{"/api/v1/risks", "/api/v1/show?node=team-0", "/draw.dot?view=overview"} {
		if r := ask(t, s, path); r.status != 200 || r.header.Get(headerAway) == "" || r.header.Get(headerVersion) != "1" {
			t.Errorf("%s: status %d, headers %v", path, r.status, r.header)
		}
	}
	for _, path := range []string{"/api/v1/history", "/api/v1/diff?a=0&b=1", "/api/v1/orgs", "/api/v1/sources"} {
		r := ask(t, s, path)
		var got struct{ Since, Detail string }
		if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != 503 || got.Since == "" || !strings.Contains(got.Detail, "nothing is lost") || r.header.Get("Retry-After") == "" {
			t.Errorf("%s: status %d, %v: %s", path, r.status, err, r.body)
		}
	}
	if status, got := isReady(t, s); status != 200 || got["ready"] != true || got["status"] != "degraded" || got["degraded_since"] == nil || got["reason"] == "" || got["version"] != 1. {
		t.Errorf("readyz: %d %v", status, got)
	}
	since := ask(t, s, "/").header.Get(headerAway)
	time.Sleep(20 * time.Millisecond)
	if got := ask(t, s, "/").header.Get(headerAway); got != since {
		t.Errorf("away since %s, then since %s", since, got)
	}
	st.fail(nil)
	eventually(func() bool { return !away() })
	r := ask(t, s, "/teams")
	if r.header.Get(headerAway) != "" || strings.Contains(words(r.body), "has not answered") {
		t.Error("the store is back, and the page does not know")
	}
	if r := ask(t, s, "/api/v1/history"); r.status != 200 {
		t.Errorf("history: %d %s", r.status, r.body)
	}
	if n := st.loads.Load(); n != loads {
		t.Errorf("loaded %d times", n-loads)
	}
}

// TestADeadStoreCostsLittle holds that of many readers of a store which neither answers nor fails at most one waits, and that only
// once; and that questions which need it end as soon as that is clear.
func TestADeadStoreCostsLittle(t *testing.T) {
	t.Parallel()
	st := &flaky{Store: openStore(t, filepath.Join(t.TempDir(), "a.db"))}
	importInto(t, st, layers(10))
	p := always
	p.patient, p.version, p.trial, p.retry = 10*time.Millisecond, 300*time.Millisecond, time.Hour, time.Second
	s := serverAt(t, Config{Store: st}, p)
	if err := s.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	st.hang(true)
	if r := ask(t, s, "/api/v1/orgs"); r.status != 200 { // orgs does not hang: it shows that a slow version alone stops no question
		t.Errorf("orgs: %d", r.status)
	}
	if r := ask(t, s, "/api/v1/history"); r.status != 503 || !strings.Contains(r.body, "does not answer") {
		t.Errorf("history: %d %s", r.status, r.body)
	}
	asked := st.versions.Load()
	for range 50 {
		if r := ask(t, s, "/teams"); r.status != 200 || r.header.Get(headerAway) == "" {
			t.Errorf("status %d", r.status)
		}
	}
	if n := st.versions.Load() - asked; n >= 50 { // the background goes on asking
		t.Errorf("50 readers asked the dead store %d times", n)
	}
	st.hang(false)
	eventually(func() bool { return ask(t, s, "/teams").header.Get(headerAway) == "" })
}

// TestAChangeThatHangsIsGivenUp holds that an outage in the middle of a change is noticed, and that the change arrives afterwards.
func TestAChangeThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	file := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, file, layers(10))
	st := &flaky{Store: file}
	p := quick
	p.version, p.load = 50*time.Millisecond, time.Hour
	s := serverAt(t, Config{Store: st}, p)
	st.hang(true)
	importInto(t, file, layers(20))
	eventually(func() bool { return ask(t, s, "/teams").header.Get(headerAway) != "" })
	st.hang(false)
	eventually(func() bool { return ask(t, s, "/teams").header.Get(headerVersion) == "2" })
	eventually(func() bool { return ask(t, s, "/teams").header.Get(headerAway) == "" })
	if n := st.loads.Load(); n != 1 {
		t.Errorf("loaded %d times", n)
	}
}

// TestAStoreRestoredWhileAway holds that a store which comes back with other facts under the same number is read anew.
func TestAStoreRestoredWhileAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st := &flaky{Store: openStore(t, filepath.Join(dir, "a.db"))}
	importInto(t, st, layers(10))
	s := serverAt(t, Config{Store: st}, quick)
	st.fail(errRefused)
	eventually(func() bool { return s.keeper.outage.Load() != nil })
	other := openStore(t, filepath.Join(dir, "b.db"))
	if _, _, err := graph.Commit(context.Background(), other, layers(40), graph.VersionRecord{By: "test", Time: time.Now().Add(-time.Hour)}, nil); err != nil {
		t.Fatal(err)
	}
	s.keeper.bringing.Lock() // nobody reads the store while it changes
	s.keeper.mu.Lock()
	st.mu.Lock()
	st.Store, st.err = other, nil
	st.mu.Unlock()
	s.keeper.mu.Unlock()
	s.keeper.bringing.Unlock()
	eventually(func() bool { return len(s.keeper.now.Load().snap.Nodes) > 30 })
}

// TestTwoServersOnOneStore holds that what is imported through one process shows in another by what changed, without loading all of it.
func TestTwoServersOnOneStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	big := graphtest.Large(1, 10_000, 40_000, true)
	importInto(t, openStore(t, path), big)
	var servers [2]*Server
	var stores [2]*flaky
	for i := range servers {
		stores[i] = &flaky{Store: openStore(t, path)}
		servers[i] = serverAt(t, Config{Store: stores[i]}, usualPace)
	}
	before := servers[1].keeper.now.Load().snap
	incoming := orgOf("more", []*graph.NodeRecord{{ID: "quite-new", Name: "Quite new", Kind: graph.Team}}, nil)
	importInto(t, stores[0], incoming) // as a page of the first would
	loads := stores[1].loads.Load()
	start := time.Now()
	eventually(func() bool { return servers[1].keeper.now.Load().snap.ByID("quite-new") >= 0 }) // although nobody asks
	t.Logf("shows after %v", time.Since(start).Round(time.Millisecond))
	if n := stores[1].loads.Load() - loads; n != 0 || stores[1].changes.Load() == 0 {
		t.Errorf("loaded %d times, asked for changes %d times", n, stores[1].changes.Load())
	}
	if after := servers[1].keeper.now.Load().snap; len(after.Nodes) != len(before.Nodes)+1 {
		t.Errorf("%d nodes after %d", len(after.Nodes), len(before.Nodes))
	}
	if body := get(t, servers[1], "/teams/quite-new"); !strings.Contains(body, "Quite new") {
		t.Error("the other server does not show it")
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "It is being opened."},
		{errRefused, "Nothing answers at neo4j://db:7687: is it running?"},
		{errors.New("the password is wrong"), "The password is wrong."},
		{context.DeadlineExceeded, "No answer in time."},
		{fmt.Errorf("bolt://db:7687: %w", context.DeadlineExceeded), "bolt://db:7687: no answer in time."},
		{&fault{"secret", nil}, "The program made a mistake when it asked the store; its log says more."},
		{errors.New(strings.Repeat("é", 500)), "É" + strings.Repeat("é", 399) + "…."},
	} {
		if got := reason(c.err); got != c.want {
			t.Errorf("%v: %q, not %q", c.err, got, c.want)
		}
	}
	now := time.Date(2026, 5, 3, 14, 2, 31, 0, time.Local)
	for want, at := range map[string]time.Time{"14:02:31": now, "2 May, 14:02": now.AddDate(0, 0, -1), "3 May 2025, 14:02": now.AddDate(-1, 0, 0)} {
		if got := moment(at, now); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
