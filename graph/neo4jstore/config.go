package neo4jstore

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"
)

// Config says which server and database hold a store, and as whom to go there.
type Config struct {
	// URI is bolt://, neo4j:// or one of their +s and +ssc forms, with host and port (7687 when not said). neo4j:// asks the
	// server which members of a cluster read and write, bolt:// talks to the one that is named. +s encrypts and checks the
	// certificate, +ssc encrypts and takes any. User and password are never part of it.
	URI string
	// User and Password log in. With a password alone the user is neo4j; without both the server must let anybody in.
	User, Password string
	// Database is the name of the database; the user's home database when blank.
	Database string
	// CA holds certificates (PEM) of authorities to trust instead of those of the system, for the +s forms.
	CA []byte
	// Program is the name and version of the program, shown in the server's lists and logs.
	Program string
}

var schemes = []string{"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"}

// IsURI tells whether the name of a store means a Neo4j server: whether it begins with one of the schemes of Config.URI.
func IsURI(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && slices.Contains(schemes, strings.ToLower(scheme))
}

// Check says what is wrong with the settings themselves; it makes no connection.
func (c Config) Check() error {
	u, err := c.address()
	if err == nil {
		_, err = c.roots(u)
	}
	return err
}

// address takes a URI apart. What it says never repeats one with an @, since a password may stand before it.
func (c Config) address() (*url.URL, error) {
	if strings.Contains(c.URI, "@") {
		return nil, errors.New("the address of a Neo4j server must not hold a user or password: " +
			"leave out all before the @ and give them as $NEO4J_USERNAME and $NEO4J_PASSWORD or with --neo4j-password-file")
	}
	u, err := url.Parse(c.URI)
	switch {
	case err != nil || !IsURI(c.URI):
		return nil, fmt.Errorf("%q is no address of a Neo4j server: write it like neo4j://host:7687 (%s)", c.URI, strings.Join(schemes, ", "))
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q names no host: write it like neo4j://host:7687", c.URI)
	case u.Path != "" && u.Path != "/" || u.Fragment != "":
		return nil, fmt.Errorf("%q: an address ends with the port: name the database as $NEO4J_DATABASE", c.URI)
	case u.RawQuery != "" && !routed(u):
		return nil, fmt.Errorf("%q: a routing context (after the ?) needs neo4j://", c.URI)
	}
	u.Path = ""
	return u, nil
}

func routed(u *url.URL) bool    { return strings.HasPrefix(strings.ToLower(u.Scheme), "neo4j") }
func encrypted(u *url.URL) bool { return strings.Contains(u.Scheme, "+") }

// The times that calls may take.
const (
	greetTime   = 4 * time.Second  // until the server has greeted us; after that we look why it did not
	lookTime    = 30 * time.Second // its first answer after that: a server that has just started takes its time
	dialTime    = 4 * time.Second  // one connection
	retryTime   = 5 * time.Second  // reads and writes that are tried again, before the last try
	quickTime   = 10 * time.Second // small calls
	longestTime = time.Hour        // reads and writes of any size
	commitTime  = 2 * time.Minute
	closeTime   = 3 * time.Second
)

// fetchSize is how many rows the server sends before it is asked for more.
const fetchSize = 10_000

// roots are the authorities that sign the server's certificate; nil: those of the system.
func (c Config) roots(u *url.URL) (*x509.CertPool, error) {
	if len(c.CA) == 0 {
		return nil, nil
	}
	if !strings.HasSuffix(u.Scheme, "+s") {
		return nil, fmt.Errorf("a certificate authority was given, but %s:// checks no certificate: use %s+s://", u.Scheme, strings.TrimSuffix(u.Scheme, "+ssc"))
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(c.CA) {
		return nil, errors.New("the file of the certificate authority holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
	}
	return roots, nil
}

// driver makes a driver; it does not connect yet.
func (c Config) driver(u *url.URL, roots *x509.CertPool) (neo4j.DriverWithContext, error) {
	return neo4j.NewDriverWithContext(u.String(), c.token(), func(d *config.Config) {
		d.TlsConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		d.UserAgent = c.userAgent()
		d.FetchSize = fetchSize
		d.MaxTransactionRetryTime = retryTime
		d.SocketConnectTimeout = dialTime
		d.ConnectionAcquisitionTimeout = quickTime
		d.ConnectionLivenessCheckTimeout = 30 * time.Second
		d.MaxConnectionPoolSize = 32
		d.TelemetryDisabled = true
		d.NotificationsMinSeverity = notifications.DisabledLevel
	})
}

func (c Config) token() neo4j.AuthToken {
	if c.User == "" && c.Password == "" {
		return neo4j.NoAuth()
	}
	return neo4j.BasicAuth(c.user(), c.Password, "")
}

// user is who logs in.
func (c Config) user() string {
	if c.User == "" && c.Password != "" {
		return "neo4j"
	}
	return c.User
}

func (c Config) userAgent() string {
	if c.Program == "" {
		return "whoserves"
	}
	return c.Program
}
