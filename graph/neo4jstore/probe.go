package neo4jstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
)

// The driver does not say why it could not connect: a server that wants encryption, a port that speaks another
// language and a server that is going down look alike. So after a failure Open looks for itself.

// probeTime is how long each step may take to find out.
const probeTime = 1200 * time.Millisecond

// probe connects by hand and says what is wrong; nil when all is as it should be. cause is what the driver said.
func (s *Store) probe(ctx context.Context, roots *x509.CertPool, cause error) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return s.trouble(ErrUnreachable, dialAdvice(err), errors.Join(err, cause))
	}
	defer conn.Close()
	if !encrypted(s.server) {
		return s.probePlain(ctx, conn, cause)
	}
	secure, err := s.handshake(ctx, conn, &tls.Config{RootCAs: roots, InsecureSkipVerify: strings.HasSuffix(s.server.Scheme, "+ssc")})
	switch {
	case isTimeout(err):
		return s.trouble(ErrUnreachable, silentAdvice, errors.Join(err, cause))
	case err != nil:
		return s.trouble(ErrEncryption, s.encryptionAdvice(ctx, err), errors.Join(err, cause))
	}
	return s.greeting(ctx, secure, cause)
}

func (s *Store) dial(ctx context.Context) (net.Conn, error) {
	port := s.server.Port()
	if port == "" {
		port = "7687"
	}
	return (&net.Dialer{Timeout: probeTime}).DialContext(ctx, "tcp", net.JoinHostPort(s.server.Hostname(), port))
}

func (s *Store) handshake(ctx context.Context, conn net.Conn, config *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	config.ServerName, config.MinVersion = s.server.Hostname(), tls.VersionTLS12
	secure := tls.Client(conn, config)
	return secure, secure.HandshakeContext(ctx)
}

func dialAdvice(err error) string {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return fmt.Sprintf("no host %q is known: check the address", name.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: check the address, and that Neo4j runs"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to that host: check the address and the network"
	}
	return "nothing answers there: check the address, the firewall, and that Neo4j runs"
}

// encryptionAdvice says why TLS failed.
func (s *Store) encryptionAdvice(ctx context.Context, err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	scheme := strings.TrimSuffix(strings.TrimSuffix(s.server.Scheme, "+ssc"), "+s")
	switch {
	case errors.As(err, &host):
		return fmt.Sprintf("its certificate is for %s, not for %s: use a name of the certificate in the address, or give the server one for this name",
			namesOf(host.Certificate), s.server.Hostname())
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("its certificate holds from %s to %s: give the server a new one, or mend this machine's clock",
			invalid.Cert.NotBefore.Format(time.DateOnly), invalid.Cert.NotAfter.Format(time.DateOnly))
	case errors.As(err, &authority):
		return "nobody whom this machine trusts has signed its certificate: give the authority's certificate with --neo4j-ca FILE"
	case errors.As(err, &invalid):
		return "its certificate is not good: " + invalid.Error()
	case s.speaks(ctx, nil, web):
		return webAdvice
	case s.speaks(ctx, nil, bolt):
		return fmt.Sprintf("it speaks without encryption: use %s:// in the address, or turn TLS for Bolt on in its neo4j.conf", scheme)
	}
	return "what listens there does not speak TLS: check the address and the port, 7687 as a rule"
}

func namesOf(c *x509.Certificate) string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "no host (it names none)"
	}
	return strings.Join(names, ", ")
}

// probePlain tries the first words of Bolt without encryption.
func (s *Store) probePlain(ctx context.Context, conn net.Conn, cause error) error {
	err := s.greeting(ctx, conn, cause)
	if err == nil || errors.Is(err, ErrTooOld) || !s.speaks(ctx, &tls.Config{InsecureSkipVerify: true}, bolt) {
		return err
	}
	return s.trouble(ErrEncryption, fmt.Sprintf("it takes encrypted connections only: use %s+s:// in the address", s.server.Scheme), cause)
}

// language is how a conversation begins: what we say, and what an answer to it looks like.
type language struct {
	hello string
	is    func(answer []byte) bool
}

var (
	// bolt begins with its mark and four versions that a client would like to speak.
	bolt = language{"\x60\x60\xb0\x17\x00\x08\x08\x05\x00\x02\x04\x04\x00\x00\x00\x03\x00\x00\x00\x00",
		func(answer []byte) bool { return !web.is(answer) }}
	web = language{"HEAD / HTTP/1.0\r\n\r\n", func(answer []byte) bool { return string(answer) == "HTTP" }}
)

// talk says hello and gives the first four bytes of the answer.
func talk(conn net.Conn, l language) ([]byte, error) {
	conn.SetDeadline(time.Now().Add(probeTime))
	if _, err := io.WriteString(conn, l.hello); err != nil {
		return nil, err
	}
	answer := make([]byte, 4)
	_, err := io.ReadFull(conn, answer)
	return answer, err
}

// speaks tells whether the server speaks a language on a new connection, through TLS when a configuration for it is given.
func (s *Store) speaks(ctx context.Context, through *tls.Config, l language) bool {
	conn, err := s.dial(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	if through != nil {
		if conn, err = s.handshake(ctx, conn, through); err != nil {
			return false
		}
	}
	answer, err := talk(conn, l)
	return err == nil && l.is(answer)
}

const (
	webAdvice    = "what listens there is a web server: use the port for Bolt, 7687 as a rule"
	silentAdvice = "something takes connections there but says nothing: check the address, or wait until Neo4j has started"
)

// greeting says hello in Bolt and tells what is wrong with the answer; nil when it is well.
func (s *Store) greeting(ctx context.Context, conn net.Conn, cause error) error {
	answer, err := talk(conn, bolt)
	switch {
	case err == nil && bolt.is(answer) && answer[3] == 0:
		return s.trouble(ErrTooOld, supported, cause)
	case err == nil && bolt.is(answer):
		return nil
	case err == nil || s.speaks(ctx, nil, web):
		return s.trouble(ErrNoNeo4j, webAdvice, errors.Join(err, cause))
	case isTimeout(err):
		return s.trouble(ErrUnreachable, silentAdvice, errors.Join(err, cause))
	}
	return s.trouble(ErrNoNeo4j, "what listens there hangs up on us: check the address and the port, 7687 as a rule", errors.Join(err, cause))
}

func isTimeout(err error) bool {
	var slow net.Error
	return errors.As(err, &slow) && slow.Timeout()
}
