package graph

// Fold makes the form in which names and services are compared: compatibility forms unified, white space trimmed and
// collapsed, case folded.
func Fold(s string) string { panic("todo") }

// Slug makes a stable id from a name: letters and digits of any script in lower case, the rest as single dashes.
func Slug(name string) string { panic("todo") }

func joinWords(ws []string) string { panic("todo") }
