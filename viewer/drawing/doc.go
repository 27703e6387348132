// Package drawing turns a framed picture, the SVG that diagram.Frame writes, into PNG and PDF.
//
// Read takes the closed subset of SVG that our pictures are made of and gives one flat list of shapes, texts and links; two
// small back ends, Drawing.PNG and PDF, draw that list. Anything else in the SVG is an error that names it. All limits are
// held before anything large is allocated, and drawing does no input or output but for fonts and
// their index: run it in a process
// that may be killed.
//
// Text is shaped and drawn with Liberation Sans, which has the metrics of Arial and is built in, and behind it with the fonts
// of the system. Characters that no font has are drawn as boxes and named in the Report.
//
// Liberation Sans is © 2010 Google Corporation, © 2012 Red Hat, Inc., under the SIL Open Font License 1.1: see FontLicence,
// which any program that ships this package has to pass on.
package drawing
