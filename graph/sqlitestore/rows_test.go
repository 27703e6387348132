package sqlitestore

import (
	"slices"
	"testing"
)

func TestJSONTexts(t *testing.T) {
	for _, c := range []struct {
		json string
		open byte
		want []string // nil: refused
	}{
		{`["a"]`, '[', []string{"a"}},
		{`["a","","b c"]`, '[', []string{"a", "", "b c"}},
		{`["a\\\"b","c"]`, '[', []string{`a\"b`, "c"}},
		{`{"a":"b"}`, '{', []string{"a", "b"}},
		{`{"a":"b","c":"d","e":":"}`, '{', []string{"a", "b", "c", "d", "e", ":"}},
		{`{"a":"\n"}`, '{', []string{"a", "\n"}},
		{`["a"]`, '{', nil}, {`{"a":"b"}`, '[', nil}, {`["a"`, '[', nil}, {`"a"]`, '[', nil}, {`["a" "b"]`, '[', nil}, {`["a",1]`, '[', nil}, {`[1]`, '[', nil},
		{`{"a"}`, '{', nil}, {`{"a","b"}`, '{', nil}, {`{"a":"b":"c":"d"}`, '{', nil}, {`{"a":1}`, '{', nil}, {`{"a":["b"]}`, '{', nil}, {`[["a"]]`, '[', nil},
		{`["\x"]`, '[', nil}, {`["\\",1]`, '[', nil}, {`["\\"`, '[', nil}, {`{"\\":{}}`, '{', nil}, {`"`, '[', nil}, {`[`, '[', nil}, {`nonsense`, '{', nil}, {`\`, '{', nil},
	} {
		got, ok := jsonTexts(c.json, c.open)
		if ok != (c.want != nil) || ok && !slices.Equal(got, c.want) {
			t.Errorf("%s as %c: %q, %v, want %q", c.json, c.open, got, ok, c.want)
		}
	}
}
