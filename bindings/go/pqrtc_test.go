package pqrtc_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

var suites = []pqrtc.Suite{pqrtc.V100HybridKXV1, pqrtc.XWing}

var ciphers = []pqrtc.SFrameCipher{
	pqrtc.SFrameAES128CTRHMACSHA25680, pqrtc.SFrameAES128CTRHMACSHA25664, pqrtc.SFrameAES128CTRHMACSHA25632,
	pqrtc.SFrameAES128GCM, pqrtc.SFrameAES256GCM,
}

// must ends the test on an error and closes v, if it can be closed, at the test's end.
func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := any(v).(io.Closer); ok {
		t.Cleanup(func() { c.Close() })
	}
	return v
}

func random(t testing.TB, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if err := pqrtc.Random(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// sessions gives both ends of a fresh exchange.
func sessions(t testing.TB, suite pqrtc.Suite) (initiator, responder *pqrtc.Session) {
	t.Helper()
	kp, err := pqrtc.GenerateHybridKeypair(suite)
	kp = must(t, kp, err)
	bundle, err := kp.Bundle()
	exchange, initiator, err := pqrtc.Initiate(suite, must(t, bundle, err))
	initiator = must(t, initiator, err)
	responder, err = kp.Respond(exchange)
	return initiator, must(t, responder, err)
}

// media gives a sender and a receiver that has its key.
func media(t testing.TB, cipher pqrtc.SFrameCipher, kid uint64) (*pqrtc.SFrameSender, *pqrtc.SFrameReceiver) {
	t.Helper()
	a, b := sessions(t, pqrtc.XWing)
	sender, err := pqrtc.NewSFrameSender(a, kid, cipher)
	sender = must(t, sender, err)
	receiver, err := pqrtc.NewSFrameReceiver(cipher)
	receiver = must(t, receiver, err)
	if err := receiver.AddSession(b, kid); err != nil {
		t.Fatal(err)
	}
	return sender, receiver
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestLibrary(t *testing.T) {
	if err := pqrtc.SelfTest(); err != nil {
		t.Fatal(err)
	}
	if strings.Count(pqrtc.Version(), ".") != 2 || pqrtc.ABIVersion() != 2 {
		t.Errorf("version %q, ABI %d", pqrtc.Version(), pqrtc.ABIVersion())
	}
	if p := pqrtc.Provider(); p != "aws-lc" && p != "pqclean" && p != "rustcrypto" {
		t.Errorf("provider %q", p)
	}
	b := random(t, 64)
	if bytes.Equal(b, make([]byte, 64)) || bytes.Equal(b, random(t, 64)) {
		t.Error("Random is not")
	}
	pqrtc.Cleanse(b)
	pqrtc.Cleanse(nil)
	if !bytes.Equal(b, make([]byte, 64)) {
		t.Error("Cleanse left something")
	}
}

func TestStatusText(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range []pqrtc.Status{pqrtc.ErrInvalidLength, pqrtc.ErrDecryptionFailed, pqrtc.ErrBadSignature, 77} {
		text := s.Error()
		if !strings.HasPrefix(text, "pqrtc: ") || seen[text] {
			t.Errorf("%d: %q", s, text)
		}
		seen[text] = true
	}
	err := error(pqrtc.ErrBadSignature)
	var s pqrtc.Status
	if !errors.As(err, &s) || s != 19 || errors.Is(err, pqrtc.ErrInvalidKey) {
		t.Errorf("ErrBadSignature as %d", s)
	}
}

func TestSessionsAgree(t *testing.T) {
	for _, suite := range suites {
		a, b := sessions(t, suite)
		x, err := a.Export("chat", []byte("room 1"), 64)
		must(t, x, err)
		y, err := b.Export("chat", []byte("room 1"), 64)
		if !bytes.Equal(x, must(t, y, err)) {
			t.Errorf("suite %d: the two ends export different bytes", suite)
		}
		z, err := b.Export("chat", []byte("room 2"), 64)
		if bytes.Equal(x, must(t, z, err)) {
			t.Errorf("suite %d: the context does not matter", suite)
		}
		for _, profile := range []pqrtc.SRTPProfile{pqrtc.SRTPAES128CMHMACSHA180, pqrtc.SRTPAEADAES128GCM, pqrtc.SRTPAEADAES256GCM} {
			ka, err := a.SRTPKeys(profile)
			must(t, ka, err)
			kb, err := b.SRTPKeys(profile)
			must(t, kb, err)
			flat := func(k pqrtc.SRTPKeys) []byte {
				return slices.Concat(k.ClientKey, k.ServerKey, k.ClientSalt, k.ServerSalt)
			}
			if !bytes.Equal(flat(ka), flat(kb)) || len(ka.ClientKey) != len(ka.ServerKey) || len(ka.ClientSalt) != len(ka.ServerSalt) {
				t.Errorf("suite %d, profile %d: SRTP keys differ", suite, profile)
			}
		}
	}
}

func TestSessionMessages(t *testing.T) {
	a, b := sessions(t, pqrtc.XWing)
	for _, text := range []string{"", "group key", strings.Repeat("x", 1<<20)} {
		sealed, err := a.Seal([]byte("head"), []byte("aad"), []byte(text))
		must(t, sealed, err)
		if len(sealed) != 4+len(text)+pqrtc.SessionSealOverhead {
			t.Fatalf("%d bytes sealed to %d", len(text), len(sealed))
		}
		got, err := b.Open([]byte("pre"), []byte("aad"), sealed[4:])
		if string(must(t, got, err)) != "pre"+text {
			t.Error("message changed on its way")
		}
		_, err = b.Open(nil, []byte("aad"), sealed[4:])
		wantErr(t, "second opening", err, pqrtc.ErrReplayedFrame)
		_, err = a.Open(nil, []byte("aad"), sealed[4:])
		wantErr(t, "own message", err, pqrtc.ErrDecryptionFailed)
	}
}

func TestFramesAllWays(t *testing.T) {
	for _, cipher := range ciphers {
		sender, receiver := media(t, cipher, 7)
		frame, metadata := random(t, 1200), []byte("metadata")
		buf := make([]byte, 0, len(frame)+pqrtc.SFrameMaxOverhead)

		appended, err := sender.Seal([]byte("head"), metadata, frame)
		must(t, appended, err)
		got, id, err := receiver.OpenID([]byte("pre"), metadata, appended[4:])
		if !bytes.Equal(must(t, got, err), append([]byte("pre"), frame...)) || id != (pqrtc.FrameID{KID: 7, Counter: 0}) {
			t.Errorf("cipher %d: appended frame differs, or its id %v", cipher, id)
		}

		inPlace := append(buf, frame...)
		sealed, err := sender.Seal(inPlace[:0], metadata, inPlace)
		must(t, sealed, err)
		if &sealed[0] != &inPlace[0] {
			t.Errorf("cipher %d: in place is elsewhere", cipher)
		}
		got, err = receiver.Open(sealed[:0], metadata, sealed)
		if !bytes.Equal(must(t, got, err), frame) || &got[0] != &inPlace[0] {
			t.Errorf("cipher %d: frame opened in place differs", cipher)
		}
		empty, err := sender.Seal(nil, nil, nil)
		must(t, empty, err)
		got, err = receiver.Open(nil, nil, empty)
		if len(must(t, got, err)) != 0 {
			t.Errorf("cipher %d: empty frame is not", cipher)
		}
	}
}

func TestCodecs(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES256GCM, 9)
	noise := random(t, 500)
	annexB := slices.Concat([]byte{0, 0, 0, 1, 0x67, 1, 2, 3, 0, 0, 0, 1, 0x65, 0x88}, bytes.ReplaceAll(noise, []byte{0}, []byte{1}))
	avcc := append([]byte{0, 0, 1, 0xf5, 0x65}, noise...) // one unit of 501 bytes
	hevc := slices.Concat([]byte{0, 0, 0, 1, 0x26, 1}, bytes.ReplaceAll(noise, []byte{0}, []byte{1}))
	hvcc := append([]byte{0, 0, 1, 0xf6, 0x26, 1}, noise...)
	obu := append([]byte{0x12, 0x00, 0x32, 0xf4, 0x03}, noise...) // temporal delimiter, then a frame OBU of 500 bytes
	for codec, frame := range map[pqrtc.Codec][]byte{
		pqrtc.CodecOpaque: noise, pqrtc.CodecOpus: noise, pqrtc.CodecVP9: append([]byte{0x82, 0x49, 0x83, 0x42}, noise...),
		pqrtc.CodecVP8:  slices.Concat([]byte{0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0}, noise),
		pqrtc.CodecH264: annexB, pqrtc.CodecH264AVCC: avcc, pqrtc.CodecH265: hevc, pqrtc.CodecH265HVCC: hvcc, pqrtc.CodecAV1: obu,
	} {
		sealed, err := sender.SealFrame([]byte("head"), codec, []byte("track"), frame)
		if err != nil {
			t.Errorf("codec %d: %v", codec, err)
			continue
		}
		if bytes.Contains(sealed, noise[100:132]) {
			t.Errorf("codec %d: the frame shows", codec)
		}
		info, err := codec.Inspect(sealed[4:])
		if err != nil || info.KID != 9 || info.SealedUnits < 1 {
			t.Errorf("codec %d: %+v, %v", codec, info, err)
		}
		_, hint, err := receiver.OpenFrame(nil, codec, []byte("another track"), sealed[4:])
		wantErr(t, "another track", err, pqrtc.ErrDecryptionFailed)
		if hint.KID != 9 || hint.Counter < info.FirstCounter || hint.Counter > info.LastCounter {
			t.Errorf("codec %d: hint %+v for %+v", codec, hint, info)
		}
		got, id, err := receiver.OpenFrame(nil, codec, []byte("track"), sealed[4:])
		if !bytes.Equal(got, frame) || err != nil || id.KID != 9 {
			t.Errorf("codec %d: %v", codec, err)
		}
	}
}

func TestNothingToSeal(t *testing.T) {
	sender, _ := media(t, pqrtc.SFrameAES256GCM, 77)
	_, err := sender.SealFrame(nil, pqrtc.CodecH264, nil, []byte{0, 0, 0, 1, 0x67, 1, 2, 3, 0, 0, 0, 1, 0x68, 4, 5})
	wantErr(t, "parameter sets alone", err, pqrtc.ErrNothingToSeal)
	_, err = pqrtc.CodecVP8.Inspect([]byte{1})
	wantErr(t, "inspect what is no frame", err, pqrtc.ErrMalformedFrame)
	_, err = pqrtc.Codec(99).Inspect(make([]byte, 40))
	wantErr(t, "inspect codec 99", err, pqrtc.ErrInvalidArgument)
}

func TestStatsOfKeysAndSenders(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES256GCM, 78)
	for range 3 {
		sealed, err := sender.Seal(nil, nil, []byte("frame"))
		must(t, sealed, err)
		opened, err := receiver.Open(nil, nil, sealed)
		must(t, opened, err)
	}
	stats, err := sender.Stats()
	if must(t, stats, err); stats.KID != 78 || stats.Sealed != 3 || stats.Left == 0 {
		t.Errorf("%+v", stats)
	}
	of, err := receiver.KeyStats(78)
	if must(t, of, err); of.Opened != 3 {
		t.Errorf("%+v", of)
	}
	_, err = receiver.KeyStats(79)
	wantErr(t, "stats of no key", err, pqrtc.ErrUnknownKeyID)
}

func TestEveryAlgorithm(t *testing.T) {
	for _, a := range []pqrtc.KEMAlgorithm{pqrtc.MLKEM768, pqrtc.MLKEM1024} {
		sizes, err := a.Sizes()
		if errors.Is(err, pqrtc.ErrUnsupported) {
			continue
		}
		must(t, sizes, err)
		pair, err := pqrtc.GenerateKEMKeypair(a)
		must(t, pair, err)
		pk, err := pair.PublicKey()
		if must(t, pk, err); len(pk) != sizes.PublicKey {
			t.Errorf("KEM %d: key of %d bytes", a, len(pk))
		}
		if got, err := pair.Algorithm(); got != a || err != nil {
			t.Errorf("KEM %d: %d, %v", a, got, err)
		}
		ct, ss, err := pqrtc.Encapsulate(a, pk)
		must(t, ct, err)
		if got, err := pair.Decapsulate(ct); !bytes.Equal(got, ss) || len(ct) != sizes.Ciphertext || err != nil {
			t.Errorf("KEM %d: %v", a, err)
		}
		seed, err := pair.Seed()
		again, err2 := pqrtc.KEMKeypairFromSeed(a, must(t, seed, err))
		must(t, again, err2)
		wrapped, err := pqrtc.WrapTURN(a, pk, []byte("password"))
		must(t, wrapped, err)
		if got, err := again.UnwrapTURN(wrapped); string(got) != "password" || err != nil {
			t.Errorf("KEM %d: %v", a, err)
		}
	}
	for _, a := range []pqrtc.SignatureAlgorithm{pqrtc.MLDSA65, pqrtc.MLDSA87, pqrtc.MLDSA65Ed25519} {
		sizes, err := a.Sizes()
		if errors.Is(err, pqrtc.ErrUnsupported) {
			continue
		}
		must(t, sizes, err)
		key, err := pqrtc.GenerateSigningKey(a)
		must(t, key, err)
		pk, err := key.PublicKey()
		must(t, pk, err)
		sig, err := key.Sign("context", []byte("message"))
		if must(t, sig, err); len(sig) != sizes.Signature || len(pk) != sizes.PublicKey {
			t.Errorf("signature %d: %d bytes", a, len(sig))
		}
		must(t, 0, pqrtc.Verify(a, pk, "context", []byte("message"), sig))
		wantErr(t, "another message", pqrtc.Verify(a, pk, "context", []byte("massage"), sig), pqrtc.ErrBadSignature)
		artifact, err := key.SignArtifact(pqrtc.Summary, []byte("text"))
		must(t, artifact, err)
		must(t, 0, pqrtc.VerifyArtifact(a, pk, pqrtc.Summary, []byte("text"), artifact))
		if got, err := key.Algorithm(); got != a || err != nil {
			t.Errorf("signature %d: %d, %v", a, got, err)
		}
		seed, err := key.Seed()
		again, err2 := pqrtc.SigningKeyFromSeed(a, must(t, seed, err))
		must(t, again, err2)
		print, err := a.Fingerprint(pk)
		if must(t, print, err); len(print) != pqrtc.FingerprintSize {
			t.Errorf("signature %d: fingerprint of %d bytes", a, len(print))
		}
	}
	for _, suite := range []pqrtc.Suite{pqrtc.V100HybridKXV1, pqrtc.XWing} {
		pair, err := pqrtc.GenerateHybridKeypair(suite)
		must(t, pair, err)
		if got, err := pair.Suite(); got != suite || err != nil {
			t.Errorf("suite %d: %d, %v", suite, got, err)
		}
	}
	session, peer := sessions(t, pqrtc.XWing)
	ours, err := session.SFrameBaseKey(pqrtc.Initiator, 5)
	must(t, ours, err)
	theirs, err := peer.SFrameBaseKey(pqrtc.Initiator, 5)
	if must(t, theirs, err); !bytes.Equal(ours, theirs) {
		t.Error("the sides give different base keys")
	}
	wantErr(t, "a sender under a key that was given away", second(pqrtc.NewSFrameSender(session, 5, pqrtc.SFrameAES256GCM)), pqrtc.ErrKeyReused)
	wantErr(t, "KEM 99", second(pqrtc.GenerateKEMKeypair(99)), pqrtc.ErrInvalidArgument)
	wantErr(t, "signature 99", second(pqrtc.GenerateSigningKey(99)), pqrtc.ErrInvalidArgument)
}

func TestRatchetDefaultsTakeLateFrames(t *testing.T) {
	base := random(t, 32)
	sender, err := pqrtc.NewSFrameSenderFromKey(base, 1<<8, pqrtc.SFrameAES256GCM)
	must(t, sender, err)
	receiver, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES256GCM)
	must(t, receiver, err)
	must(t, 0, sender.SetRatchet(8))
	must(t, 0, receiver.SetRatchet(8, pqrtc.DefaultRatchetSteps, pqrtc.DefaultGraceFrames))
	must(t, 0, receiver.AddKey(1<<8, base))
	seal := func(what string) []byte {
		sealed, err := sender.Seal(nil, nil, []byte(what))
		return must(t, sealed, err)
	}
	late := seal("late")
	for range 16 {
		_, err := sender.Ratchet()
		must(t, 0, err)
	}
	far := seal("far")
	_, err = sender.Ratchet()
	must(t, 0, err)
	_, err = receiver.Open(nil, nil, seal("too far"))
	wantErr(t, "17 steps ahead", err, pqrtc.ErrUnknownKeyID)
	for _, sealed := range [][]byte{far, late} {
		_, err = receiver.Open(nil, nil, sealed)
		must(t, 0, err)
	}
}

func TestRatchetAndStats(t *testing.T) {
	base := random(t, 32)
	sender, err := pqrtc.NewSFrameSenderFromKey(base, 1<<4, pqrtc.SFrameAES128GCM)
	must(t, sender, err)
	receiver, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES128GCM)
	must(t, receiver, err)
	for _, err := range []error{
		sender.SetRatchet(4), receiver.SetRatchet(4, 8, 2), receiver.SetWindow(128), receiver.AddKey(1<<4, base),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantErr(t, "window after a key", receiver.SetWindow(64), pqrtc.ErrInvalidArgument)
	seal := func() []byte {
		sealed, err := sender.Seal(nil, nil, []byte("frame"))
		return must(t, sealed, err)
	}
	first := seal()
	_, err = receiver.Open(nil, nil, first)
	must(t, 0, err)
	kid, err := sender.Ratchet()
	if must(t, kid, err) != 1<<4+1 {
		t.Errorf("KID after one step: %d", kid)
	}
	if now, err := sender.KID(); now != kid || err != nil {
		t.Errorf("KID() = %d, %v", now, err)
	}
	wantErr(t, "ratchet set after a seal", sender.SetRatchet(4), pqrtc.ErrInvalidArgument)
	_, id, err := receiver.OpenID(nil, nil, seal())
	if must(t, id, err); id.KID != kid {
		t.Errorf("opened under KID %d", id.KID)
	}
	_, err = receiver.Open(nil, nil, first)
	wantErr(t, "replay", err, pqrtc.ErrReplayedFrame)
	_, err = receiver.Open(nil, nil, []byte{0xff})
	wantErr(t, "malformed", err, pqrtc.ErrMalformedFrame)
	forged := seal()
	forged[len(forged)-1] ^= 1
	_, err = receiver.Open(nil, nil, forged)
	wantErr(t, "forged", err, pqrtc.ErrDecryptionFailed)
	_, err = receiver.Open(nil, nil, append([]byte{0x0f}, make([]byte, 40)...)[:30])
	if err == nil {
		t.Error("zeros opened")
	}
	stats, err := receiver.Stats()
	if must(t, stats, err); stats.Opened != 2 || stats.Malformed != 1 || stats.Replayed != 1 || stats.DecryptionFailed != 1 || stats.Keys == 0 {
		t.Errorf("stats %+v", stats)
	}
}

func TestArtifactHasherIsTheOneShot(t *testing.T) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	pk, err := key.PublicKey()
	must(t, pk, err)
	content := random(t, 300_001)
	h, err := pqrtc.NewArtifactHasher(pqrtc.Transcript)
	must(t, h, err)
	// WriterTo is hidden so that io.CopyBuffer really writes in pieces.
	if n, err := io.CopyBuffer(h, struct{ io.Reader }{bytes.NewReader(content)}, make([]byte, 777)); n != int64(len(content)) || err != nil {
		t.Fatal(n, err)
	}
	sig, err := h.Sign(key)
	must(t, sig, err)
	if err := pqrtc.VerifyArtifact(pqrtc.MLDSA65, pk, pqrtc.Transcript, content, sig); err != nil {
		t.Error(err)
	}
	if sig, err = key.SignArtifact(pqrtc.Transcript, content); err != nil || h.Verify(pqrtc.MLDSA65, pk, sig) != nil {
		t.Errorf("streamed verify of a one-shot signature: %v", err)
	}
	wantErr(t, "another kind", pqrtc.VerifyArtifact(pqrtc.MLDSA65, pk, pqrtc.Summary, content, sig), pqrtc.ErrBadSignature)
	h.Write([]byte{0})
	wantErr(t, "one byte more", h.Verify(pqrtc.MLDSA65, pk, sig), pqrtc.ErrBadSignature)
}

func TestClosed(t *testing.T) {
	a, b := sessions(t, pqrtc.XWing)
	sender, receiver := media(t, pqrtc.SFrameAES128GCM, 3)
	hybrid, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	must(t, hybrid, err)
	kem, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	must(t, kem, err)
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	hasher, err := pqrtc.NewArtifactHasher(pqrtc.Summary)
	must(t, hasher, err)
	for _, c := range []io.Closer{a, sender, receiver, hybrid, kem, key, hasher} {
		for range 2 {
			if err := c.Close(); err != nil {
				t.Errorf("%T: %v", c, err)
			}
		}
	}
	for name, call := range map[string]func() error{
		"Session.Key":            func() error { _, err := a.Key(); return err },
		"Session.Export":         func() error { _, err := a.Export("x", nil, 1); return err },
		"Session.SRTPKeys":       func() error { _, err := a.SRTPKeys(pqrtc.SRTPAEADAES128GCM); return err },
		"Session.Seal":           func() error { _, err := a.Seal(nil, nil, nil); return err },
		"Session.Open":           func() error { _, err := a.Open(nil, nil, nil); return err },
		"NewSFrameSender":        func() error { _, err := pqrtc.NewSFrameSender(a, 1, pqrtc.SFrameAES128GCM); return err },
		"SFrameSender.Seal":      func() error { _, err := sender.Seal(nil, nil, nil); return err },
		"SFrameSender.SealFrame": func() error { _, err := sender.SealFrame(nil, pqrtc.CodecOpus, nil, nil); return err },
		"SFrameSender.SealBatch": func() error { _, err := sender.SealBatch(nil, nil, nil, []int{0}, []int{0}); return err },
		"SFrameReceiver.OpenBatch": func() error {
			_, err := receiver.OpenBatch(nil, nil, nil, []int{0}, new(pqrtc.OpenedBatch))
			return err
		},
		"SFrameSender.KID":          func() error { _, err := sender.KID(); return err },
		"SFrameSender.SetRatchet":   func() error { return sender.SetRatchet(4) },
		"SFrameSender.Ratchet":      func() error { _, err := sender.Ratchet(); return err },
		"SFrameReceiver.AddSession": func() error { return receiver.AddSession(b, 9) },
		"SFrameReceiver.AddKey":     func() error { return receiver.AddKey(9, make([]byte, 32)) },
		"SFrameReceiver.RemoveKey":  func() error { return receiver.RemoveKey(3) },
		"SFrameReceiver.Open":       func() error { _, err := receiver.Open(nil, nil, nil); return err },
		"SFrameReceiver.OpenFrame":  func() error { _, _, err := receiver.OpenFrame(nil, pqrtc.CodecOpus, nil, nil); return err },
		"SFrameReceiver.SetRatchet": func() error { return receiver.SetRatchet(4, 1, 0) },
		"SFrameReceiver.SetWindow":  func() error { return receiver.SetWindow(64) },
		"SFrameReceiver.Stats":      func() error { _, err := receiver.Stats(); return err },
		"HybridKeypair.Bundle":      func() error { _, err := hybrid.Bundle(); return err },
		"HybridKeypair.Seed":        func() error { _, err := hybrid.Seed(); return err },
		"HybridKeypair.Respond":     func() error { _, err := hybrid.Respond(nil); return err },
		"KEMKeypair.PublicKey":      func() error { _, err := kem.PublicKey(); return err },
		"KEMKeypair.Seed":           func() error { _, err := kem.Seed(); return err },
		"KEMKeypair.Decapsulate":    func() error { _, err := kem.Decapsulate(nil); return err },
		"KEMKeypair.UnwrapTURN":     func() error { _, err := kem.UnwrapTURN(nil); return err },
		"SigningKey.PublicKey":      func() error { _, err := key.PublicKey(); return err },
		"SigningKey.Seed":           func() error { _, err := key.Seed(); return err },
		"SigningKey.Sign":           func() error { _, err := key.Sign("", nil); return err },
		"SigningKey.SignArtifact":   func() error { _, err := key.SignArtifact(pqrtc.Summary, nil); return err },
		"ArtifactHasher.Write":      func() error { _, err := hasher.Write(nil); return err },
		"ArtifactHasher.Sign":       func() error { _, err := hasher.Sign(key); return err },
		"ArtifactHasher.Verify":     func() error { return hasher.Verify(pqrtc.MLDSA65, nil, nil) },
	} {
		wantErr(t, name, call(), pqrtc.ErrClosed)
	}
}

// Many goroutines seal on one sender and open on one receiver while others close both: no crash, no data race, and every frame opens or says why.
func TestConcurrentUseAndClose(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES128GCM, 5)
	frame := random(t, 200)
	var work sync.WaitGroup
	for range 8 {
		work.Add(1)
		go func() {
			defer work.Done()
			for range 500 {
				sealed, err := sender.Seal(nil, nil, frame)
				if errors.Is(err, pqrtc.ErrClosed) {
					return
				}
				got, openErr := receiver.Open(nil, nil, sealed)
				if errors.Is(openErr, pqrtc.ErrClosed) {
					return
				}
				// A goroutine that slept while the others sealed 1024 frames is behind the window.
				if err != nil || openErr != nil && !errors.Is(openErr, pqrtc.ErrReplayedFrame) || openErr == nil && !bytes.Equal(got, frame) {
					t.Errorf("seal: %v, open: %v", err, openErr)
					return
				}
			}
		}()
	}
	for _, c := range []io.Closer{sender, receiver, sender} {
		time.Sleep(5 * time.Millisecond)
		work.Add(1)
		go func() { defer work.Done(); c.Close() }()
	}
	work.Wait()
}

func TestFramePathDoesNotAllocate(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES256GCM, 6)
	frame, metadata := random(t, 1200), random(t, 100)
	buf := make([]byte, 0, 4096)
	out := make([]byte, 0, 4096)
	allocs := testing.AllocsPerRun(200, func() {
		sealed, err := sender.Seal(buf, metadata, frame)
		if err == nil {
			_, err = receiver.Open(out, metadata, sealed)
		}
		if err == nil {
			sealed, err = sender.SealFrame(buf, pqrtc.CodecVP8, nil, frame)
		}
		if err == nil {
			_, _, err = receiver.OpenFrame(out, pqrtc.CodecVP8, nil, sealed)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err = receiver.Open(out, metadata, sealed); err == nil { // the refusal of a frame does not either
			t.Fatal("opened twice")
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a frame", allocs)
	}
}
