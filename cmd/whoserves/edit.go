package main

import (
	"context"
	"errors"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"github.com/spf13/cobra"
)

// editing holds the options of edit.
type editing struct {
	service           string
	saidService       bool
	add, forget, look bool
}

func (a *app) editCommand() *cobra.Command {
	var o editing
	c := &cobra.Command{
		Use:   "edit NODE | PROVIDER CONSUMER [FIELD=VALUE...]",
		Short: "correct facts of one node or link",
		Long: `States what is right about one node, or about the link by which a provider
serves a consumer. Fields are those of the tables: capacity, recovery_hours,
criticality, … Corrections are a source of their own, edits: they win over every
file and stay when files are imported again. FIELD= takes a correction back.`,
		Example: `  whoserves edit Payroll recovery_hours=24 contact="desk, ext. 204"
  whoserves edit Payroll recovery_hours=        what the files say counts again
  whoserves edit Payroll "Crew scheduling" --service Pay criticality=important
  whoserves edit --add "Night desk" kind=team unit=Finance
  whoserves edit --forget Payroll               take all its corrections back`,
		ValidArgsFunction: a.completeNode,
		RunE: func(c *cobra.Command, args []string) error {
			o.saidService = c.Flags().Changed("service")
			return a.edit(c.Context(), args, o)
		},
	}
	c.Flags().StringVar(&o.service, "service", "", "which link, where the provider serves the consumer with several services")
	c.Flags().BoolVar(&o.add, "add", false, "add a node or link that is not there yet")
	c.Flags().BoolVar(&o.forget, "forget", false, "take back all that was corrected or added with edit")
	c.Flags().BoolVar(&o.look, "dry-run", false, "show what would change, change nothing")
	a.storeOption(c)
	a.formatOption(c)
	return c
}

// edit makes a version with corrections and writes what that did.
func (a *app) edit(ctx context.Context, args []string, o editing) error {
	names, corrections, err := o.read(args)
	if err != nil {
		return err
	}
	st, err := a.storeThere(ctx, o.look)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := a.checkOrg(ctx, st); err != nil {
		return err
	}
	if !o.look {
		if err := a.refreshFirst(ctx, st); err != nil {
			return err
		}
	}
	record := graph.VersionRecord{By: who(), Program: version()}
	var result *answer.Import
	p, now, err := graph.Change(ctx, st, record, func(p *graph.Preview) error {
		result = answer.NewImport(p, p.Changes.Base, answer.ImportProblems(p, nil, nil), o.look)
		if !o.look {
			return nil
		}
		if err := a.addRisks(ctx, result, p); err != nil {
			return err
		}
		return &keptError{}
	}, func(s *graph.Snapshot) (*graph.ChangeSet, error) { return o.changes(s, names, corrections) })
	var kept *keptError
	switch {
	case errors.As(err, &kept):
		return a.write(result)
	case err != nil:
		return err
	}
	return a.write(a.done(ctx, p, now, result.Problems))
}

// read tells names from corrections.
func (o editing) read(args []string) (names []string, cs []graph.Correction, err error) {
	for _, arg := range args {
		field, value, is := strings.Cut(arg, "=")
		switch {
		case is:
			cs = append(cs, graph.Correction{Field: field, Value: value})
		case len(cs) > 0:
			return nil, nil, usage("“%s” comes after the corrections: name the node, or provider and consumer, first", arg)
		default:
			names = append(names, arg)
		}
	}
	switch {
	case len(names) == 0 || len(names) > 2:
		return nil, nil, usage("name one node to correct, or the provider and the consumer of a link")
	case o.add && o.forget:
		return nil, nil, usage("give either --add or --forget")
	case o.forget && len(cs) > 0:
		return nil, nil, usage("--forget takes all corrections back: to take one back, say %s= without it", cs[0].Field)
	case len(cs) == 0 && !o.add && !o.forget:
		return nil, nil, usage("say what is right, such as recovery_hours=24")
	case o.saidService && len(names) == 1:
		return nil, nil, usage("--service is about a link: name its provider and its consumer")
	}
	return names, cs, nil
}

// changes makes the change set.
func (o editing) changes(s *graph.Snapshot, names []string, cs []graph.Correction) (*graph.ChangeSet, error) {
	if len(names) == 1 {
		return o.nodeChanges(s, names[0], cs)
	}
	provider, err := s.Lookup(names[0])
	if err != nil {
		return nil, err
	}
	consumer, err := s.Lookup(names[1])
	if err != nil {
		return nil, err
	}
	if o.add {
		return s.AddLink(provider, consumer, o.service, cs...)
	}
	l, err := o.link(s, provider, consumer)
	switch {
	case err != nil:
		return nil, err
	case o.forget:
		return s.ForgetLink(l), nil
	}
	return s.CorrectLink(l, cs...)
}

func (o editing) nodeChanges(s *graph.Snapshot, name string, cs []graph.Correction) (*graph.ChangeSet, error) {
	if o.add {
		return s.AddNode(name, cs...)
	}
	v, err := s.Lookup(name)
	switch {
	case err != nil:
		return nil, err
	case o.forget:
		return s.ForgetNode(v), nil
	}
	return s.CorrectNode(v, cs...)
}

// link finds the link that is meant: the only one, unless a service is said.
func (o editing) link(s *graph.Snapshot, provider, consumer int32) (int32, error) {
	if l := s.FindLink(provider, consumer, o.service); l >= 0 && o.saidService {
		return l, nil
	}
	var between []int32
	var services []string
	for _, l := range s.LinksFrom(provider) {
		if s.Links[l].Consumer != consumer {
			continue
		}
		between = append(between, l)
		if service := s.Links[l].Service; service != "" {
			services = append(services, "“"+service+"”")
		} else {
			services = append(services, "no service (--service \"\")")
		}
	}
	who := "“" + s.Nodes[provider].Name + "” serves “" + s.Nodes[consumer].Name + "”"
	switch {
	case len(between) == 1 && !o.saidService:
		return between[0], nil
	case len(between) == 0:
		return -1, usage("nobody says that %s: say --add to add that link", who)
	}
	return -1, usage("%s with %s: say which with --service", who, strings.Join(services, ", "))
}
