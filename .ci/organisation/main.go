// Command organisation writes an organisation of the benchmarks as files: nodes.csv and links.csv for whoserves, and
// edges.txt, a line "provider consumer" of numbers from 0 for each link, for other programs.
package main

import (
	"bufio"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

func main() {
	nodes := flag.Int("nodes", 10_000, "how many nodes")
	links := flag.Int("links", 40_000, "how many links")
	mixed := flag.Bool("mixed", true, "needs with alternates and mixed criticality; else every link is a critical need of its own")
	seed := flag.Uint64("seed", 2026, "the seed")
	dir := flag.String("dir", ".", "the folder to write to")
	flag.Parse()
	log.SetFlags(0)

	source := graphtest.Large(*seed, *nodes, *links, *mixed).Sources[0]
	write(filepath.Join(*dir, "nodes.csv"), func(w io.Writer) error { return writeNodes(w, source.Nodes) })
	write(filepath.Join(*dir, "links.csv"), func(w io.Writer) error { return writeLinks(w, source.Links) })
	write(filepath.Join(*dir, "edges.txt"), func(w io.Writer) error { return writeEdges(w, source) })
}

// write fills a file.
func write(path string, fill func(io.Writer) error) {
	file, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(file)
	for _, step := range []func() error{func() error { return fill(w) }, w.Flush, file.Close} {
		if err := step(); err != nil {
			log.Fatal(err)
		}
	}
}

func writeNodes(out io.Writer, nodes []*graph.NodeRecord) error {
	w := csv.NewWriter(out)
	w.Write([]string{"id", "name", "kind", "capacity", "recovery_hours"})
	for _, r := range nodes {
		w.Write([]string{r.ID, r.Name, r.Kind.String(), r.Capacity.String(), r.RecoveryHours.String()})
	}
	w.Flush()
	return w.Error()
}

func writeLinks(out io.Writer, links []*graph.LinkRecord) error {
	w := csv.NewWriter(out)
	w.Write([]string{"provider", "consumer", "service", "criticality", "min_providers", "tolerance_hours", "volume"})
	for _, r := range links {
		w.Write([]string{r.Provider, r.Consumer, r.Service, r.Criticality.String(), r.MinProviders.String(), r.Tolerance.String(), r.Volume.String()})
	}
	w.Flush()
	return w.Error()
}

func writeEdges(w io.Writer, s *graph.Source) error {
	number := make(map[string]int, len(s.Nodes))
	for i, r := range s.Nodes {
		number[r.ID] = i
	}
	for _, r := range s.Links {
		if _, err := fmt.Fprintln(w, number[r.Provider], number[r.Consumer]); err != nil {
			return err
		}
	}
	return nil
}
