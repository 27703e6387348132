// Package neo4jstore keeps organisations in Neo4j: for whoserves as exact facts and a log, and beside them as the plain
// property graph that people query with Cypher, look at in Browser or Bloom and back up.
//
// # Two things side by side
//
// What sources state is kept exactly, as chunks of facts (label WhoservesFacts) and of the log (WhoservesChanges) that only
// whoserves reads. The plain graph (Entity with one of Team, Supplier, Person, Resource, Customer, Unit; SERVES, PART_OF,
// MEMBER_OF, REPORTS_TO) is derived from the facts. whoserves answers from the facts of one version, so a reader never sees
// half an import, also while a large one is being written in batches.
//
// # Connections
//
// A Store has one driver with its own pool of connections and its own bookmarks: on a cluster its reads see its own writes.
// Every call has a deadline. What goes wrong with the server comes as an *Error: one sentence that says what is wrong and what
// to do, never with a password in it.
//
// The package needs Neo4j 5.26 or newer; the Community edition is enough.
package neo4jstore
