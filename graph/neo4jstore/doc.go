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
// Chunks are never changed, only replaced, so an import of a few rows writes a few chunks, and a handle that loads again reads
// only the chunks that it does not know. The node of an organisation (WhoservesOrg) holds its version, its sources with
// their ranks and a seal: a digest of these and of the chunks. Neo4j shows readers a transaction bit by bit while it is
// committed; who has read chunks that fit the seal has read one version, whole.
//
// # Imports
//
// An import locks the organisation's node and looks whether the version is still the one that it was made for. What fits
// the server's memory is one transaction. What does not is announced on that node with an owner and a lease by the server's
// clock; log and facts are written in batches, then the plain graph, and the last transaction moves the version. Each batch
// first makes sure of its owner and its number and renews the lease. Who comes to write meanwhile waits; when the lease has
// run out he takes the import over by compare and set: what was only logged is removed, what had begun to change the plain
// graph is finished. An import that fails or is cancelled takes back what it wrote.
//
// # Connections
//
// A Store has one driver with its own pool of connections and its own bookmarks: on a cluster its reads see its own writes.
// Every call has a deadline. What goes wrong with the server comes as an *Error: one sentence that says what is wrong and what
// to do, never with a password in it.
//
// The package needs Neo4j 5.26 or newer; the Community edition is enough.
package neo4jstore
