package answer

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"example.com/whoserves/graph"
)

// Command is a question that can be asked.
type Command struct {
	Name string
	Does string // what it answers, in a few words
	Keys []Key  // what it may be asked with, by name
	// Args names the keys that the command line takes as arguments, in order; the last may be repeated when its key may.
	Args []string

	ask func(ctx context.Context, src *Source, q *question) (Answer, error)
}

// Key is a part of a question: a query parameter, an option.
type Key struct {
	Name     string
	Does     string // what it is for, in a few words
	Type     KeyType
	Required bool
	Repeated bool     // it may be given several times
	Values   []string // the values of a Choice
}

// KeyType says what a key takes.
type KeyType uint8

// The types of keys.
const (
	Text   KeyType = iota // a name or id
	Number                // a whole number
	Flag                  // 1 for yes
	Choice                // one of Values
)

// Key finds a key of the command by name.
func (c Command) Key(name string) (Key, bool) {
	i := slices.IndexFunc(c.Keys, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return Key{}, false
	}
	return c.Keys[i], true
}

// check refuses unknown keys, bad values, and what is missing.
func (c Command) check(q url.Values) error {
	given := make([]string, 0, len(q))
	for name := range q {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		k, ok := c.Key(name)
		if !ok {
			return &QuestionError{Command: c.Name, Key: name, Right: c.keyNames(), Message: "there is no such key"}
		}
		if !k.Repeated && len(q[name]) > 1 {
			return &QuestionError{Command: c.Name, Key: name, Message: "give it only once"}
		}
		for _, v := range q[name] {
			if err := k.check(c.Name, v); err != nil {
				return err
			}
		}
	}
	for _, k := range c.Keys {
		if k.Required && len(withoutBlank(q[k.Name])) == 0 {
			return &QuestionError{Command: c.Name, Key: k.Name, Message: "this is missing: " + k.Does}
		}
	}
	return nil
}

func (c Command) keyNames() []string {
	names := make([]string, len(c.Keys))
	for i, k := range c.Keys {
		names[i] = k.Name
	}
	return names
}

// check refuses a value that the key does not take. A blank value stands for none: forms send those.
func (k Key) check(command, v string) error {
	if v == "" {
		return nil
	}
	switch k.Type {
	case Number:
		if _, err := strconv.ParseInt(v, 10, 32); err != nil {
			return &QuestionError{Command: command, Key: k.Name, Value: v, Message: "this takes a whole number"}
		}
	case Flag:
		if _, err := parseFlag(v); err != nil {
			return &QuestionError{Command: command, Key: k.Name, Value: v, Right: []string{"1", "0"}, Message: "this is yes or no"}
		}
	case Choice:
		if !slices.Contains(k.Values, v) {
			return &QuestionError{Command: command, Key: k.Name, Value: v, Right: k.Values, Message: "there is no such choice"}
		}
	}
	return nil
}

func parseFlag(v string) (bool, error) {
	switch v {
	case "1", "true", "yes", "on":
		return true, nil
	case "", "0", "false", "no", "off":
		return false, nil
	}
	return false, fmt.Errorf("“%s” is neither 1 nor 0", v)
}

// question is a checked query over a snapshot.
type question struct {
	command string
	values  url.Values
	s       *graph.Snapshot
}

func (q *question) text(key string) string { return q.values.Get(key) }

func (q *question) flag(key string) bool {
	yes, _ := parseFlag(q.values.Get(key)) // checked before
	return yes
}

// number gives a whole number, or def when none is given.
func (q *question) number(key string, def int) int {
	if n, err := strconv.Atoi(q.values.Get(key)); err == nil {
		return n
	}
	return def
}

// list gives the values of a repeated key, blank ones left out.
func (q *question) list(key string) []string { return withoutBlank(q.values[key]) }

// node gives the node that a key names.
func (q *question) node(key string) (int32, error) { return q.s.Lookup(q.text(key)) }

// nodes gives the nodes that a repeated key names, in the order given.
func (q *question) nodes(key string) ([]int32, error) {
	var out []int32
	for _, ref := range q.list(key) {
		v, err := q.s.Lookup(ref)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (q *question) errorf(key, value, format string, args ...any) error {
	return &QuestionError{Command: q.command, Key: key, Value: value, Message: fmt.Sprintf(format, args...)}
}

func withoutBlank(vs []string) []string {
	return slices.DeleteFunc(slices.Clone(vs), func(v string) bool { return v == "" })
}
