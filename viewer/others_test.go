package viewer

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/whoserves/graph"
)

// sendForm sends the form of the page of problems as a browser would, with what changes that.
func sendForm(t *testing.T, s *Server, values url.Values, change ...func(*http.Request)) reply {
	t.Helper()
	return send(t, s, problemsPath, values, change...)
}

// send sends a form as a browser would, with what changes that.
func send(t *testing.T, s *Server, path string, values url.Values, change ...func(*http.Request)) reply {
	t.Helper()
	body := values.Encode()
	return ask(t, s, path, append([]func(*http.Request){func(r *http.Request) {
		r.Method = http.MethodPost
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body, r.ContentLength = readCloser(body), int64(len(body))
	}}, change...)...)
}

type stringBody struct{ *strings.Reader }

func (stringBody) Close() error { return nil }

func readCloser(s string) stringBody { return stringBody{strings.NewReader(s)} }

var tokenField = regexp.MustCompile(`<input type="hidden" name="token" value="([A-Z2-7]*)">`)

// TestWhatOthersWrote holds that it is read at the start and when somebody asks, and that its problems are shown and counted.
func TestWhatOthersWrote(t *testing.T) {
	t.Parallel()
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, st, layers(10))
	var times atomic.Int64
	var fails atomic.Bool
	s := serverAt(t, Config{Store: st, Refresh: func(ctx context.Context) (int64, []graph.Problem, error) {
		n := times.Add(1)
		if fails.Load() {
			return 0, nil, errors.New("the graph is locked\nand more")
		}
		if n > 1 {
			importInto(t, st, layers(20))
		}
		v, err := st.Version(ctx)
		return v, []graph.Problem{{File: "Team fuel", Column: "criticality", Severity: graph.Error, Message: "“huge” is no criticality: write critical, important or minor"},
			{Severity: graph.Warning, Message: "the node <b>4:abc:7</b> was deleted"}}, err
	}}, usualPace)
	eventually(func() bool { return s.others.last.Load() != nil })
	page := ask(t, s, problemsPath)
	checkPage(t, problemsPath, page.body)
	said := words(page.body)
	for _, want := range []string{"In Neo4j", "Last read at", "which led to version 1.", "“huge” is no criticality", "Team fuel, column criticality", "does not count", "Read what was changed in Neo4j", "<b>4:abc:7</b>"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	if got := words(get(t, s, "/teams")); !strings.Contains(got, "2 problems with the facts") {
		t.Errorf("not counted: %s", got)
	}
	if csv := get(t, s, problemsPath+"?csv=written"); strings.Count(csv, "\n") != 3 {
		t.Errorf("as CSV: %s", csv)
	}
	token := tokenField.FindStringSubmatch(page.body)[1]
	cookie := page.header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "token="+token+";") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") {
		t.Fatalf("cookie %q, token %q", cookie, token)
	}
	withCookie := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "token", Value: token}) }
	header := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	for what, r := range map[string]reply{
		"no token":          sendForm(t, s, nil, withCookie),
		"no cookie":         sendForm(t, s, url.Values{"token": {token}}),
		"another token":     sendForm(t, s, url.Values{"token": {strings.Repeat("A", 26)}}, withCookie),
		"from elsewhere":    sendForm(t, s, url.Values{"token": {token}}, withCookie, header("Sec-Fetch-Site", "cross-site")),
		"of another origin": sendForm(t, s, url.Values{"token": {token}}, withCookie, header("Origin", "https://evil.example")),
	} {
		if r.status != http.StatusForbidden || times.Load() != 1 {
			t.Errorf("%s: status %d, read %d times", what, r.status, times.Load())
		}
		checkPage(t, what, r.body)
	}
	if r := ask(t, s, "/teams", func(r *http.Request) { r.Method = http.MethodPost }); r.status != http.StatusMethodNotAllowed {
		t.Errorf("a form sent elsewhere: %d", r.status)
	}
	r := sendForm(t, s, url.Values{"token": {token}}, withCookie, header("Origin", "http://localhost:8080"), header("Sec-Fetch-Site", "same-origin"))
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/problems#neo4j" || times.Load() != 2 {
		t.Errorf("status %d to %s, read %d times", r.status, r.header.Get("Location"), times.Load())
	}
	if said := words(ask(t, s, problemsPath, withCookie).body); !strings.Contains(said, "which led to version 2.") || !strings.Contains(said, "version 2 of") {
		t.Errorf("after reading: %s", said)
	}
	fails.Store(true)
	sendForm(t, s, url.Values{"token": {token}}, withCookie)
	if said := words(get(t, s, problemsPath)); !strings.Contains(said, "it could not be read: The graph is locked.") || !strings.Contains(said, "What follows is from") || !strings.Contains(said, "“huge”") {
		t.Errorf("after a failure: %s", said)
	}
}

// TestReadingWhatOthersWroteWhileTheStoreIsAway holds that it says so and does nothing.
func TestReadingWhatOthersWroteWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	st := &flaky{Store: openStore(t, filepath.Join(t.TempDir(), "a.db"))}
	importInto(t, st, layers(10))
	began, release := make(chan struct{}), make(chan struct{})
	var times atomic.Int64
	s := serverAt(t, Config{Store: st, Refresh: func(context.Context) (int64, []graph.Problem, error) {
		times.Add(1)
		close(began)
		<-release
		return 1, nil, nil
	}}, quick)
	<-began
	if body := get(t, s, problemsPath); !strings.Contains(words(body), "It is being read since") || !strings.Contains(body, `http-equiv="refresh"`) || tokenField.MatchString(body) {
		t.Errorf("while it is read: %s", words(body))
	}
	close(release)
	eventually(func() bool { return s.others.last.Load() != nil })
	if said := words(get(t, s, problemsPath)); !strings.Contains(said, "Everything that was changed in Neo4j was understood.") {
		t.Errorf("nothing wrong: %s", said)
	}
	st.fail(errRefused)
	eventually(func() bool { return s.keeper.outage.Load() != nil })
	if body := get(t, s, problemsPath); tokenField.MatchString(body) {
		t.Error("the button is there although it cannot work")
	}
	token := strings.Repeat("A", 26)
	r := sendForm(t, s, url.Values{"token": {token}}, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "token", Value: token}) })
	if r.status != http.StatusServiceUnavailable || !strings.Contains(words(r.body), "nothing is lost") || times.Load() != 1 {
		t.Errorf("status %d, read %d times: %s", r.status, times.Load(), words(r.body))
	}
}

// TestNothingOfNeo4jWhereNobodyElseWrites holds that readers of a local file never hear of it.
func TestNothingOfNeo4jWhereNobodyElseWrites(t *testing.T) {
	t.Parallel()
	s := serverOf(t, hostile())
	for _, path := range []string{"/", problemsPath} {
		if r := ask(t, s, path); strings.Contains(strings.ToLower(r.body), "neo4j") || r.header.Get("Set-Cookie") != "" {
			t.Errorf("%s speaks of Neo4j", path)
		}
	}
	if r := ask(t, s, problemsPath, func(r *http.Request) { r.Method = http.MethodPost }); r.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", r.status)
	}
}

// TestReadingAgainAndAgain holds that it is read without being asked, but not while the store is away, and that pages say how often.
func TestReadingAgainAndAgain(t *testing.T) {
	t.Parallel()
	st := &flaky{Store: openStore(t, filepath.Join(t.TempDir(), "a.db"))}
	importInto(t, st, layers(10))
	var times atomic.Int64
	s := serverAt(t, Config{Store: st, RefreshEvery: time.Millisecond, Refresh: func(context.Context) (int64, []graph.Problem, error) {
		times.Add(1)
		return 1, nil, nil
	}}, quick)
	eventually(func() bool { return times.Load() > 3 })
	st.fail(errRefused)
	eventually(func() bool { return s.keeper.outage.Load() != nil })
	time.Sleep(20 * time.Millisecond) // one may be under way
	before := times.Load()
	time.Sleep(50 * time.Millisecond)
	if n := times.Load(); n != before {
		t.Errorf("the store is away and was read %d times", n-before)
	}
	st.fail(nil)
	eventually(func() bool { return times.Load() > before })
	for every, want := range map[time.Duration]string{0: "when whoserves starts", time.Second: "every second", 30 * time.Second: "every 30 seconds",
		time.Minute: "every minute", 10 * time.Minute: "every 10 minutes", time.Hour: "every hour"} {
		if got := (&others{every: every}).times(); got != want {
			t.Errorf("%v: %q, not %q", every, got, want)
		}
	}
}
