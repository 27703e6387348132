package diagram

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"

	"example.com/whoserves/graph"
)

// View is what a picture is asked to show. Fields left at their zero value have the default of the view. Nodes are named
// as people name them: by id, or by name where that is unique.
type View struct {
	Name string // overview, customer, node, risks, bottlenecks, paths or ripple

	Open     []string // overview: units whose teams are shown
	Customer string   // customer, risks
	Chain    string   // customer: the node whose failing chain is emphasised
	Node     string   // node: the one in the middle; a unit counts as all of its teams
	Hops     int      // node: steps shown on either side; default 1
	Exposed  bool     // risks: only who comes back too late, or nobody knows when
	Given    bool     // risks: only what does not rest on an assumed criticality
	Basis    string   // bottlenecks: measured or structural; default: measured where anything is
	From, To string   // paths
	Via      []string // paths: in this order
	Avoid    []string // paths
	K        int      // paths: how many; default 3
	By       string   // paths: hops (default) or lead_time
	Fail     []string // ripple: these stop; an id, unit:ID, site:NAME or tag:NAME
	Worse    []string // ripple: these give poor service

	Links  string   // critical, important (both) or all; default critical; in node, paths and bottlenecks all
	Colour string   // risk, load, share, rating or none; the default depends on the view
	Kind   []string // keep only nodes of these kinds; customers stay
	Unit   []string // … in these units
	Site   []string // … at these sites
	Tag    []string // … with these tags
	Hide   []string // leave these out
	Hubs   string   // mark (default) or draw
	Nodes  int      // most nodes drawn, default 80; twice as many links
	Sort   string   // order of the page's table; the picture does not depend on it
}

// The limits of a picture that is not told otherwise.
const (
	DefaultNodes = 80
	MaxNodes     = 2000
)

var (
	viewKeys = map[string][]string{
		"overview":    {"open"},
		"customer":    {"customer", "chain"},
		"node":        {"node", "hops"},
		"risks":       {"customer", "exposed", "given"},
		"bottlenecks": {"basis"},
		"paths":       {"from", "to", "via", "avoid", "k", "by"},
		"ripple":      {"fail", "worse"},
	}
	commonKeys = []string{"links", "colour", "kind", "unit", "site", "tag", "hide", "hubs", "nodes", "sort"}
)

// Names lists the views.
func Names() []string {
	return []string{"overview", "customer", "node", "risks", "bottlenecks", "paths", "ripple"}
}

// Keys lists the keys that a view takes, its own first; nil for an unknown view.
func Keys(view string) []string {
	own, ok := viewKeys[view]
	if !ok {
		return nil
	}
	return slices.Concat(own, commonKeys)
}

// QueryError says what is wrong with a query: an unknown key, an unknown value, or a key that is missing.
type QueryError struct {
	Key     string
	Value   string
	Missing bool     // the view cannot be drawn without Key
	Unknown bool     // there is no such Key
	Allowed []string // the right keys, or values
	Nearest string   // the one of Allowed that was probably meant
	Why     string   // what is wrong, where it is none of the above
}

func (e *QueryError) Error() string {
	var b strings.Builder
	switch {
	case e.Missing:
		fmt.Fprintf(&b, "“%s=” is missing", e.Key)
		if e.Why != "" {
			b.WriteString(": " + e.Why)
		}
	case e.Unknown:
		fmt.Fprintf(&b, "there is no key “%s”", e.Key)
	case e.Why != "":
		fmt.Fprintf(&b, "“%s=%s”: %s", e.Key, e.Value, e.Why)
	default:
		fmt.Fprintf(&b, "“%s=%s” is not known", e.Key, e.Value)
	}
	if e.Nearest != "" {
		fmt.Fprintf(&b, ". Did you mean “%s”?", e.Nearest)
	}
	if len(e.Allowed) > 0 {
		b.WriteString(" (one of " + strings.Join(e.Allowed, ", ") + ")")
	}
	return b.String()
}

// nearest finds the word that is most like what was written, or "".
func nearest(written string, words []string) string {
	best, like := "", 0.55
	for _, w := range words {
		if s := strutil.Similarity(strings.ToLower(written), w, metrics.NewLevenshtein()); s > like {
			best, like = w, s
		}
	}
	return best
}

// field ties a key to the place in a View that holds it; exactly one of one, list, number and flag is set.
type field struct {
	key     string
	one     *string
	list    *[]string
	number  *int
	flag    *bool
	ordered bool     // the order of the list counts
	allowed []string // nil: anything
	normal  string   // the default of one
	max     int      // of number; the least is 1
	usual   int      // the default of number
}

func (v *View) fields() []field {
	return []field{
		{key: "open", list: &v.Open},
		{key: "customer", one: &v.Customer},
		{key: "chain", one: &v.Chain},
		{key: "node", one: &v.Node},
		{key: "hops", number: &v.Hops, usual: 1, max: 6},
		{key: "exposed", flag: &v.Exposed},
		{key: "given", flag: &v.Given},
		{key: "basis", one: &v.Basis, allowed: []string{"measured", "structural"}},
		{key: "from", one: &v.From},
		{key: "to", one: &v.To},
		{key: "via", list: &v.Via, ordered: true},
		{key: "avoid", list: &v.Avoid},
		{key: "k", number: &v.K, usual: 3, max: 20},
		{key: "by", one: &v.By, allowed: []string{"hops", "lead_time"}, normal: "hops"},
		{key: "fail", list: &v.Fail},
		{key: "worse", list: &v.Worse},
		{key: "links", one: &v.Links, allowed: []string{"critical", "important", "all"}, normal: usualLinks(v)},
		{key: "colour", one: &v.Colour, allowed: []string{"risk", "load", "share", "rating", "none"}, normal: usualColour(v)},
		{key: "kind", list: &v.Kind, allowed: kindNames()},
		{key: "unit", list: &v.Unit},
		{key: "site", list: &v.Site},
		{key: "tag", list: &v.Tag},
		{key: "hide", list: &v.Hide},
		{key: "hubs", one: &v.Hubs, allowed: []string{"mark", "draw"}, normal: "mark"},
		{key: "nodes", number: &v.Nodes, usual: DefaultNodes, max: MaxNodes},
		{key: "sort", one: &v.Sort},
	}
}

func kindNames() []string {
	var names []string
	for _, k := range graph.Kinds() {
		names = append(names, k.String())
	}
	return names
}

// usualLinks is which links a view draws when it is not told.
func usualLinks(v *View) string {
	switch v.Name {
	case "node", "paths", "bottlenecks":
		return "all"
	}
	return "critical"
}

// usualColour is what a view colours when it is not told; the bottlenecks follow their basis.
func usualColour(v *View) string {
	switch v.Name {
	case "customer", "node", "risks":
		return "risk"
	case "bottlenecks":
		return ""
	}
	return "none"
}

// ParseQuery reads a view from a URL query, with or without its question mark.
func ParseQuery(query string) (View, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	if err != nil {
		return View{}, &QueryError{Key: "view", Value: query, Why: "not a query: write it as view=overview&links=all"}
	}
	return ParseView(q)
}

// ParseView reads a view from the values of a query. An empty value counts as not given, as forms send it. The error is a
// *QueryError: no key or value is passed over. Whether the nodes exist is found out by Build.
func ParseView(q url.Values) (View, error) {
	var v View
	names := q["view"]
	if len(names) > 1 {
		return View{}, &QueryError{Key: "view", Value: strings.Join(names, ", "), Why: "give it once"}
	}
	if v.Name = q.Get("view"); v.Name == "" {
		return View{}, &QueryError{Key: "view", Missing: true, Allowed: Names()}
	}
	keys := Keys(v.Name)
	if keys == nil {
		return View{}, &QueryError{Key: "view", Value: v.Name, Allowed: Names(), Nearest: nearest(v.Name, Names())}
	}
	given := make([]string, 0, len(q))
	for k := range q {
		given = append(given, k)
	}
	slices.Sort(given)
	fields := v.fields()
	for _, k := range given {
		if k == "view" {
			continue
		}
		if !slices.Contains(keys, k) {
			return View{}, &QueryError{Key: k, Unknown: true, Allowed: keys, Nearest: nearest(k, keys)}
		}
		f := fields[slices.IndexFunc(fields, func(f field) bool { return f.key == k })]
		if err := f.set(q[k]); err != nil {
			return View{}, err
		}
	}
	return v.Normal(), nil
}

// set reads the values of one key.
func (f field) set(values []string) error {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	if len(values) == 0 {
		return nil
	}
	for _, s := range values {
		if f.allowed != nil && !slices.Contains(f.allowed, s) {
			return &QueryError{Key: f.key, Value: s, Allowed: f.allowed, Nearest: nearest(s, f.allowed)}
		}
	}
	if f.list != nil {
		*f.list = values
		return nil
	}
	if len(values) > 1 {
		return &QueryError{Key: f.key, Value: strings.Join(values, ", "), Why: "give it once"}
	}
	switch {
	case f.one != nil:
		*f.one = values[0]
	case f.number != nil:
		n, err := strconv.Atoi(values[0])
		if err != nil || n < 1 || n > f.max {
			return &QueryError{Key: f.key, Value: values[0], Why: fmt.Sprintf("write a whole number from 1 to %d", f.max)}
		}
		*f.number = n
	case f.flag != nil:
		switch values[0] {
		case "1":
			*f.flag = true
		case "0":
		default:
			return &QueryError{Key: f.key, Value: values[0], Allowed: []string{"1", "0"}}
		}
	}
	return nil
}

// clear gives the field its default.
func (f field) clear() {
	switch {
	case f.one != nil:
		*f.one = ""
	case f.list != nil:
		*f.list = nil
	case f.number != nil:
		*f.number = 0
	case f.flag != nil:
		*f.flag = false
	}
}

// Normal gives the view in its one canonical form: defaults as zero values, lists whose order does not count sorted and
// without repetition, keys that the view does not take left out.
func (v View) Normal() View {
	keys := Keys(v.Name)
	for _, f := range v.fields() {
		if !slices.Contains(keys, f.key) {
			f.clear()
			continue
		}
		switch {
		case f.one != nil && *f.one == f.normal:
			*f.one = ""
		case f.number != nil:
			if *f.number = min(*f.number, f.max); *f.number < 1 || *f.number == f.usual {
				*f.number = 0
			}
		case f.list != nil:
			l := slices.DeleteFunc(slices.Clone(*f.list), func(s string) bool { return s == "" })
			if !f.ordered {
				slices.Sort(l)
				l = slices.Compact(l)
			}
			if len(l) == 0 {
				l = nil
			}
			*f.list = l
		}
	}
	return v
}

// Values gives the view as the values of a query, defaults left out; ParseView reads it back without loss.
func (v View) Values() url.Values {
	v = v.Normal()
	q := url.Values{"view": {v.Name}}
	keys := Keys(v.Name)
	for _, f := range v.fields() {
		if !slices.Contains(keys, f.key) {
			continue
		}
		switch {
		case f.one != nil && *f.one != "":
			q.Set(f.key, *f.one)
		case f.list != nil && len(*f.list) > 0:
			q[f.key] = *f.list
		case f.number != nil && *f.number != 0:
			q.Set(f.key, strconv.Itoa(*f.number))
		case f.flag != nil && *f.flag:
			q.Set(f.key, "1")
		}
	}
	return q
}

// Query gives the view as a URL query in canonical form: view first, then the keys by name.
func (v View) Query() string {
	q := v.Values()
	name := q.Get("view")
	q.Del("view")
	s := "view=" + url.QueryEscape(name)
	if len(q) > 0 {
		s += "&" + q.Encode()
	}
	return s
}

// What the view comes to, defaults filled in.

func (v *View) links() string { return cmp.Or(v.Links, usualLinks(v)) }

func (v *View) least() graph.Criticality {
	switch v.links() {
	case "all":
		return graph.Minor
	case "important":
		return graph.Important
	}
	return graph.Critical
}

// linkWords says which links are drawn: "critical and important links".
func (v *View) linkWords() string {
	switch v.links() {
	case "all":
		return "all links"
	case "important":
		return "critical and important links"
	}
	return "critical links"
}

func (v *View) colour() string { return cmp.Or(v.Colour, usualColour(v)) }

func (v *View) maxNodes() int { return cmp.Or(v.Nodes, DefaultNodes) }

func (v *View) maxLinks() int { return 2 * v.maxNodes() }
