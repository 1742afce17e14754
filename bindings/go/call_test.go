package pqrtc_test

import (
	"bytes"
	"testing"

	"pqrtc.example/pqrtc/bindings/go"
)

func identity(t *testing.T) (*pqrtc.SigningKey, []byte, *pqrtc.Policy) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65Ed25519)
	must(t, key, err)
	pk, err := key.PublicKey()
	print, err2 := pqrtc.MLDSA65Ed25519.Fingerprint(must(t, pk, err))
	policy, err := pqrtc.NewPolicy(pqrtc.ProfileDefault)
	must(t, policy, err)
	return key, must(t, print, err2), policy
}

func TestCallAndRekey(t *testing.T) {
	me, mine, myPolicy := identity(t)
	you, yours, yourPolicy := identity(t)
	must(t, 0, yourPolicy.Set(pqrtc.PolicyPin, mine))
	a, b := bytes.Repeat([]byte{'a'}, 32), bytes.Repeat([]byte{'b'}, 32)
	alice, err := pqrtc.NewCall(myPolicy, pqrtc.CallOptions{Identity: me, Binding: a, Credential: []byte("alice")})
	must(t, alice, err)
	bob, err := pqrtc.NewCall(yourPolicy, pqrtc.CallOptions{Identity: you, Binding: b})
	must(t, bob, err)
	wantErr(t, "a session too early", second(alice.Session()), pqrtc.ErrUnexpectedMessage)
	for epoch := range uint32(2) {
		offer, err := alice.Offer()
		answer, err2 := bob.Receive(must(t, offer, err), a)
		must(t, answer, err2)
		if epoch == 0 {
			wantErr(t, "a peer that is not pinned", second(alice.Receive(answer, b)), pqrtc.ErrPeerRejected)
			must(t, 0, alice.Pin(yours))
		}
		wantErr(t, "another fingerprint", second(alice.Receive(answer, a)), pqrtc.ErrBindingMismatch)
		finish, err := alice.Receive(answer, b)
		ack, err2 := bob.Receive(must(t, finish, err), a)
		_, err = alice.Receive(must(t, ack, err2), b)
		must(t, 0, err)
		info, err := bob.Info()
		if must(t, info, err); info.Epoch != epoch || !info.MaySend || !bytes.Equal(info.PeerFingerprint[:], mine) {
			t.Errorf("%+v", info)
		}
	}
	x, err := alice.SAS()
	y, err2 := bob.SAS()
	if must(t, x, err) != must(t, y, err2) || len(x) != 10 {
		t.Errorf("SAS %q and %q", x, y)
	}
	peer, err := bob.Peer()
	if must(t, peer, err); string(peer.Credential) != "alice" || peer.Algorithm != pqrtc.MLDSA65Ed25519 {
		t.Errorf("%+v", peer)
	}
	sender, err := alice.Sender(0, pqrtc.SFrameAES256GCM)
	must(t, sender, err)
	receiver, err := bob.Receiver(pqrtc.SFrameAES256GCM)
	must(t, receiver, err)
	sealed, err := sender.Seal(nil, nil, []byte("frame"))
	opened, err2 := receiver.Open(nil, nil, must(t, sealed, err))
	if string(must(t, opened, err2)) != "frame" {
		t.Error("another frame")
	}
	kid, key, err := alice.SFrameKey(pqrtc.Sending, 1)
	must(t, key, err)
	kid2, key2, err := bob.SFrameKey(pqrtc.Receiving, 1)
	if must(t, key2, err); kid != kid2 || !bytes.Equal(key, key2) {
		t.Error("the sides have different keys")
	}
	wantErr(t, "no message", second(bob.Receive([]byte("xyz"), nil)), pqrtc.ErrMalformedMessage)
	must(t, 0, alice.SetBinding(b))
	must(t, 0, alice.Close())
	wantErr(t, "closed", second(alice.Offer()), pqrtc.ErrClosed)
	wantErr(t, "nil policy", second(pqrtc.NewCall(nil, pqrtc.CallOptions{})), pqrtc.ErrNullPointer)
}

func TestKeysInFiles(t *testing.T) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	pair, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	must(t, pair, err)
	pk, err := pair.PublicKey()
	must(t, pk, err)
	for _, format := range []pqrtc.KeyFormat{pqrtc.FormatDER, pqrtc.FormatPEM} {
		file, err := key.Export(format)
		again, err2 := pqrtc.ImportSigningKey(must(t, file, err))
		must(t, again, err2)
		pairFile, err := pair.Export(format)
		pairAgain, err2 := pqrtc.ImportKEMKeypair(must(t, pairFile, err))
		must(t, pairAgain, err2)
		wantErr(t, "a KEM key as a signing key", second(pqrtc.ImportSigningKey(pairFile)), pqrtc.ErrInvalidKey)
		public, err := pqrtc.ExportPublicKey(pqrtc.MLKEM768.PublicKey(), pk, format)
		algorithm, raw, err2 := pqrtc.ImportPublicKey(must(t, public, err))
		if must(t, raw, err2); algorithm != pqrtc.MLKEM768.PublicKey() || !bytes.Equal(raw, pk) {
			t.Errorf("algorithm %d", algorithm)
		}
	}
	wantErr(t, "no key", third(pqrtc.ImportPublicKey([]byte("no key"))), pqrtc.ErrInvalidKey)
}
