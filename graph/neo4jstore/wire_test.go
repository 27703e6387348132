package neo4jstore

import (
	"bytes"
	"net"
	"sync/atomic"
)

// wire stands between a store and a server. It can cut the connection at a commit, and change the addresses that a server
// gives.
type wire struct {
	to   string
	cut  atomic.Int32 // 1: before the next commit reaches the server, 2: before its answer comes back
	away string       // what the client hears where the server gives the address that the client uses
	// after is how many commits get through before that.
	after atomic.Int32
	isCut func() // called when it was cut; may be nil
}

// commit is the message COMMIT of Bolt 5, with its length in front and the end of the message behind.
var commit = []byte{0, 2, 0xb0, 0x12, 0, 0}

func (w *wire) serve(client net.Conn) {
	server, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer server.Close()
	self := client.LocalAddr().String() // as the client knows us
	var deaf atomic.Bool                // from now on answers do not get through
	go copyBytes(client, server, func(said []byte) bool {
		if len(w.away) == len(self) {
			copy(said, bytes.ReplaceAll(said, []byte(self), []byte(w.away)))
		}
		return !deaf.Load()
	})
	copyBytes(server, client, func(said []byte) bool {
		if !bytes.Contains(said, commit) {
			return true
		}
		if w.cut.Load() != 0 && w.after.Add(-1) >= 0 {
			return true
		}
		cut := w.cut.Swap(0)
		deaf.Store(cut == 2)
		if w.isCut != nil {
			w.isCut()
		}
		return cut != 1
	})
}

// copyBytes passes on what from says as long as it may, then hangs up.
func copyBytes(to, from net.Conn, may func([]byte) bool) {
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !may(buffer[:n]) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
