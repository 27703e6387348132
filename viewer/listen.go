package viewer

import (
	"net"
	"sync"
	"sync/atomic"
)

// listener knows its connections on which nothing was asked yet. Browsers open such in advance; the web framework would wait for
// them when it is told to stop.
type listener struct {
	net.Listener

	mu     sync.Mutex
	silent map[*connection]bool
}

// connection is one of a listener.
type connection struct {
	net.Conn
	of    *listener
	heard atomic.Bool
}

func listenOn(ln net.Listener) *listener {
	return &listener{Listener: ln, silent: map[*connection]bool{}}
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: conn, of: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent[c] = true
	return c, nil
}

// hangUp closes the connections on which nothing was asked yet.
func (l *listener) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.silent {
		c.Conn.Close()
	}
	clear(l.silent)
}

// Read reads what is asked.
func (c *connection) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.forget()
	}
	return n, err
}

// Close ends the connection.
func (c *connection) Close() error {
	c.forget()
	return c.Conn.Close()
}

// forget takes the connection from those on which nothing was asked yet.
func (c *connection) forget() {
	if c.heard.Swap(true) {
		return
	}
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	delete(c.of.silent, c)
}
