package main

import (
	"bytes"
	"crypto/sha512"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

func must(t *testing.T) func(b []byte, err error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// edit changes one message on its way.
func edit(t *testing.T, text []byte, change func(*message)) []byte {
	t.Helper()
	m, err := decode(text)
	if err != nil {
		t.Fatal(err)
	}
	change(&m)
	return must(t)(encode(m))
}

func otherCertificate(m *message) {
	m.SDP = regexp.MustCompile("(?m)^a=fingerprint:.*$").ReplaceAllString(m.SDP, "a=fingerprint:sha-256 "+strings.Repeat("AB:", 31)+"AB\r")
}

// What the operator of the signaling server can do: a clear error each time, and the honest messages still make the call.
func TestHostileSignaling(t *testing.T) {
	s := newTestStage(t)
	must := must(t)
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	refused := func(name string, p *party, text []byte, want error) {
		t.Helper()
		if _, err := p.receive(text); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
		if err := p.send(s.frames[0], s.each); !errors.Is(err, errNoKeys) {
			t.Errorf("a frame was sent after %s: %v", name, err)
		}
	}
	offer := must(alice.offer())
	refused("an offer that is cut", bob, offer[:len(offer)/2], errSignaling)
	refused("an offer without pqrtc", bob, regexp.MustCompile(`"pqrtc":"[^"]*"`).ReplaceAll(offer, []byte(`"x":1`)), errSignaling)
	refused("an offer without a fingerprint", bob, edit(t, offer, func(m *message) { m.SDP = strings.ReplaceAll(m.SDP, "a=fingerprint", "a=x") }), errSignaling)
	refused("an offer with its message cut", bob, edit(t, offer, func(m *message) { m.PQRTC = m.PQRTC[:1000] }), pqrtc.ErrMalformedMessage)

	// A man in the middle sends an offer of his own to Bob. Bob answers it, because an offer does not say who made it. He also answers Alice's offer.
	mallory, bob2 := newParty(t, s, "mallory"), newParty(t, s, "bob")
	refused("the finish of a man in the middle", bob2, must(mallory.receive(must(bob2.receive(must(mallory.offer()))))), pqrtc.ErrPeerRejected)
	mallory = newParty(t, s, "mallory")
	refused("the answer of a man in the middle", alice, must(mallory.receive(offer)), pqrtc.ErrPeerRejected)
	// Or he puts his certificate into the SDP.
	alice2, bob3 := newParty(t, s, "alice"), newParty(t, s, "bob")
	finish := must(alice2.receive(must(bob3.receive(edit(t, must(alice2.offer()), otherCertificate)))))
	refused("an offer with another certificate", bob3, finish, pqrtc.ErrBindingMismatch)

	answer := must(bob.receive(offer))
	refused("an answer with another certificate", alice, edit(t, answer, otherCertificate), pqrtc.ErrBindingMismatch)
	refused("an answer that is altered", alice, edit(t, answer, func(m *message) { m.PQRTC[5] ^= 1 }), pqrtc.ErrHandshakeFailed)
	refused("the answer to another offer", newStarted(t, s, "alice"), answer, pqrtc.ErrHandshakeFailed)
	refused("the own offer as the answer", alice, edit(t, offer, func(m *message) { m.Type = "answer" }), pqrtc.ErrUnexpectedMessage)

	finish = must(alice.receive(answer))
	refused("a finish that is altered", bob, edit(t, finish, func(m *message) { m.PQRTC[len(m.PQRTC)-1] ^= 1 }), pqrtc.ErrHandshakeFailed)
	if packets, _ := bob.tap.seen(); packets != 0 {
		t.Errorf("%d packets left before Bob knew who calls", packets)
	}
	if err := carry(finish, bob.peer, alice.peer); err != nil {
		t.Fatalf("the honest finish, after all that: %v", err)
	}
	play(t, s, alice, bob)
	alice.waitMore(10)
	bob.waitMore(10)
}

func newStarted(t *testing.T, s *stage, user string) *party {
	p := newParty(t, s, user)
	must(t)(p.offer())
	return p
}

// A server in the path of DTLS leaves the SHA-256 fingerprint that Alice signs, and puts one of its own certificate before it, by another hash.
// pion goes by the first: without clean it would be connected.
func TestAddedFingerprint(t *testing.T) {
	s := newTestStage(t)
	must := must(t)
	for name, connects := range map[string]bool{"cleaned": false, "as it came": true} {
		alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
		mallory, err := plainLink(s, s.turnAddr, "mallory", func([]byte) {})
		if err != nil {
			t.Fatal(err)
		}
		defer mallory.close()
		signed, err := decode(must(alice.offer()))
		if err != nil {
			t.Fatal(err)
		}
		sdp, err := mallory.offer()
		if err != nil {
			t.Fatal(err)
		}
		file, err := mallory.pc.GetConfiguration().Certificates[0].PEM()
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode([]byte(file))
		other := sha512.Sum512(block.Bytes)
		sdp = strings.ReplaceAll(sdp, "a=fingerprint:", "a=fingerprint:sha-512 "+withColons(other[:])+"\r\na=fingerprint:")
		sdp = strings.ReplaceAll(sdp, withColons(must(mallory.fingerprint())), withColons(must(fingerprint(signed.SDP))))
		var sent string
		if name == "cleaned" {
			var m message
			m, err = decode(must(bob.receive(must(encode(message{"offer", sdp, signed.PQRTC})))))
			sent = m.SDP
		} else {
			sent, err = bob.link.answer(sdp)
		}
		if err == nil {
			err = mallory.accept(sent)
		}
		if err != nil {
			t.Fatal(err)
		}
		for start := time.Now(); time.Since(start) < patience; time.Sleep(10 * time.Millisecond) {
			if state := bob.pc.ConnectionState(); state != webrtc.PeerConnectionStateNew && state != webrtc.PeerConnectionStateConnecting {
				break
			}
		}
		if state := bob.pc.ConnectionState(); (state == webrtc.PeerConnectionStateConnected) != connects {
			t.Errorf("%s: %v", name, state)
		}
	}
}

func withColons(fingerprint []byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", fingerprint), " ", ":")
}

// turnClient is a client of the TURN server with a relay, as ICE has one inside.
func turnClient(t *testing.T, server net.Addr, c credential) (*turn.Client, net.PacketConn, error) {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	client, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: server.String(), STUNServerAddr: server.String(), Conn: conn,
		Username: c.Username, Password: c.Password, Realm: realm,
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: nowhere{}, DefaultLogLevel: logging.LogLevelDisabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.Listen(); err != nil {
		t.Fatal(err)
	}
	relay, err := client.Allocate()
	if err == nil {
		t.Cleanup(func() { relay.Close() })
	}
	return client, relay, err
}

func allocate(t *testing.T, server net.Addr, c credential) error {
	_, _, err := turnClient(t, server, c)
	return err
}

func mint(t *testing.T, secret []byte, user string, lifetime time.Duration) credential {
	t.Helper()
	username, password, err := pqrtc.MintTURN(secret, user, time.Now().Add(lifetime))
	if err != nil {
		t.Fatal(err)
	}
	return credential{username, password}
}

func expire(t *testing.T, c credential) {
	t.Helper()
	expiry, _, _ := strings.Cut(c.Username, ":")
	seconds, err := strconv.ParseInt(expiry, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(time.Unix(seconds+1, 0)))
}

// A call lasts longer than the credential that it began with: allocations are refreshed under it and frames go on.
func TestCallOutlivesItsCredential(t *testing.T) {
	const allocations = 2 * time.Second
	s, err := newStageFor(8*time.Second, allocations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	minted := mint(t, s.secret, "", s.lifetime) // no later than those of the call
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	connectParties(t, alice, bob)
	play(t, s, alice, bob)
	expire(t, minted)
	time.Sleep(2 * time.Second)
	time.Sleep(2 * allocations) // without refreshes the relays have gone
	alice.waitMore(30)
	bob.waitMore(30)
	if n := s.turn.AllocationCount(); n < 2 {
		t.Errorf("%d allocations are left", n)
	}
	if err := allocate(t, s.turnAddr, minted); err == nil {
		t.Error("a new allocation with the expired credential")
	}
}

// Permissions for new peers too; but the password counts in every request.
func TestPermissionsBeyondTheExpiry(t *testing.T) {
	s := newTestStage(t)
	short := mint(t, s.secret, "alice", 3*time.Second)
	client, relay, err := turnClient(t, s.turnAddr, short)
	if err != nil {
		t.Fatal(err)
	}
	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	expire(t, short)
	if err := client.CreatePermission(peer.LocalAddr()); err != nil {
		t.Errorf("a permission after the expiry: %v", err)
	}
	if err := client.CreatePermission(&net.UDPAddr{IP: net.IPv4(127, 0, 0, 2), Port: 5000}); err != nil {
		t.Errorf("a permission for a new peer after the expiry: %v", err)
	}
	if _, err := relay.WriteTo([]byte("hello"), peer.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 100)
	if err := peer.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if n, _, err := peer.ReadFrom(buffer); err != nil || string(buffer[:n]) != "hello" {
		t.Errorf("through the relay after the expiry: %q, %v", buffer[:n], err)
	}

	// The handler gives the key of the right password, whatever the method: who signs with another one is refused by pion.
	handler := authHandler(s.secret)
	request := func(method stun.Method, c credential) bool {
		_, key, ok := handler(&turn.RequestAttributes{Username: c.Username, Realm: realm, Method: method})
		return ok && bytes.Equal(key, turn.GenerateAuthKey(c.Username, realm, c.Password))
	}
	for _, method := range []stun.Method{stun.MethodRefresh, stun.MethodCreatePermission, stun.MethodChannelBind} {
		if !request(method, short) {
			t.Errorf("%v with the right password was refused", method)
		}
		if request(method, credential{short.Username, mint(t, []byte("another"), "alice", 0).Password}) {
			t.Errorf("%v with a wrong password passed", method)
		}
	}
	if request(stun.MethodAllocate, short) {
		t.Error("an allocation with an expired credential passed")
	}
}

// The TURN server and pqrtc.VerifyTURN must be of one mind.
func TestTURNCredentials(t *testing.T) {
	s := newTestStage(t)
	good := mint(t, s.secret, "alice", time.Hour)
	for name, c := range map[string]struct {
		credential
		want error
	}{
		"good":               {good, nil},
		"good, no user":      {mint(t, s.secret, "", time.Hour), nil},
		"another secret":     {mint(t, []byte("another"), "alice", time.Hour), pqrtc.ErrCredentialRejected},
		"another user":       {credential{strings.Replace(good.Username, "alice", "mallory", 1), good.Password}, pqrtc.ErrCredentialRejected},
		"a later expiry":     {credential{"9" + good.Username, good.Password}, pqrtc.ErrCredentialRejected},
		"a leading zero":     {credential{"0" + good.Username, good.Password}, pqrtc.ErrCredentialRejected},
		"no expiry":          {credential{"alice", good.Password}, pqrtc.ErrCredentialRejected},
		"truncated password": {credential{good.Username, good.Password[:27]}, pqrtc.ErrCredentialRejected},
		"expired":            {mint(t, s.secret, "alice", -time.Minute), pqrtc.ErrCredentialExpired},
	} {
		if err := pqrtc.VerifyTURN(s.secret, c.Username, c.Password, time.Now()); !errors.Is(err, c.want) && err != c.want {
			t.Errorf("%s: VerifyTURN says %v", name, err)
		}
		if err := allocate(t, s.turnAddr, c.credential); (err == nil) != (c.want == nil) {
			t.Errorf("%s: the TURN server says %v", name, err)
		}
	}

	// In a call, and wrapped.
	ice, err := fetchICEServer(s.turnAddr.String(), func(publicKey []byte) ([]byte, error) {
		return issueCredential(s.secret, "alice", -time.Minute, publicKey)
	})
	if err != nil {
		t.Fatal(err)
	}
	me, err := s.identity("alice")
	if err != nil {
		t.Fatal(err)
	}
	late, err := newPeer(me, make([]byte, 32), []webrtc.ICEServer{ice}, func([]byte, pqrtc.FrameID) {})
	if err != nil {
		t.Fatal(err)
	}
	defer late.close()
	if _, err := late.offer(); !errors.Is(err, errNoRelay) {
		t.Errorf("a call with an expired credential: %v", err)
	}
	_, err = fetchICEServer(s.turnAddr.String(), func(publicKey []byte) ([]byte, error) {
		wrapped, err := issueCredential(s.secret, "alice", time.Hour, publicKey)
		return altered(wrapped, 700), err
	})
	if !errors.Is(err, pqrtc.ErrDecryptionFailed) {
		t.Errorf("an altered wrapped credential: %v", err)
	}
}
