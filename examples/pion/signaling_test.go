package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pion/logging"
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

// allocate asks the TURN server for a relay, as a client does.
func allocate(t *testing.T, server net.Addr, c credential) error {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	client, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: server.String(), STUNServerAddr: server.String(), Conn: conn,
		Username: c.Username, Password: c.Password, Realm: realm,
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: nowhere{}, DefaultLogLevel: logging.LogLevelDisabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Listen(); err != nil {
		t.Fatal(err)
	}
	relay, err := client.Allocate()
	if err == nil {
		relay.Close()
	}
	return err
}

// The TURN server and pqrtc.VerifyTURN must be of one mind.
func TestTURNCredentials(t *testing.T) {
	s := newTestStage(t)
	mint := func(secret []byte, user string, lifetime time.Duration) credential {
		username, password, err := pqrtc.MintTURN(secret, user, time.Now().Add(lifetime))
		if err != nil {
			t.Fatal(err)
		}
		return credential{username, password}
	}
	good := mint(s.secret, "alice", time.Hour)
	for name, c := range map[string]struct {
		credential
		want error
	}{
		"good":               {good, nil},
		"good, no user":      {mint(s.secret, "", time.Hour), nil},
		"another secret":     {mint([]byte("another"), "alice", time.Hour), pqrtc.ErrCredentialRejected},
		"another user":       {credential{strings.Replace(good.Username, "alice", "mallory", 1), good.Password}, pqrtc.ErrCredentialRejected},
		"a later expiry":     {credential{"9" + good.Username, good.Password}, pqrtc.ErrCredentialRejected},
		"a leading zero":     {credential{"0" + good.Username, good.Password}, pqrtc.ErrCredentialRejected},
		"no expiry":          {credential{"alice", good.Password}, pqrtc.ErrCredentialRejected},
		"truncated password": {credential{good.Username, good.Password[:27]}, pqrtc.ErrCredentialRejected},
		"expired":            {mint(s.secret, "alice", -time.Minute), pqrtc.ErrCredentialExpired},
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
