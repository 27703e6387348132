package neo4jstore

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

func TestIsURI(t *testing.T) {
	for _, s := range []string{"bolt://h", "bolt+s://h:1", "bolt+ssc://h", "neo4j://h", "neo4j+s://h", "NEO4J+SSC://h", "bolt://u:p@h"} {
		if !IsURI(s) {
			t.Errorf("%q is taken for no address of Neo4j", s)
		}
	}
	for _, s := range []string{"", "whoserves.db", "bolt", "neo4j:/h", "http://h", "file:///neo4j://x", "neo4j+x://h", "bolt+unix:///x"} {
		if IsURI(s) {
			t.Errorf("%q is taken for an address of Neo4j", s)
		}
	}
}

// TestBadConfig gives what is refused before anything is connected.
func TestBadConfig(t *testing.T) {
	ca, _ := authority(t, "localhost")
	for _, test := range []struct {
		name   string
		config Config
		org    string
		words  []string
	}{
		{"user and password", Config{URI: "neo4j://anna:geheim@host:7687"}, "a", []string{"$NEO4J_USERNAME", "--neo4j-password-file"}},
		{"user and a password that is no URI", Config{URI: "neo4j://anna:ge%heim@host"}, "a", []string{"must not hold a user or password"}},
		{"a password with @", Config{URI: "bolt://anna:geheim@x@host"}, "a", []string{"must not hold a user or password"}},
		{"a scheme of others", Config{URI: "http://host:7474"}, "a", []string{`"http://host:7474"`, "neo4j://host:7687"}},
		{"no host", Config{URI: "neo4j://"}, "a", []string{"names no host"}},
		{"a bad port", Config{URI: "neo4j://host:x"}, "a", []string{"no address of a Neo4j server"}},
		{"a database in the address", Config{URI: "neo4j://host/crew"}, "a", []string{"$NEO4J_DATABASE"}},
		{"a routing context for bolt", Config{URI: "bolt://host?policy=eu"}, "a", []string{"needs neo4j://"}},
		{"an authority without encryption", Config{URI: "neo4j://host", CA: ca}, "a", []string{"neo4j+s://"}},
		{"an authority that is not looked at", Config{URI: "bolt+ssc://host", CA: ca}, "a", []string{"bolt+s://"}},
		{"an authority that is none", Config{URI: "bolt+s://host", CA: []byte("hello")}, "a", []string{"PEM"}},
		{"an organisation with a slash", Config{URI: "bolt://host"}, "a/b", []string{"a/b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.config, test.org)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			t.Log(err)
			for _, w := range test.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
			for _, secret := range []string{"anna", "heim"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q tells user or password", err)
				}
			}
		})
	}
}

// listen gives the address of a server that does with each connection what it is told.
func listen(t *testing.T, serve func(net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

// TestNoServer opens stores where there is no Neo4j: what is there is made in the test, since it must be something else.
func TestNoServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nothing := l.Addr().String()
	l.Close()
	silent := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	rude := listen(t, func(net.Conn) {})
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	secureWeb := httptest.NewUnstartedServer(http.NotFoundHandler())
	secureWeb.Config.ErrorLog = log.New(io.Discard, "", 0)
	secureWeb.StartTLS()
	t.Cleanup(secureWeb.Close)
	address := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	old := listen(t, oldServer)

	for _, test := range []struct {
		name, address string
		plain, secure error
		words         string // of the plain one
	}{
		{"nothing listens", nothing, ErrUnreachable, ErrUnreachable, "nothing listens there"},
		{"no such host", "neo4j.example.invalid:7687", ErrUnreachable, ErrUnreachable, `no host "neo4j.example.invalid" is known`},
		{"it says nothing", silent, ErrUnreachable, ErrUnreachable, "says nothing"},
		{"it hangs up", rude, ErrNoNeo4j, ErrEncryption, "hangs up"},
		{"a web server", address(web), ErrNoNeo4j, ErrEncryption, "a web server"},
		{"an encrypted web server", address(secureWeb), ErrNoNeo4j, ErrEncryption, "a web server"},
		{"an old Neo4j", old, ErrTooOld, ErrEncryption, "Neo4j 5.26 or newer is needed"},
	} {
		for scheme, what := range map[string]error{"bolt": test.plain, "neo4j": test.plain, "bolt+s": test.secure, "neo4j+s": test.secure} {
			t.Run(test.name+" "+scheme, func(t *testing.T) {
				t.Parallel()
				err := refused(t, Config{URI: scheme + "://" + test.address, User: "anna", Password: "geheim"}, what, scheme+"://"+test.address)
				if what == test.plain && !strings.Contains(err.Error(), test.words) {
					t.Errorf("%q does not say %q", err, test.words)
				}
			})
		}
	}
}

// oldServer answers as a Neo4j that knows none of the versions of Bolt that it is offered. No such server can be had any more.
func oldServer(c net.Conn) {
	io.ReadFull(c, make([]byte, 20))
	c.Write(make([]byte, 4))
}

func TestServerVersions(t *testing.T) {
	s := &Store{server: must(Config{URI: "bolt://host"}.address())}
	for agent, what := range map[string]error{
		"Neo4j/5.26.30": nil, "Neo4j/5.26.0": nil, "Neo4j/5.27-aura": nil, "Neo4j/2025.01.0": nil, "Neo4j/2026.10.1": nil, "Neo4j/6.0": nil,
		"Neo4j/5.25.1": ErrTooOld, "Neo4j/5": ErrTooOld, "Neo4j/4.4.39": ErrTooOld, "Neo4j/3.5.12": ErrTooOld,
		"Memgraph/2.1": ErrNoNeo4j, "Neo4j/dev": ErrNoNeo4j, "": ErrNoNeo4j,
	} {
		if err := s.checkAgent(agent); !errors.Is(err, what) {
			t.Errorf("%q: %v", agent, err)
		}
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

func TestLogin(t *testing.T) {
	server := neo4jtest.Server(t)
	good := configFor(server)
	t.Run("unknown database", func(t *testing.T) {
		c := good
		c.Database = "crew"
		refused(t, c, ErrDatabase, `there is no database "crew"`, "$NEO4J_DATABASE")
		c.URI = strings.Replace(c.URI, "bolt:", "neo4j:", 1)
		refused(t, c, ErrDatabase, `there is no database "crew"`)
	})
	t.Run("without a login", func(t *testing.T) {
		refused(t, Config{URI: good.URI}, ErrLogin, "wants a user and a password")
	})
	t.Run("routed", func(t *testing.T) {
		c := good
		c.URI = strings.Replace(c.URI, "bolt:", "neo4j:", 1)
		c.Database = "neo4j"
		if s := opened(t, c); s.database != "neo4j" {
			t.Errorf("the database is called %q", s.database)
		}
	})
	t.Run("a password alone", func(t *testing.T) {
		c := good
		c.User = ""
		opened(t, c)
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := Open(ctx, good, "a")
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("own reason to cancel", func(t *testing.T) {
		reason := errors.New("the user went home")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		_, err := Open(ctx, good, "a")
		if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) {
			t.Error(err)
		}
	})
}

// authority makes a certificate authority (PEM) and one of its certificates for a host, with its key, as files of a server.
func authority(t testing.TB, host string) (ca []byte, files map[string][]byte) {
	t.Helper()
	sign := func(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) ([]byte, *x509.Certificate) {
		der := must(x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey))
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), must(x509.ParseCertificate(der))
	}
	rootKey, key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := func(n int64, name string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(n), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
			NotAfter: time.Now().Add(24 * time.Hour), BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature}
	}
	root := template(1, "An authority for tests")
	root.IsCA, root.KeyUsage = true, x509.KeyUsageCertSign
	ca, parent := sign(root, root, rootKey, rootKey)
	leaf := template(2, host)
	leaf.DNSNames, leaf.ExtKeyUsage = []string{host}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	certificate, _ := sign(leaf, parent, key, rootKey)
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))})
	return ca, map[string][]byte{"certificates/bolt/private.key": private, "certificates/bolt/public.crt": certificate}
}

// TestEncryption connects in every way to servers with and without TLS.
func TestEncryption(t *testing.T) {
	ca, files := authority(t, "localhost")
	otherCA, _ := authority(t, "localhost")
	secure := neo4jtest.Start(t, neo4jtest.Options{Files: files, Conf: []string{"server.bolt.tls_level=REQUIRED", "dbms.ssl.policy.bolt.enabled=true",
		"dbms.ssl.policy.bolt.base_directory=certificates/bolt", "dbms.ssl.policy.bolt.client_auth=NONE", "server.bolt.advertised_address=localhost"}})
	at := func(scheme, host string, ca []byte) Config {
		c := configFor(secure.Address)
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(secure.URI, "bolt://"))
		c.URI, c.CA = scheme+"://"+net.JoinHostPort(host, port), ca
		return c
	}
	t.Run("with its authority", func(t *testing.T) { opened(t, at("bolt+s", "localhost", ca)) })
	t.Run("with two authorities", func(t *testing.T) { opened(t, at("bolt+s", "localhost", bytes.Join([][]byte{otherCA, ca}, nil))) })
	t.Run("whoever it is", func(t *testing.T) { opened(t, at("bolt+ssc", "127.0.0.1", nil)) })
	t.Run("authority not given", func(t *testing.T) {
		refused(t, at("bolt+s", "localhost", nil), ErrEncryption, "nobody whom this machine trusts", "--neo4j-ca FILE")
		refused(t, at("neo4j+s", "localhost", nil), ErrEncryption, "nobody whom this machine trusts")
	})
	t.Run("another authority", func(t *testing.T) {
		refused(t, at("bolt+s", "localhost", otherCA), ErrEncryption, "nobody whom this machine trusts")
	})
	t.Run("another host", func(t *testing.T) {
		refused(t, at("bolt+s", "127.0.0.1", ca), ErrEncryption, "its certificate is for localhost, not for 127.0.0.1")
	})
	t.Run("not encrypted", func(t *testing.T) {
		refused(t, at("bolt", "localhost", nil), ErrEncryption, "it takes encrypted connections only: use bolt+s://")
		refused(t, at("neo4j", "localhost", nil), ErrEncryption, "it takes encrypted connections only: use neo4j+s://")
	})
	t.Run("the cause stays", func(t *testing.T) {
		var unknown x509.UnknownAuthorityError
		if err := refused(t, at("bolt+s", "localhost", nil), ErrEncryption); !errors.As(err, &unknown) {
			t.Errorf("%v does not lead to the cause", err)
		}
	})
}

// TestEncryptionAgainstPlain asks a server without TLS for it.
func TestEncryptionAgainstPlain(t *testing.T) {
	server := neo4jtest.Server(t)
	for _, scheme := range []string{"bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"} {
		c := configFor(server)
		c.URI = strings.Replace(c.URI, "bolt", scheme, 1)
		refused(t, c, ErrEncryption, "it speaks without encryption", "use "+strings.Split(scheme, "+")[0]+"://")
	}
}

// TestServerTroubles has a server of its own with little memory for transactions, which it asks with wrong passwords, stops,
// and makes read-only.
func TestServerTroubles(t *testing.T) {
	usual := []string{"db.memory.transaction.max=2m", "dbms.security.auth_lock_time=1s"}
	server := neo4jtest.Start(t, neo4jtest.Options{Conf: usual})
	c := configFor(server.Address)
	t.Run("wrong password", func(t *testing.T) { wrongPassword(t, c) })
	time.Sleep(2 * time.Second) // until the server listens to that user again

	s := opened(t, c)
	put := func() error { return s.PutDocument(t.Context(), "view", "mine", []byte(`{}`)) }
	get := func() error { _, err := s.Document(t.Context(), "view", "mine"); return err }
	if err := errors.Join(put(), get()); err != nil {
		t.Fatal(err)
	}
	t.Run("too large", func(t *testing.T) { tooLarge(t, s) })
	if rows := server.Run(t, "MATCH (x:Big) RETURN count(x) AS n", nil); rows[0]["n"] != int64(0) {
		t.Errorf("%v of the nodes are there", rows[0]["n"])
	}

	server.Stop(t) // in good order: a database that was killed cannot be mended when it is read-only
	for name, call := range map[string]func() error{"put": put, "get": get} {
		start := time.Now()
		err := call()
		t.Logf("%s, %.1f s: %v", name, time.Since(start).Seconds(), err)
		isTrouble(t, err, ErrUnreachable)
		if took := time.Since(start); took > quickTime+time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}

	server.Configure(append(usual, "server.databases.default_to_read_only=true")...)
	server.Restart(t)
	err := get()
	for n := 0; err != nil && n < 10; n++ { // its first answer may take long on a busy machine
		err = get()
	}
	if err != nil {
		t.Errorf("after the restart: %v", err)
	}
	err = put()
	t.Log(err)
	isTrouble(t, err, ErrReadOnly)
	t.Run("read-only", func(t *testing.T) { onlyRead(t, c) })
}

func wrongPassword(t *testing.T, c Config) {
	c.Password = "geheim42"
	for n, scheme := range []string{"bolt", "neo4j", "bolt", "bolt", "bolt", "bolt"} {
		c.URI = scheme + c.URI[strings.Index(c.URI, ":"):]
		err := refused(t, c, ErrLogin)
		if strings.Contains(err.Error(), `there were too many wrong passwords for the user "neo4j"`) && n > 1 {
			return
		}
		if !strings.Contains(err.Error(), `the user "neo4j" or the password is wrong`) || !strings.Contains(err.Error(), "$NEO4J_PASSWORD") {
			t.Errorf("try %d: %v", n+1, err)
		}
	}
	t.Error("wrong passwords are never too many")
}

func tooLarge(t *testing.T, s *Store) {
	tries := 0
	err := s.write(t.Context(), func(tx neo4j.ExplicitTransaction) error {
		tries++
		return exec(t.Context(), tx, "UNWIND range(1, 100000) AS n CREATE (x:Big {n: n, text: 'some text ' + n})", nil)
	})
	t.Log(err)
	isTrouble(t, err, errTooLarge)
	if tries != 1 || !strings.Contains(err.Error(), "db.memory.transaction.max") {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

// onlyRead opens the store of a read-only database, and what has no store there.
func onlyRead(t *testing.T, c Config) {
	for _, scheme := range []string{"bolt", "neo4j"} {
		c.URI = scheme + c.URI[strings.Index(c.URI, ":"):]
		s := opened(t, c) // nothing has to be written
		if got, err := s.Document(t.Context(), "view", "mine"); string(got) != "{}" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		err := s.PutDocument(t.Context(), "view", "mine", []byte("1"))
		t.Log(err)
		isTrouble(t, err, ErrReadOnly)
		if err := s.makeReady(t.Context(), state{format: currentFormat}); err != nil {
			t.Errorf("an index is missing: %v", err)
		}
		err = s.makeReady(t.Context(), state{})
		isTrouble(t, err, ErrReadOnly)
		if !strings.Contains(err.Error(), "server.databases.read_only") {
			t.Errorf("without a store: %v", err)
		}
	}
}

// TestLostDuringCommit cuts the connection between a store and the server as the commit passes.
func TestLostDuringCommit(t *testing.T) {
	server := neo4jtest.Server(t)
	for _, arrives := range []bool{true, false} {
		t.Run(fmt.Sprint("arrives ", arrives), func(t *testing.T) {
			w := &wire{to: strings.TrimPrefix(server.URI, "bolt://")}
			c := configFor(server)
			c.URI = "bolt://" + listen(t, w.serve)
			s := opened(t, c)
			w.cut.Store(1)
			if arrives {
				w.cut.Store(2)
			}
			tries := 0
			err := s.write(t.Context(), func(tx neo4j.ExplicitTransaction) error {
				tries++
				return exec(t.Context(), tx, "CREATE (:Lost {arrives: $arrives})", map[string]any{"arrives": arrives})
			})
			t.Log(err)
			isTrouble(t, err, errOutcomeUnknown)
			if tries != 1 {
				t.Errorf("it was tried %d times", tries)
			}
			time.Sleep(200 * time.Millisecond)
			rows := server.Run(t, "MATCH (n:Lost {arrives: $arrives}) RETURN count(n) AS n", map[string]any{"arrives": arrives})
			if want := map[bool]int64{true: 1}[arrives]; rows[0]["n"] != want {
				t.Errorf("%d nodes, want %d", rows[0]["n"], want)
			}
		})
	}
}

// TestSentAway has a server name an address for its database that cannot be reached, as one behind a router may.
func TestSentAway(t *testing.T) {
	server := neo4jtest.Server(t)
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	w := &wire{to: strings.TrimPrefix(server.URI, "bolt://"), away: l.Addr().String()}
	l.Close()
	here := listen(t, w.serve)
	c := configFor(server)
	c.URI = "neo4j://" + here
	refused(t, c, ErrUnreachable, "the addresses that it gives for its database cannot be reached", "use bolt://", "server.bolt.advertised_address")
	c.URI = "bolt://" + here
	opened(t, c)
}

// TestRetries has two transactions that lock two nodes crosswise: the server ends one, and both get through.
func TestRetries(t *testing.T) {
	server := neo4jtest.Server(t)
	server.Run(t, "CREATE (:Cross {n: 1, sum: 0}), (:Cross {n: 2, sum: 0})", nil)
	s := opened(t, configFor(server))
	done := make(chan error)
	tries := make(chan int, 100)
	for i := range 4 {
		go func() {
			first, second := 1+i%2, 2-i%2
			done <- s.write(t.Context(), func(tx neo4j.ExplicitTransaction) error {
				tries <- i
				for _, n := range []int{first, second} {
					if err := exec(t.Context(), tx, "MATCH (c:Cross {n: $n}) SET c.sum = c.sum + 1", map[string]any{"n": n}); err != nil {
						return err
					}
					time.Sleep(50 * time.Millisecond)
				}
				return nil
			})
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d tries", len(tries))
	if len(tries) == 4 {
		t.Error("there was no deadlock: this proves nothing")
	}
	if rows := server.Run(t, "MATCH (c:Cross) RETURN min(c.sum) AS low, max(c.sum) AS high", nil); rows[0]["low"] != int64(4) || rows[0]["high"] != int64(4) {
		t.Errorf("%v", rows)
	}
}

// TestOwnErrors gives back what a caller's function says.
func TestOwnErrors(t *testing.T) {
	s := opened(t, configFor(neo4jtest.Server(t)))
	mine := &graph.ConflictError{Base: 1, Now: 2}
	if err := s.write(t.Context(), func(neo4j.ExplicitTransaction) error { return mine }); err != error(mine) {
		t.Errorf("%v", err)
	}
	if err := s.read(t.Context(), func(neo4j.ManagedTransaction) error { return mine }); err != error(mine) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		cancel()
		return exec(ctx, tx, "CREATE (:Never)", nil)
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
		return exec(ctx, tx, "UNWIND range(1, 1000000000) AS n WITH n WHERE n % 7 = 8 RETURN n", nil)
	})
	t.Log(err)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
