// Package diagram turns a question about an organisation into a picture of it: a [View] (the same as a URL query) is built
// into a [Diagram], a plain model of boxes, lines and words, which is written as DOT, and framed with title, legend and an
// atlas grid once Graphviz has laid it out.
//
// Shape says what a node is, colour how it is doing; no mark is made by colour alone. Lines run from who serves to who is
// served, left to right, customers last. A picture never hides silently: whatever is left out is counted in Diagram.Notes.
package diagram
