// How whoserves keeps an organisation in Neo4j.
//
// Nodes: (:Entity:Team|Supplier|Resource|Person|Customer|Unit)
//   uid                text     org + "/" + id, unique in the database
//   org                text     the organisation
//   id                 text     the id within the organisation
//   sources            texts    the sources that state it, the winning one first
//   rows               texts    the rows that state it: links.csv:2, book.xlsx [Links]:2
//   stated             text     where sources differ, JSON: {"field":[{"source":…,"value":…},…]}
//   version            integer  the version that last changed it
//   placeholder        boolean  true when it is only referred to
//   name               text
//   headcount          number
//   min_staff          number
//   capacity           number
//   recovery_hours     number   hours that it takes to come back
//   failures_per_year  number
//   value              number   customers: what they are worth a year
//   segment            text     customers: external, potential or temporary
//   can_fail           text     yes or no
//   contact            text
//   site               texts    the ids of its sites
//   tags               texts
//   aliases            texts
//   role               text     people
//
// Relationships:
//   (provider)-[:SERVES]->(consumer)    one for each link, and one for each site that a node is at
//   (node or unit)-[:PART_OF]->(:Unit)
//   (:Person)-[:MEMBER_OF]->(:Team)
//   (:Person)-[:REPORTS_TO]->(manager)
// All have org and version; SERVES has also
//   service            text     absent when blank
//   criticality        text     critical, important or minor; critical when absent
//   min_providers      number   how many providers of the need must work; 1 when absent
//   tolerance_hours    number   hours that the consumer copes without
//   volume             number
//   lead_time_hours    number
//   satisfaction       number   0 to 100
//   agreement          text
//   channel            text
//   feedback           text
//   response_hours     number
//   declared_by        text
//   confirmed_on       text     a day: 2026-11-30
//   cost               number
//   derived            boolean  true when it follows from the site of the consumer; never read back
//   sources, rows and stated as nodes have them
//
// What is not said is not there. Columns that whoserves does not know are properties under their own names, with _ behind a
// name that is taken. You may make nodes and relationships and change values: they become facts of the source "neo4j". A new
// node needs one of the labels, org and a name or an id. What other sources state comes back when it is deleted.
// uid, org, id, sources, rows, stated, version, placeholder and derived are put back when they are changed.
//
// Only whoserves reads: WhoservesStore, WhoservesOrg, WhoservesVersion, WhoservesFacts, WhoservesChanges, WhoservesDocument

CREATE CONSTRAINT whoservesstore_name IF NOT EXISTS FOR (n:WhoservesStore) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT whoservesorg_name IF NOT EXISTS FOR (n:WhoservesOrg) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT whoservesversion_uid IF NOT EXISTS FOR (n:WhoservesVersion) REQUIRE n.uid IS UNIQUE;
CREATE CONSTRAINT whoservesfacts_uid IF NOT EXISTS FOR (n:WhoservesFacts) REQUIRE n.uid IS UNIQUE;
CREATE CONSTRAINT whoserveschanges_uid IF NOT EXISTS FOR (n:WhoservesChanges) REQUIRE n.uid IS UNIQUE;
CREATE CONSTRAINT whoservesdocument_uid IF NOT EXISTS FOR (n:WhoservesDocument) REQUIRE n.uid IS UNIQUE;
CREATE INDEX whoservesdocument_org IF NOT EXISTS FOR (n:WhoservesDocument) ON (n.org);
CREATE CONSTRAINT entity_uid IF NOT EXISTS FOR (n:Entity) REQUIRE n.uid IS UNIQUE;
CREATE INDEX entity_org IF NOT EXISTS FOR (n:Entity) ON (n.org);
CREATE INDEX entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name);
