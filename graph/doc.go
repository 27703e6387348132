// Package graph holds an organisation as a chain of internal customers: who serves whom.
//
// An [Org] is the plain record: what each source states, with references as they were written. [NewSnapshot] resolves the
// references, merges the sources and indexes the result; every analysis and every picture reads a [Snapshot].
// [Diff] compares an Org with freshly imported facts and gives a [ChangeSet], the one mechanism behind preview, import,
// history and undo. A [Store] keeps an Org and the log of its change sets.
//
// The direction of a link is always provider → consumer: "Payroll serves Crew scheduling".
package graph
