package propertygraph

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
)

// valid makes a text that a database takes.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// figureValue gives a number as a property: whole numbers as integers where they are exact.
func figureValue(n graph.Number) any {
	v, ok := n.Get()
	switch {
	case !ok:
		return nil
	case v == math.Trunc(v) && math.Abs(v) <= 1<<53:
		return int64(v)
	}
	return v
}

// numeric gives the value of any Go number.
func numeric(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case nil:
		return 0, false
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(r.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(r.Uint()), true
	case reflect.Float32, reflect.Float64:
		return r.Float(), true
	}
	return 0, false
}

// textOf writes a value of a property as text: numbers in full, dates and times by ISO 8601, lists with | between, bytes in base64.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return valid(v), true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case []byte:
		return base64.StdEncoding.EncodeToString(v), true
	case time.Time:
		if v.Equal(time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, v.Location())) {
			return v.Format(time.DateOnly), true
		}
		return v.Format(time.RFC3339Nano), true
	case fmt.Stringer:
		return stringOf(v)
	}
	if f, ok := numeric(v); ok {
		return strconv.FormatFloat(f, 'f', -1, 64), true
	}
	if elements, ok := elements(v); ok {
		words := make([]string, len(elements))
		for i, e := range elements {
			if words[i], ok = textOf(e); !ok {
				return "", false
			}
		}
		return strings.Join(words, "|"), true
	}
	return "", false
}

// stringOf asks a value for its text; one that cannot give it has none.
func stringOf(v fmt.Stringer) (s string, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = "", false
		}
	}()
	return valid(v.String()), true
}

// elements takes a list of any type apart. Lists in lists are not properties.
func elements(v any) ([]any, bool) {
	if list, ok := v.([]any); ok {
		return list, !slices.ContainsFunc(list, isList)
	}
	r := reflect.ValueOf(v)
	if !isList(v) {
		return nil, false
	}
	list := make([]any, r.Len())
	for i := range list {
		if !r.Index(i).CanInterface() {
			return nil, false
		}
		list[i] = r.Index(i).Interface()
	}
	return list, !slices.ContainsFunc(list, isList)
}

func isList(v any) bool {
	if _, bytes := v.([]byte); bytes || v == nil {
		return false
	}
	k := reflect.TypeOf(v).Kind()
	return k == reflect.Slice || k == reflect.Array
}

// texts reads a list of texts; one text alone is cut at |, as in files. Blank ones and repeated ones are left out.
func texts(v any) ([]string, bool) {
	var all []string
	if s, ok := v.(string); ok {
		all = strings.Split(s, "|")
	} else if es, ok := elements(v); ok {
		for _, e := range es {
			s, ok := textOf(e)
			if !ok {
				return nil, false
			}
			all = append(all, s)
		}
	} else if s, ok := textOf(v); ok {
		all = []string{s}
	} else {
		return nil, false
	}
	var kept []string
	for _, s := range all {
		if s = strings.TrimSpace(valid(s)); s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept, true
}

// read takes the value of a property for a field: nothing when it is blank. An error says what is wrong with it, to follow the
// name of the field: "must be 0 or more".
func (f *field[R]) read(v any) ([]string, error) {
	if f.sort == list {
		vs, ok := texts(v)
		if !ok {
			return nil, errors.New("must be a list of texts")
		}
		return vs, nil
	}
	if f.sort == figure {
		return f.readFigure(v)
	}
	s, ok := textOf(v)
	if !ok || isList(v) {
		return nil, errors.New("must be a text")
	}
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	if f.sort == word {
		w, err := f.parse(s)
		if err != nil {
			return nil, err
		}
		return scalar(w), nil
	}
	return scalar(s), nil
}

func (f *field[R]) readFigure(v any) ([]string, error) {
	x, ok := numeric(v)
	if s, is := v.(string); is {
		if s = strings.TrimSpace(s); s == "" {
			return nil, nil
		}
		x, ok = plainFigure(s)
	}
	if !ok || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, errors.New("must be a number")
	}
	if wrong := f.bounds.Check(x); wrong != "" {
		return nil, errors.New(wrong)
	}
	return scalar(graph.Given(x).String()), nil
}

// plainFigure reads a number as programs write it: 12, -0.5, 1e3.
func plainFigure(s string) (float64, bool) {
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// good says whether a value in the graph may stay where want belongs.
func (p *property) good(have any) bool {
	switch p.sort {
	case figure:
		x, ok := numeric(have)
		want, _ := numeric(p.value)
		return ok && x == want
	case text, attr:
		if s, ok := have.(string); ok {
			return s == p.value
		}
		s, ok := textOf(have)
		return ok && s == p.value && (p.sort == attr || !isList(have))
	case list:
		return sameTexts(have, p.value.([]string), false)
	}
	if want, ok := p.value.([]string); ok {
		return sameTexts(have, want, true)
	}
	switch have := have.(type) {
	case string:
		return have == p.value
	case bool:
		return have == p.value
	}
	return false
}

// sameTexts says whether a value is a list of just these texts.
func sameTexts(have any, want []string, ordered bool) bool {
	if got, ok := have.([]string); ok && slices.Equal(got, want) {
		return true
	}
	es, ok := elements(have)
	if !ok {
		return false
	}
	got := make([]string, len(es))
	same := len(es) == len(want)
	for i, e := range es {
		if got[i], ok = e.(string); !ok {
			return false
		}
		same = same && got[i] == want[i]
	}
	return same || !ordered && sameSet(got, want)
}

// sameSet says whether two lists hold the same texts, however often and in whatever order.
func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
