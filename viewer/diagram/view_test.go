package diagram

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseView(t *testing.T) {
	for query, want := range map[string]View{
		"view=overview":                           {Name: "overview"},
		"?view=overview&open=b&open=a&open=a":     {Name: "overview", Open: []string{"a", "b"}},
		"view=overview&links=critical&nodes=80":   {Name: "overview"},
		"view=node&node=x&links=all&hops=1":       {Name: "node", Node: "x"},
		"view=node&node=x&links=critical":         {Name: "node", Node: "x", Links: "critical"},
		"view=paths&from=a&to=b&via=z&via=c&via=": {Name: "paths", From: "a", To: "b", Via: []string{"z", "c"}},
		"view=risks&exposed=1&given=0&kind=":      {Name: "risks", Exposed: true},
		"view=ripple&fail=unit:a%26b&worse=x+y":   {Name: "ripple", Fail: []string{"unit:a&b"}, Worse: []string{"x y"}},
		"view=customer&customer=c&colour=none":    {Name: "customer", Customer: "c", Colour: "none"},
		"view=overview&colour=none":               {Name: "overview"},
	} {
		v, err := ParseQuery(query)
		if err != nil || !reflect.DeepEqual(v, want) {
			t.Errorf("%s: %+v, %v", query, v, err)
		}
	}
}

func TestParseViewRefuses(t *testing.T) {
	for _, c := range []struct{ query, key, nearest, says string }{
		{"", "view", "", "“view=” is missing (one of overview, customer"},
		{"view=overveiw", "view", "overview", "Did you mean “overview”?"},
		{"view=compare&a=1&b=2", "view", "", "(one of overview,"},
		{"view=overview&view=risks", "view", "", "give it once"},
		{"view=overview&color=risk", "color", "colour", "there is no key “color”. Did you mean “colour”? (one of open, links, colour"},
		{"view=overview&customer=x", "customer", "", "there is no key"},
		{"view=overview&links=criticl", "links", "critical", "(one of critical, important, all)"},
		{"view=overview&kind=teams", "kind", "team", "Did you mean “team”?"},
		{"view=overview&nodes=0", "nodes", "", "a whole number from 1 to 2000"},
		{"view=overview&nodes=many", "nodes", "", "a whole number"},
		{"view=node&node=a&node=b", "node", "", "give it once"},
		{"view=node&hops=7", "hops", "", "from 1 to 6"},
		{"view=risks&exposed=yes", "exposed", "", "(one of 1, 0)"},
		{"view=bottlenecks&basis=guess", "basis", "", "(one of measured, structural)"},
		{"view=%zz", "view", "", "not a query"},
	} {
		_, err := ParseQuery(c.query)
		var q *QueryError
		if !errors.As(err, &q) {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		if q.Key != c.key || q.Nearest != c.nearest || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: key %q, nearest %q: %v", c.query, q.Key, q.Nearest, err)
		}
	}
}

// anyView draws a view with arbitrary values in every field, those that its name does not take included.
func anyView(t *rapid.T) View {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a", "a b", "a&b=c", "unit:x", "ü", "\xff"}))
	list := rapid.SliceOfN(text, 0, 3)
	word := func(words ...string) string { return rapid.SampledFrom(append(words, "")).Draw(t, "word") }
	return View{
		Name: rapid.SampledFrom(Names()).Draw(t, "name"),
		Open: list.Draw(t, "open"), Via: list.Draw(t, "via"), Avoid: list.Draw(t, "avoid"), Fail: list.Draw(t, "fail"), Worse: list.Draw(t, "worse"),
		Kind: rapid.SliceOfN(rapid.SampledFrom(kindNames()), 0, 3).Draw(t, "kind"),
		Unit: list.Draw(t, "unit"), Site: list.Draw(t, "site"), Tag: list.Draw(t, "tag"), Hide: list.Draw(t, "hide"),
		Customer: text.Draw(t, "customer"), Chain: text.Draw(t, "chain"), Node: text.Draw(t, "node"), From: text.Draw(t, "from"), To: text.Draw(t, "to"),
		By: word("hops", "lead_time"), Basis: word("measured", "structural"), Links: word("critical", "important", "all"),
		Colour: word("risk", "load", "share", "rating", "none"), Hubs: word("mark", "draw"), Sort: text.Draw(t, "sort"),
		Hops: rapid.IntRange(0, 6).Draw(t, "hops"), K: rapid.IntRange(0, 20).Draw(t, "k"), Nodes: rapid.IntRange(0, MaxNodes).Draw(t, "nodes"),
		Exposed: rapid.Bool().Draw(t, "exposed"), Given: rapid.Bool().Draw(t, "given"),
	}
}

func TestQueryLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyView(t)
		back, err := ParseQuery(v.Query())
		if err != nil {
			t.Fatalf("%s: %v", v.Query(), err)
		}
		if !reflect.DeepEqual(back, v.Normal()) {
			t.Fatalf("%s\n got %+v\nwant %+v", v.Query(), back, v.Normal())
		}
		if back.Query() != v.Query() {
			t.Fatalf("%s became %s", v.Query(), back.Query())
		}
		values, err := ParseView(v.Values())
		if err != nil || !reflect.DeepEqual(values, back) {
			t.Fatalf("Values: %+v, %v", values, err)
		}
	})
}

func FuzzParseQuery(f *testing.F) {
	for _, q := range smallViews {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := ParseQuery(query)
		if err != nil {
			var q *QueryError
			if !errors.As(err, &q) || err.Error() == "" {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		back, err := ParseQuery(v.Query())
		if err != nil || !reflect.DeepEqual(back, v) {
			t.Fatalf("%q: %q: %+v, %v", query, v.Query(), back, err)
		}
	})
}

// Every key of a view changes the view, so none is passed over.
func TestNoKeyIsPassedOver(t *testing.T) {
	samples := map[string]string{"hops": "2", "k": "5", "exposed": "1", "given": "1", "basis": "measured", "by": "lead_time", "colour": "load",
		"kind": "team", "hubs": "draw", "nodes": "70", "links": "important"}
	for _, name := range Names() {
		for _, key := range Keys(name) {
			value := samples[key]
			if value == "" {
				value = "thing"
			}
			v, err := ParseView(url.Values{"view": {name}, key: {value}})
			if err != nil {
				t.Errorf("%s %s: %v", name, key, err)
				continue
			}
			if reflect.DeepEqual(v, View{Name: name}) || !slices.Contains(v.Values()[key], value) {
				t.Errorf("%s: %s=%s is lost: %+v", name, key, value, v)
			}
		}
	}
}
