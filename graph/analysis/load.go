package analysis

import "example.com/whoserves/graph"

// Loads gives for every node how much it is asked for and how much it can do, in the unit of its volumes (2.5 of the design: load is
// the sum of the volumes on the links that it provides). Links count as they are stated: the volume of a link that a unit
// provides is the unit's, not its teams'. Blank volumes are left out and counted. O(nodes + links).
func Loads(s *graph.Snapshot) []Load {
	loads := make([]Load, len(s.Nodes))
	for v := range loads {
		l := Load{Capacity: s.Nodes[v].Capacity}
		var sum float64
		links := s.LinksFrom(int32(v))
		for _, i := range links {
			volume, given := s.Links[i].Values.Volume.Get()
			if !given {
				l.Blank++
			}
			sum += volume
		}
		if l.Blank < len(links) {
			l.Load = graph.Given(sum)
			if capacity := l.Capacity.Or(0); capacity > 0 {
				l.Utilisation = graph.Given(sum / capacity)
			}
		}
		loads[v] = l
	}
	return loads
}
