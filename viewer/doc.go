// Package viewer is the web app: pages that managers browse and planners query, pictures, and the JSON of every question.
//
// A page is a GET with its own address. It reads one edition of the organisation (a snapshot and what was found in it), fills a
// page struct with sentences, tables and a picture, and hands that to html/template. Nothing but the finished picture, which
// this program drew itself, goes into a page unescaped.
package viewer
