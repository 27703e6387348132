//go:build unix

package privatetmp

import (
	"io/fs"
	"os"
	"syscall"
)

// variable is the environment variable that os.TempDir follows.
const variable = "TMPDIR"

func owner(info fs.FileInfo) (uint32, bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, true
}

// ours: this user owns it.
func ours(info fs.FileInfo) bool {
	uid, ok := owner(info)
	return ok && uid == uint32(os.Geteuid())
}

// writable: users other than the owner can write it.
func writable(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// closed: users other than the owner can do nothing with it.
func closed(info fs.FileInfo) bool { return info.Mode().Perm() == 0o700 }

// guarded: only its owner, being this user or the administrator, can exchange what lies in this folder. In a folder
// with the sticky bit, such as /tmp, everyone can add entries but exchange only their own.
func guarded(info fs.FileInfo) bool {
	uid, ok := owner(info)
	if !ok || uid != 0 && uid != uint32(os.Geteuid()) {
		return false
	}
	return !writable(info) || info.Mode()&fs.ModeSticky != 0
}
