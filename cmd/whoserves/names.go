package main

import (
	"context"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
	"example.com/whoserves/importer"
)

// nearNames proposes which names of the files that were read may mean one thing with others. all is the organisation with what they say.
func nearNames(all *graph.Snapshot, res *importer.Result) []names.Pair {
	var fresh []string
	decided := names.Decisions{}
	for _, s := range res.Org.Sources {
		fresh = append(fresh, s.Name)
		if m := res.Mappings[s.Name]; m != nil {
			decided[s.Name] = m.Names
		}
	}
	return names.Propose(all, fresh, decided).Pairs
}

// nearHere proposes near names of files and of what the store holds, if there is one.
func (a *app) nearHere(ctx context.Context, res *importer.Result) ([]names.Pair, error) {
	st, err := a.storeFor(ctx, true)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	current, err := st.Load(ctx)
	if err != nil {
		return nil, err
	}
	p, err := graph.NewPreview(current, res.Org)
	if err != nil {
		return nil, err
	}
	return nearNames(p.After, res), nil
}

// nameProblems tells of near names where they stand first.
func nameProblems(near []names.Pair) []graph.Problem {
	var all []graph.Problem
	for _, p := range near {
		all = append(all, graph.Problem{File: p.Origin.File, Sheet: p.Origin.Sheet, Row: p.Origin.Row, Severity: graph.Warning,
			Message: p.String() + ": say which with whoserves map FILE -o map.yaml and --map, or correct the name"})
	}
	return all
}

// settledNames are the decisions about names that were read with, each once.
func settledNames(res *importer.Result) []names.Decision {
	var all []names.Decision
	for _, s := range res.Sources {
		if m := res.Mappings[s.Name]; m != nil {
			for _, d := range m.Names {
				if !slices.Contains(all, d) {
					all = append(all, d)
				}
			}
		}
	}
	return all
}
