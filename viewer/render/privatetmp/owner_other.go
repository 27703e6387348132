//go:build !unix

package privatetmp

import "io/fs"

// variable is the environment variable that os.TempDir follows.
const variable = "TMP"

// Elsewhere the user's cache folder and temporary folder are private by the system's own access lists.

func ours(fs.FileInfo) bool     { return true }
func writable(fs.FileInfo) bool { return false }
func closed(fs.FileInfo) bool   { return true }
func guarded(fs.FileInfo) bool  { return true }
