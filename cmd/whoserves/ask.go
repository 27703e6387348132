package main

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph/answer"
	"github.com/spf13/cobra"
)

// question makes the command of a question: its keys become arguments and options. c gives Use, Long and Example.
func (a *app) question(c *cobra.Command) *cobra.Command {
	q, err := answer.Find(strings.Fields(c.Use)[0])
	if err != nil {
		panic(err) // a mistake in this package
	}
	c.Short = q.Does
	options := map[string]func(c *cobra.Command) []string{}
	for _, k := range q.Keys {
		if !slices.Contains(q.Args, k.Name) {
			options[k.Name] = addOption(c, k)
		}
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		values, err := argumentsOf(q, args)
		if err != nil {
			return err
		}
		for name, get := range options {
			if c.Flags().Changed(name) {
				values[name] = get(c)
			}
		}
		return a.ask(c.Context(), q.Name, values)
	}
	if len(q.Args) > 0 {
		if k, _ := q.Key(q.Args[0]); k.Type == answer.Text {
			c.ValidArgsFunction = a.completeNode
		}
	}
	a.storeOption(c)
	a.fromOption(c)
	a.formatOption(c)
	return c
}

// ask puts a question and writes the answer.
func (a *app) ask(ctx context.Context, name string, q url.Values) error {
	src, end, err := a.source(ctx)
	if err != nil {
		return err
	}
	defer end()
	stop := a.working("Working it out")
	ans, err := answer.Ask(ctx, src, name, q)
	stop()
	if err != nil {
		return err
	}
	return a.write(ans)
}

// addOption adds the option of a key and tells how to read it.
func addOption(c *cobra.Command, k answer.Key) func(*cobra.Command) []string {
	switch {
	case k.Type == answer.Flag:
		c.Flags().Bool(k.Name, false, k.Does)
		return func(c *cobra.Command) []string {
			yes, _ := c.Flags().GetBool(k.Name)
			return []string{strconv.FormatBool(yes)}
		}
	case k.Repeated:
		c.Flags().StringArray(k.Name, nil, k.Does+"; may be repeated")
		return func(c *cobra.Command) []string {
			vs, _ := c.Flags().GetStringArray(k.Name)
			return vs
		}
	}
	v := optionValue{kind: "string"}
	if k.Type == answer.Number {
		v.kind = "int"
	}
	c.Flags().Var(&v, k.Name, k.Does)
	if k.Type == answer.Choice {
		c.RegisterFlagCompletionFunc(k.Name, cobra.FixedCompletions(k.Values, cobra.ShellCompDirectiveNoFileComp))
	}
	return func(*cobra.Command) []string { return []string{v.text} }
}

// optionValue is an option whose text the question checks. kind is what --help calls it.
type optionValue struct{ kind, text string }

func (v *optionValue) String() string     { return v.text }
func (v *optionValue) Set(s string) error { v.text = s; return nil }
func (v *optionValue) Type() string       { return v.kind }

// argumentsOf gives the arguments their keys.
func argumentsOf(q answer.Command, args []string) (url.Values, error) {
	values := url.Values{}
	for i, arg := range args {
		last := len(q.Args) - 1
		name := ""
		if i <= last {
			name = q.Args[i]
		} else if last >= 0 {
			if k, _ := q.Key(q.Args[last]); k.Repeated {
				name = k.Name
			}
		}
		if name == "" {
			return nil, usage("%s: there is one argument too many: “%s”. A name with spaces needs quotes", q.Name, arg)
		}
		values.Add(name, arg)
	}
	return values, nil
}
