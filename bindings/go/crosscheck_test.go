package pqrtc_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// The protocol once more, with Go's own cryptography: every message that one side makes is read by the other.

// goKeypair is a responder made of crypto/ecdh and crypto/mlkem.
type goKeypair struct {
	suite  pqrtc.Suite
	seed   []byte
	x      *ecdh.PrivateKey
	m      *mlkem.DecapsulationKey768
	bundle []byte
}

func newGoKeypair(t *testing.T, suite pqrtc.Suite, seed []byte) *goKeypair {
	t.Helper()
	k := &goKeypair{suite: suite, seed: seed}
	skX, kemSeed := seed[:32], seed[32:]
	if suite == pqrtc.XWing {
		full := sha3.SumSHAKE256(seed, 96)
		kemSeed, skX = full[:64], full[64:]
	}
	var err error
	if k.x, err = ecdh.X25519().NewPrivateKey(skX); err != nil {
		t.Fatal(err)
	}
	if k.m, err = mlkem.NewDecapsulationKey768(kemSeed); err != nil {
		t.Fatal(err)
	}
	k.bundle = join(suite, k.x.PublicKey().Bytes(), k.m.EncapsulationKey().Bytes())
	return k
}

// join puts the X25519 and the ML-KEM part of a message in the suite's order; split takes them apart.
func join(suite pqrtc.Suite, x, m []byte) []byte {
	if suite == pqrtc.XWing {
		x, m = m, x
	}
	return append(bytes.Clone(x), m...)
}

func split(suite pqrtc.Suite, b []byte) (x, m []byte) {
	if suite == pqrtc.XWing {
		return b[len(b)-32:], b[:len(b)-32]
	}
	return b[:32], b[32:]
}

func combine(suite pqrtc.Suite, ssX, ssM, ctX, pkX []byte) []byte {
	h := sha3.New256()
	parts := [][]byte{[]byte("V100-HYBRID-KX-V1"), ssX, ssM}
	if suite == pqrtc.XWing {
		parts = [][]byte{ssM, ssX, ctX, pkX, {0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c}}
	}
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func (k *goKeypair) respond(t *testing.T, exchange []byte) []byte {
	t.Helper()
	ctX, ctM := split(k.suite, exchange)
	peer, err := ecdh.X25519().NewPublicKey(ctX)
	must(t, peer, err)
	ssX, err := k.x.ECDH(peer)
	must(t, ssX, err)
	ssM, err := k.m.Decapsulate(ctM)
	return combine(k.suite, ssX, must(t, ssM, err), ctX, k.x.PublicKey().Bytes())
}

func goInitiate(t *testing.T, suite pqrtc.Suite, bundle []byte) (exchange, key []byte) {
	t.Helper()
	pkX, ekM := split(suite, bundle)
	peer, err := ecdh.X25519().NewPublicKey(pkX)
	must(t, peer, err)
	eph, err := ecdh.X25519().GenerateKey(rand.Reader)
	must(t, eph, err)
	ssX, err := eph.ECDH(peer)
	must(t, ssX, err)
	ek, err := mlkem.NewEncapsulationKey768(ekM)
	must(t, ek, err)
	ssM, ctM := ek.Encapsulate()
	ctX := eph.PublicKey().Bytes()
	return join(suite, ctX, ctM), combine(suite, ssX, ssM, ctX, pkX)
}

func TestHybridAgainstGo(t *testing.T) {
	for _, suite := range suites {
		sizes, err := suite.Sizes()
		must(t, sizes, err)
		goSide := newGoKeypair(t, suite, random(t, sizes.Seed))

		// the same seed gives the same bundle
		ours, err := pqrtc.HybridKeypairFromSeed(suite, goSide.seed)
		must(t, ours, err)
		bundle, err := ours.Bundle()
		if !bytes.Equal(must(t, bundle, err), goSide.bundle) {
			t.Fatalf("suite %d: bundle differs", suite)
		}
		seed, err := ours.Seed()
		if !bytes.Equal(must(t, seed, err), goSide.seed) {
			t.Errorf("suite %d: seed differs", suite)
		}

		// pqrtc initiates, Go responds
		exchange, session, err := pqrtc.Initiate(suite, goSide.bundle)
		must(t, session, err)
		key, err := session.Key()
		if !bytes.Equal(must(t, key, err), goSide.respond(t, exchange)) {
			t.Errorf("suite %d: Go as responder has another key", suite)
		}

		// Go initiates, pqrtc responds
		exchange, want := goInitiate(t, suite, bundle)
		session, err = ours.Respond(exchange)
		must(t, session, err)
		key, err = session.Key()
		if !bytes.Equal(must(t, key, err), want) {
			t.Errorf("suite %d: Go as initiator has another key", suite)
		}
	}
}

func TestKEMAgainstGo(t *testing.T) {
	seed := random(t, pqrtc.MLKEM768SeedSize)
	theirs, err := mlkem.NewDecapsulationKey768(seed)
	must(t, theirs, err)
	ours, err := pqrtc.KEMKeypairFromSeed(pqrtc.MLKEM768, seed)
	must(t, ours, err)
	ek, err := ours.PublicKey()
	if !bytes.Equal(must(t, ek, err), theirs.EncapsulationKey().Bytes()) {
		t.Fatal("encapsulation key differs")
	}
	ct, ss, err := pqrtc.Encapsulate(pqrtc.MLKEM768, ek)
	must(t, ct, err)
	got, err := theirs.Decapsulate(ct)
	if !bytes.Equal(must(t, got, err), ss) {
		t.Error("Go decapsulates to another secret")
	}
	ss, ct = theirs.EncapsulationKey().Encapsulate()
	got, err = ours.Decapsulate(ct)
	if !bytes.Equal(must(t, got, err), ss) {
		t.Error("pqrtc decapsulates to another secret")
	}
	// implicit rejection gives the same wrong secret on both sides
	ct[7] ^= 1
	a, errA := ours.Decapsulate(ct)
	b, errB := theirs.Decapsulate(ct)
	if errA != nil || errB != nil || !bytes.Equal(a, b) || bytes.Equal(a, ss) {
		t.Error("implicit rejection differs")
	}
}

func gcm(t *testing.T, key []byte) cipher.AEAD {
	t.Helper()
	block, err := aes.NewCipher(key)
	must(t, block, err)
	aead, err := cipher.NewGCM(block)
	return must(t, aead, err)
}

func TestTURNWrapAgainstGo(t *testing.T) {
	credential := []byte(`{"username":"1900000000:alice","credential":"aGVsbG8="}`)
	theirs, err := mlkem.GenerateKey768()
	must(t, theirs, err)
	wrapped, err := pqrtc.WrapTURN(pqrtc.MLKEM768, theirs.EncapsulationKey().Bytes(), credential)
	must(t, wrapped, err)
	ss, err := theirs.Decapsulate(wrapped[:1088])
	must(t, ss, err)
	got, err := gcm(t, ss).Open(nil, wrapped[1088:1100], wrapped[1100:], nil)
	if !bytes.Equal(must(t, got, err), credential) {
		t.Error("Go unwraps something else")
	}

	ours, err := pqrtc.KEMKeypairFromSeed(pqrtc.MLKEM768, theirs.Bytes())
	must(t, ours, err)
	ss, ct := theirs.EncapsulationKey().Encapsulate()
	nonce := random(t, 12)
	wrapped = gcm(t, ss).Seal(append(bytes.Clone(ct), nonce...), nonce, credential, nil)
	got, err = ours.UnwrapTURN(wrapped)
	if !bytes.Equal(must(t, got, err), credential) {
		t.Error("pqrtc unwraps something else")
	}
}

func TestTURNCredentialAgainstGo(t *testing.T) {
	secret := []byte("north")
	for user, want := range map[string]string{"alice": "1900000000:alice", "": "1900000000", "a:bé": "1900000000:a:bé"} {
		name, password, err := pqrtc.MintTURN(secret, user, time.Unix(1900000000, 0))
		must(t, 0, err)
		mac := hmac.New(sha1.New, secret)
		mac.Write([]byte(want))
		if name != want || password != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%q: minted %q %q", user, name, password)
		}
		if err := pqrtc.VerifyTURN(secret, name, password, time.Unix(1899999999, 0)); err != nil {
			t.Error(err)
		}
		wantErr(t, "at its expiry", pqrtc.VerifyTURN(secret, name, password, time.Unix(1900000000, 0)), pqrtc.ErrCredentialExpired)
	}
}

// Section 3 of the protocol.
func export(t *testing.T, sessionKey []byte, label string, context []byte, n int) []byte {
	t.Helper()
	prk, err := hkdf.Extract(sha512.New, sessionKey, []byte("pqrtc exporter v1"))
	must(t, prk, err)
	info := binary.BigEndian.AppendUint16(nil, uint16(n))
	info = append(append(info, byte(len(label))), label...)
	info = append(binary.BigEndian.AppendUint16(info, uint16(len(context))), context...)
	out, err := hkdf.Expand(sha512.New, prk, string(info), n)
	return must(t, out, err)
}

func TestExporterAgainstGo(t *testing.T) {
	a, _ := sessions(t, pqrtc.XWing)
	key, err := a.Key()
	must(t, key, err)
	for _, c := range []struct {
		label, context string
		n              int
	}{{"x", "", 1}, {"chat", "room", 32}, {string(bytes.Repeat([]byte{'l'}, 124)), string(make([]byte, 65535)), 16320}} {
		got, err := a.Export(c.label, []byte(c.context), c.n)
		if !bytes.Equal(must(t, got, err), export(t, key, "app "+c.label, []byte(c.context), c.n)) {
			t.Errorf("export of %d bytes differs", c.n)
		}
	}
	for profile, n := range map[pqrtc.SRTPProfile]int{1: 60, 7: 56, 8: 88} {
		k, err := a.SRTPKeys(profile)
		must(t, k, err)
		want := export(t, key, "pqrtc srtp", []byte{0, byte(profile)}, n)
		if got := bytes.Join([][]byte{k.ClientKey, k.ServerKey, k.ClientSalt, k.ServerSalt}, nil); !bytes.Equal(got, want) {
			t.Errorf("SRTP profile %d differs", profile)
		}
	}
}

func TestSessionMessagesAgainstGo(t *testing.T) {
	a, b := sessions(t, pqrtc.V100HybridKXV1)
	sessionKey, err := a.Key()
	must(t, sessionKey, err)
	key := func(role byte) cipher.AEAD { return gcm(t, export(t, sessionKey, "pqrtc message", []byte{role}, 32)) }
	sealed, err := b.Seal(nil, []byte("aad"), []byte("hello"))
	must(t, sealed, err)
	got, err := key(2).Open(nil, sealed[8:20], sealed[20:], append(bytes.Clone(sealed[:8]), "aad"...))
	if string(must(t, got, err)) != "hello" {
		t.Error("Go opens something else")
	}
	seq, nonce := []byte{0, 0, 0, 0, 0, 0, 0, 3}, random(t, 12)
	sealed = key(1).Seal(append(bytes.Clone(seq), nonce...), nonce, []byte("welcome"), append(bytes.Clone(seq), "aad"...))
	got, err = b.Open(nil, []byte("aad"), sealed)
	if string(must(t, got, err)) != "welcome" {
		t.Error("pqrtc opens something else")
	}
}

func TestSFrameAgainstGo(t *testing.T) {
	for _, suite := range ciphers {
		for _, kid := range []uint64{0, 7, 8, 0xffff, 1<<64 - 1} {
			a, b := sessions(t, pqrtc.XWing)
			sessionKey, err := a.Key()
			must(t, sessionKey, err)
			id := binary.BigEndian.AppendUint64(nil, kid)

			sender, err := pqrtc.NewSFrameSender(a, kid, suite)
			must(t, sender, err)
			ref, err := newReference(export(t, sessionKey, "pqrtc sframe", append([]byte{1}, id...), 32), kid, suite)
			must(t, ref, err)
			for i := range 300 { // past the counters that fit in the first byte, and past 255
				frame := []byte{byte(i), 1, 2, 3}
				sealed, err := sender.Seal(nil, []byte("m"), frame)
				must(t, sealed, err)
				if want := ref.seal(uint64(i), []byte("m"), frame); !bytes.Equal(sealed, want) {
					t.Fatalf("suite %d, KID %x, frame %d: %x, want %x", suite, kid, i, sealed, want)
				}
				got, err := ref.open([]byte("m"), sealed)
				if !bytes.Equal(must(t, got, err), frame) {
					t.Fatalf("suite %d: Go opens something else", suite)
				}
			}

			receiver, err := pqrtc.NewSFrameReceiver(suite)
			must(t, receiver, err)
			must(t, 0, receiver.AddSession(a, kid)) // what b sends
			ref, err = newReference(export(t, sessionKey, "pqrtc sframe", append([]byte{2}, id...), 32), kid, suite)
			must(t, ref, err)
			for _, ctr := range []uint64{0, 1, 1 << 20, 1<<20 - 1, 1<<63 + 5} {
				frame := random(t, 500)
				got, frameID, err := receiver.OpenID(nil, []byte("m"), ref.seal(ctr, []byte("m"), frame))
				if !bytes.Equal(must(t, got, err), frame) || frameID != (pqrtc.FrameID{KID: kid, Counter: ctr}) {
					t.Fatalf("suite %d, counter %d: pqrtc opens something else", suite, ctr)
				}
			}
			_ = b
		}
	}
}

func TestRatchetAgainstGo(t *testing.T) {
	for _, suite := range ciphers {
		base := random(t, 32)
		sender, err := pqrtc.NewSFrameSenderFromKey(base, 5<<8, suite)
		must(t, sender, err)
		must(t, 0, sender.SetRatchet(8))
		for step := range uint64(3) {
			if step > 0 {
				kid, err := sender.Ratchet()
				must(t, kid, err)
				ours, err := suite.RatchetBaseKey(base)
				must(t, ours, err)
				base, err = ratchet(base, suite)
				if !bytes.Equal(ours, must(t, base, err)) {
					t.Errorf("suite %d: the next base key differs", suite)
				}
			}
			ref, err := newReference(base, 5<<8|step, suite)
			must(t, ref, err)
			sealed, err := sender.Seal(nil, nil, []byte("frame"))
			must(t, sealed, err)
			if got, err := ref.open(nil, sealed); string(got) != "frame" || err != nil {
				t.Errorf("suite %d, step %d: %v", suite, step, err)
			}
		}
	}
}

// The reference itself is held to the vectors of RFC 9605 appendix C, so that it cannot be wrong in the library's way.
func TestReferenceAgainstRFC9605(t *testing.T) {
	data, err := os.ReadFile("../../../shared/vectors/rfc9605-sframe.json")
	if err != nil {
		t.Skip("skipped: no RFC 9605 vectors beside the project")
	}
	var vectors struct {
		SFrame []struct {
			Suite                       pqrtc.SFrameCipher `json:"cipher_suite"`
			KID, CTR                    uint64
			BaseKey                     string `json:"base_key"`
			Metadata, Aad, Ct, Pt, Salt string
		}
	}
	if err := json.Unmarshal(data, &vectors); err != nil || len(vectors.SFrame) != 5 {
		t.Fatal(len(vectors.SFrame), err)
	}
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		return must(t, b, err)
	}
	for _, v := range vectors.SFrame {
		ref, err := newReference(unhex(v.BaseKey), v.KID, v.Suite)
		must(t, ref, err)
		if got := ref.seal(v.CTR, unhex(v.Metadata), unhex(v.Pt)); hex.EncodeToString(got) != v.Ct {
			t.Errorf("suite %d: %x, want %s", v.Suite, got, v.Ct)
		}
	}
}
