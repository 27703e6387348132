package viewer

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/viewer/diagram"
	"github.com/gofiber/fiber/v2"
)

// request is a question to a page.
type request struct {
	ctx   context.Context
	ed    *edition
	path  string     // as it was asked for, escaped
	id    string     // the part of the path that names something, unescaped
	query url.Values // blank values left out, and without the keys below
	sort  string     // the table's column, "-" before it for the largest first
	rows  string     // which rows of which table: "alone.2"
	csv   string     // the table wanted as CSV instead of the page
	done  string     // the version that a form led to: its page says so
	theme string     // light, dark, or ""
	token string     // secret of the forms that change something
	form  url.Values // what a form sent; nil where none did

	all url.Values // everything but the theme
}

// Keys that pages add to those of the views.
const (
	keyRows = "rows"
	keyCSV  = "csv"
	keySort = "sort"
)

// request begins a request on what is shown now, held to its time until end is called, also where there is an error.
func (s *Server) request(c *fiber.Ctx) (r *request, end context.CancelFunc, err error) {
	ctx, end := context.WithTimeout(c.UserContext(), requestLimit)
	c.SetUserContext(ctx)
	r, err = newRequest(c, s.keeper.current(ctx))
	return r, end, err
}

func newRequest(c *fiber.Ctx, ed *edition) (*request, error) {
	q, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return nil, &problem{Status: fiber.StatusBadRequest, Heading: "This address cannot be read",
			Say: say("The part after “?” is damaged: something was lost when it was copied.")}
	}
	for k, vs := range q {
		for i := range vs {
			vs[i] = strings.ToValidUTF8(vs[i], "\uFFFD")
		}
		if vs = slices.DeleteFunc(vs, func(v string) bool { return strings.TrimSpace(v) == "" }); len(vs) == 0 {
			delete(q, k)
			continue
		}
		q[k] = vs
	}
	r := &request{ctx: c.UserContext(), ed: ed, path: c.Path(), all: clone(q), query: q,
		sort: q.Get(keySort), rows: q.Get(keyRows), csv: q.Get(keyCSV), done: q.Get(keyDone), theme: themeOf(c.Cookies("theme")), token: tokenOf(c)}
	if r.id, err = url.PathUnescape(c.Params("id")); err != nil {
		return nil, fiber.ErrNotFound
	}
	for _, k := range []string{keyRows, keyCSV, keyDone} {
		delete(q, k)
	}
	return r, nil
}

func clone(q url.Values) url.Values {
	out := make(url.Values, len(q))
	for k, vs := range q {
		out[k] = slices.Clone(vs)
	}
	return out
}

// here is the address of this page.
func (r *request) here() string { return withQuery(r.path, r.all) }

// with gives the address of this page with one key changed; "" takes it out. The rows start over when the order changes.
func (r *request) with(key, value string) string {
	q := clone(r.all)
	delete(q, keyCSV)
	if key == keySort {
		delete(q, keyRows)
	}
	if value == "" {
		delete(q, key)
	} else {
		q.Set(key, value)
	}
	return withQuery(r.path, q)
}

// without gives the address of this page with one value of a repeated key taken out.
func (r *request) without(key, value string) string {
	q := clone(r.all)
	delete(q, keyCSV)
	delete(q, keyRows)
	q[key] = slices.DeleteFunc(q[key], func(v string) bool { return v == value })
	if len(q[key]) == 0 {
		delete(q, key)
	}
	return withQuery(r.path, q)
}

// pageOf gives the entries of a table that stand on the page asked for.
func (r *request) pageOf(id string, n int, what string) (first, last int, p *pager) {
	if n <= perPage+perPage/10 {
		return 0, n, nil
	}
	at := 1
	if table, nth, ok := strings.Cut(r.rows, "."); ok && table == id {
		if k, err := strconv.Atoi(nth); err == nil {
			at = min(max(k, 1), (n+perPage-1)/perPage)
		}
	}
	first, last = (at-1)*perPage, min(at*perPage, n)
	p = &pager{First: first + 1, Last: last, Of: n, What: what}
	if at > 1 {
		p.Before = r.with(keyRows, id+"."+strconv.Itoa(at-1)) + "#" + id
	}
	if last < n {
		p.After = r.with(keyRows, id+"."+strconv.Itoa(at+1)) + "#" + id
	}
	return first, last, p
}

// view reads the query as the keys of a view.
func (r *request) view(name string, more ...string) (diagram.View, error) {
	q := clone(r.query)
	q.Set("view", name)
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return diagram.ParseView(q)
}

// node finds what the path names, which must be of the kind that the path says. A node of another kind, or one that goes by
// another id now, is at another address: see moved.
func (r *request) node(kind graph.Kind) (int32, error) {
	v := r.ed.snap.ByID(r.id)
	if v < 0 {
		var err error
		if v, err = r.ed.snap.Lookup(r.id); err != nil {
			return -1, err
		}
	}
	if n := r.ed.snap.Nodes[v]; kindPath(n.Kind) != kindPath(kind) || n.ID != r.id {
		return -1, moved{to: r.ed.href(v), keepQuery: true}
	}
	return v, nil
}

// kindPath is where the pages of a kind lie.
func kindPath(k graph.Kind) string {
	switch k {
	case graph.Customer:
		return "/customers"
	case graph.Supplier:
		return "/suppliers"
	case graph.Person:
		return "/people"
	case graph.Resource:
		return "/resources"
	case graph.Unit:
		return "/units"
	default:
		return "/teams"
	}
}

// moved says that the page is at another address of ours. It keeps the query when the question stays the same.
type moved struct {
	to        string
	keepQuery bool
}

func (m moved) Error() string { return "moved to " + m.to }

func themeOf(s string) string {
	if s == "light" || s == "dark" {
		return s
	}
	return ""
}
