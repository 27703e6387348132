// Package propertygraph is an organisation as a plain property graph, as people see it in Neo4j: nodes with a label for their
// kind, relationships for who serves whom, properties with the names of the files. It knows no database: it says what a
// graph has to hold, what to write to get from one version to another ([Diff]), and what others changed in it ([Comparer]).
//
// The graph follows from the facts, never the other way round: what others change in it becomes facts of the source
// [graph.Neo4jSource], and the graph follows from those again.
package propertygraph
