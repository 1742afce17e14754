package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// edit changes one message on its way.
func edit[M any](t *testing.T, message []byte, change func(*M)) []byte {
	t.Helper()
	var m M
	err := json.Unmarshal(message, &m)
	if err == nil {
		change(&m)
		message, err = json.Marshal(m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func mustBytes(t *testing.T) func(b []byte, err error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// Signaling that is damaged, or that a server swaps and replays: a clear error each time, and the honest messages still make the call.
func TestBadSignaling(t *testing.T) {
	s := newTestStage(t)
	must := mustBytes(t)
	alice, bob, carol, dave := newParty(t, s, "alice"), newParty(t, s, "bob"), newParty(t, s, "carol"), newParty(t, s, "dave")
	aliceOffer, carolOffer := must(alice.offer()), must(carol.offer())

	for name, c := range map[string]struct {
		offer []byte
		want  error // nil: any
	}{
		"cut JSON":         {aliceOffer[:len(aliceOffer)/2], nil},
		"cut SDP":          {edit(t, aliceOffer, func(m *offerMessage) { m.SDP = m.SDP[:100] }), nil},
		"no bundle":        {edit(t, aliceOffer, func(m *offerMessage) { m.Bundle = nil }), pqrtc.ErrInvalidLength},
		"truncated bundle": {edit(t, aliceOffer, func(m *offerMessage) { m.Bundle = m.Bundle[:1000] }), pqrtc.ErrInvalidLength},
		"garbled bundle":   {edit(t, aliceOffer, func(m *offerMessage) { copy(m.Bundle, bytes.Repeat([]byte{0xff}, 64)) }), pqrtc.ErrInvalidKey},
	} {
		if _, err := bob.answer(c.offer); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("offer with %s: %v", name, err)
		}
	}

	// Carol's bundle in Alice's offer: Dave cannot know, but Alice does when his answer comes.
	swapped := edit(t, aliceOffer, func(m *offerMessage) { *m = offerMessage{m.SDP, carolBundle(t, carolOffer)} })
	forSwapped := must(dave.answer(swapped))
	honest := must(bob.answer(aliceOffer))

	for name, c := range map[string]struct {
		answer []byte
		want   error
	}{
		"cut JSON":           {honest[:len(honest)/2], nil},
		"no exchange":        {edit(t, honest, func(m *answerMessage) { m.Exchange = nil }), pqrtc.ErrInvalidLength},
		"truncated exchange": {edit(t, honest, func(m *answerMessage) { m.Exchange = m.Exchange[:1119] }), pqrtc.ErrInvalidLength},
		"altered exchange":   {edit(t, honest, func(m *answerMessage) { m.Exchange[5] ^= 1 }), pqrtc.ErrDecryptionFailed},
		"truncated confirm":  {edit(t, honest, func(m *answerMessage) { m.Confirm = m.Confirm[:35] }), pqrtc.ErrInvalidLength},
		"altered SDP": {edit(t, honest, func(m *answerMessage) {
			m.SDP = strings.Replace(m.SDP, "a=fingerprint:sha-256 ", "a=fingerprint:sha-256 0", 1)
		}), pqrtc.ErrDecryptionFailed},
		"a swapped bundle": {forSwapped, pqrtc.ErrDecryptionFailed},
	} {
		if err := alice.accept(c.answer); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("answer with %s: %v", name, err)
		}
		if err := alice.sendNext(); !errors.Is(err, errNoKeys) {
			t.Errorf("a frame was sent after an answer with %s: %v", name, err)
		}
		alice.sent--
	}
	if err := carol.accept(honest); !errors.Is(err, pqrtc.ErrDecryptionFailed) {
		t.Errorf("Carol took Bob's answer to Alice: %v", err)
	}
	if packets, _ := alice.tap.seen(); packets != 0 {
		t.Errorf("%d packets left before there were keys", packets)
	}

	if err := alice.accept(honest); err != nil {
		t.Fatalf("the honest answer, after all that: %v", err)
	}
	play(t, s, alice, bob)
	alice.waitMore(10)
	bob.waitMore(10)

	// A later call of Alice's does not take the answer of this one.
	again := newParty(t, s, "alice")
	must(again.offer())
	if err := again.accept(honest); !errors.Is(err, pqrtc.ErrDecryptionFailed) {
		t.Errorf("an answer from an earlier call: %v", err)
	}
}

func carolBundle(t *testing.T, offer []byte) (bundle []byte) {
	edit(t, offer, func(m *offerMessage) { bundle = m.Bundle })
	return bundle
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
	late, err := newPeer(ice, func([]byte, pqrtc.FrameID) {})
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
