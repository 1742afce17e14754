package pqrtc_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

type hostile struct {
	name string
	got  error
	want pqrtc.Status
}

func refused(t *testing.T, table []hostile) {
	t.Helper()
	for _, c := range table {
		wantErr(t, c.name, c.got, c.want)
	}
}

// set and flip give an altered copy.
func set(b []byte, at int, to ...byte) []byte { b = bytes.Clone(b); copy(b[at:], to); return b }
func flip(b []byte, at int) []byte            { return set(b, at, b[at]^1) }

// Input that no honest peer sends, and the code that each must give. None of it may crash, and none may give a result.
func TestHostileInput(t *testing.T) {
	kem, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	must(t, kem, err)
	ek, err := kem.PublicKey()
	must(t, ek, err)
	wrapped, err := pqrtc.WrapTURN(pqrtc.MLKEM768, ek, []byte("credential"))
	must(t, wrapped, err)
	hybrid, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	must(t, hybrid, err)
	bundle, err := hybrid.Bundle()
	must(t, bundle, err)
	exchange, _, err := pqrtc.Initiate(pqrtc.XWing, bundle)
	must(t, exchange, err)
	v100, err := pqrtc.GenerateHybridKeypair(pqrtc.V100HybridKXV1)
	must(t, v100, err)
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	pk, err := key.PublicKey()
	must(t, pk, err)
	sig, err := key.Sign("", []byte("message"))
	must(t, sig, err)
	session, peer := sessions(t, pqrtc.XWing)
	message, err := session.Seal(nil, nil, []byte("message"))
	must(t, message, err)
	expanded := bytes.Repeat([]byte{0xff}, pqrtc.MLKEM768ExpandedKeySize)
	secret := []byte("north")
	now := time.Unix(1_800_000_000, 0)

	refused(t, []hostile{
		{"KEM seed short", second(pqrtc.KEMKeypairFromSeed(pqrtc.MLKEM768, make([]byte, 63))), pqrtc.ErrInvalidLength},
		{"KEM seed long", second(pqrtc.KEMKeypairFromSeed(pqrtc.MLKEM768, make([]byte, 65))), pqrtc.ErrInvalidLength},
		{"KEM expanded short", second(pqrtc.KEMKeypairFromExpanded(pqrtc.MLKEM768, expanded[:2399])), pqrtc.ErrInvalidLength},
		{"KEM expanded of ones", second(pqrtc.KEMKeypairFromExpanded(pqrtc.MLKEM768, expanded)), pqrtc.ErrInvalidKey},
		{"KEM key with a coefficient of 4095", third(pqrtc.Encapsulate(pqrtc.MLKEM768, set(ek, 0, 0xff, 0x0f))), pqrtc.ErrInvalidKey},
		{"KEM key with a coefficient of q", third(pqrtc.Encapsulate(pqrtc.MLKEM768, set(ek, 0, 0x01, ek[1]&0xf0|0x0d))), pqrtc.ErrInvalidKey},
		{"KEM key short", third(pqrtc.Encapsulate(pqrtc.MLKEM768, ek[:1183])), pqrtc.ErrInvalidLength},
		{"KEM ciphertext short", second(kem.Decapsulate(make([]byte, 1087))), pqrtc.ErrInvalidLength},

		{"suite 0", second(pqrtc.GenerateHybridKeypair(0)), pqrtc.ErrInvalidArgument},
		{"suite 3", second(pqrtc.Suite(3).Sizes()), pqrtc.ErrInvalidArgument},
		{"initiate in suite 2^32-1", third(pqrtc.Initiate(1<<32-1, bundle)), pqrtc.ErrInvalidArgument},
		{"hybrid seed of the other suite", second(pqrtc.HybridKeypairFromSeed(pqrtc.XWing, make([]byte, 96))), pqrtc.ErrInvalidLength},
		{"bundle short", third(pqrtc.Initiate(pqrtc.XWing, bundle[:1215])), pqrtc.ErrInvalidLength},
		{"bundle long", third(pqrtc.Initiate(pqrtc.XWing, append(bytes.Clone(bundle), 0))), pqrtc.ErrInvalidLength},
		{"bundle with a bad ML-KEM key", third(pqrtc.Initiate(pqrtc.XWing, set(bundle, 0, 0xff, 0xff))), pqrtc.ErrInvalidKey},
		{"bundle with X25519 key 0", third(pqrtc.Initiate(pqrtc.XWing, set(bundle, 1184, make([]byte, 32)...))), pqrtc.ErrNonContributory},
		{"exchange short", second(hybrid.Respond(exchange[:1119])), pqrtc.ErrInvalidLength},
		{"exchange with X25519 key 0", second(hybrid.Respond(set(exchange, 1088, make([]byte, 32)...))), pqrtc.ErrNonContributory},
		{"V100 exchange with X25519 key 1", second(v100.Respond(append([]byte{1}, make([]byte, 1119)...))), pqrtc.ErrNonContributory},

		{"random of nothing", pqrtc.Random(nil), pqrtc.ErrInvalidLength},
		{"random of more than 1 MiB", pqrtc.Random(make([]byte, 1<<20+1)), pqrtc.ErrInvalidLength},
		{"export under no label", second(session.Export("", nil, 32)), pqrtc.ErrInvalidLength},
		{"export of nothing", second(session.Export("x", nil, 0)), pqrtc.ErrInvalidLength},
		{"export of -1 bytes", second(session.Export("x", nil, -1)), pqrtc.ErrInvalidLength},
		{"export of 16321 bytes", second(session.Export("x", nil, 16321)), pqrtc.ErrInvalidLength},
		{"export of 2^62 bytes", second(session.Export("x", nil, 1<<62)), pqrtc.ErrInvalidLength},
		{"label of 125 bytes", second(session.Export(strings.Repeat("x", 125), nil, 32)), pqrtc.ErrInvalidLength},
		{"context of 64 KiB", second(session.Export("x", make([]byte, 65536), 32)), pqrtc.ErrInvalidLength},
		{"SRTP profile 2", second(session.SRTPKeys(2)), pqrtc.ErrInvalidArgument},
		{"message of more than 1 MiB", second(session.Seal(nil, nil, make([]byte, 1<<20+1))), pqrtc.ErrInvalidLength},
		{"message short", second(peer.Open(nil, nil, message[:35])), pqrtc.ErrInvalidLength},
		{"message altered", second(peer.Open(nil, nil, flip(message, 30))), pqrtc.ErrDecryptionFailed},
		{"message renumbered", second(peer.Open(nil, nil, flip(message, 7))), pqrtc.ErrDecryptionFailed},
		{"message with another aad", second(peer.Open(nil, []byte("x"), message)), pqrtc.ErrDecryptionFailed},
		{"message over itself", second(peer.Open(message[:0], nil, message)), pqrtc.ErrInvalidArgument},

		{"mint with no secret", minted(pqrtc.MintTURN(nil, "alice", now)), pqrtc.ErrInvalidLength},
		{"mint before 1970", minted(pqrtc.MintTURN(secret, "alice", time.Unix(-1, 0))), pqrtc.ErrInvalidArgument},
		{"mint for a user with NUL", minted(pqrtc.MintTURN(secret, "a\x00b", now)), pqrtc.ErrInvalidArgument},
		{"mint for a user of 509 bytes", minted(pqrtc.MintTURN(secret, strings.Repeat("x", 509), now)), pqrtc.ErrInvalidLength},
		{"credential with no expiry", pqrtc.VerifyTURN(secret, "alice", "x", now), pqrtc.ErrCredentialRejected},
		{"credential with an expiry of 2^64", pqrtc.VerifyTURN(secret, "18446744073709551616:a", "x", now), pqrtc.ErrCredentialRejected},
		{"credential with a signed expiry", pqrtc.VerifyTURN(secret, "+1900000000:a", "x", now), pqrtc.ErrCredentialRejected},
		{"credential with a wrong password", pqrtc.VerifyTURN(secret, "1900000000:alice", "aGVsbG8=", now), pqrtc.ErrCredentialRejected},
		{"wrap for a short key", second(pqrtc.WrapTURN(pqrtc.MLKEM768, ek[1:], []byte("x"))), pqrtc.ErrInvalidLength},
		{"wrap for a bad key", second(pqrtc.WrapTURN(pqrtc.MLKEM768, set(ek, 0, 0xff, 0xff), []byte("x"))), pqrtc.ErrInvalidKey},
		{"wrap of more than 1 MiB", second(pqrtc.WrapTURN(pqrtc.MLKEM768, ek, make([]byte, 1<<20+1))), pqrtc.ErrInvalidLength},
		{"unwrap of nothing", second(kem.UnwrapTURN(nil)), pqrtc.ErrInvalidLength},
		{"unwrap of 1115 bytes", second(kem.UnwrapTURN(wrapped[:1115])), pqrtc.ErrInvalidLength},
		{"unwrap of an altered KEM part", second(kem.UnwrapTURN(flip(wrapped, 3))), pqrtc.ErrDecryptionFailed},
		{"unwrap of an altered nonce", second(kem.UnwrapTURN(flip(wrapped, 1090))), pqrtc.ErrDecryptionFailed},
		{"unwrap of an altered tag", second(kem.UnwrapTURN(flip(wrapped, len(wrapped)-1))), pqrtc.ErrDecryptionFailed},

		{"signing seed short", second(pqrtc.SigningKeyFromSeed(pqrtc.MLDSA65, make([]byte, 31))), pqrtc.ErrInvalidLength},
		{"context of 256 bytes", second(key.Sign(strings.Repeat("x", 256), nil)), pqrtc.ErrInvalidLength},
		{"context of the artifacts", second(key.Sign("pqrtc transcript v1", make([]byte, 32))), pqrtc.ErrInvalidArgument},
		{"signature altered", pqrtc.Verify(pqrtc.MLDSA65, pk, "", []byte("message"), flip(sig, 100)), pqrtc.ErrBadSignature},
		{"signature of ones", pqrtc.Verify(pqrtc.MLDSA65, pk, "", []byte("message"), bytes.Repeat([]byte{0xff}, 3309)), pqrtc.ErrBadSignature},
		{"signature of another message", pqrtc.Verify(pqrtc.MLDSA65, pk, "", []byte("massage"), sig), pqrtc.ErrBadSignature},
		{"signature under another context", pqrtc.Verify(pqrtc.MLDSA65, pk, "x", []byte("message"), sig), pqrtc.ErrBadSignature},
		{"signature short", pqrtc.Verify(pqrtc.MLDSA65, pk, "", []byte("message"), sig[:3308]), pqrtc.ErrInvalidLength},
		{"public key short", pqrtc.Verify(pqrtc.MLDSA65, pk[:1951], "", []byte("message"), sig), pqrtc.ErrInvalidLength},
		{"artifact kind 0", second(key.SignArtifact(0, nil)), pqrtc.ErrInvalidArgument},
		{"artifact kind 5", second(pqrtc.NewArtifactHasher(5)), pqrtc.ErrInvalidArgument},
	})
	if got, err := peer.Open(nil, nil, message); string(got) != "message" {
		t.Errorf("after all that, the honest message: %v", err)
	}
}

func TestHostileFrames(t *testing.T) {
	session, _ := sessions(t, pqrtc.XWing)
	sender, receiver := media(t, pqrtc.SFrameAES128GCM, 1)
	sealed, err := sender.Seal(nil, []byte("m"), []byte("a frame"))
	must(t, sealed, err)
	fresh, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES128GCM)
	must(t, fresh, err)
	refused(t, []hostile{
		{"cipher 0", second(pqrtc.NewSFrameReceiver(0)), pqrtc.ErrInvalidArgument},
		{"cipher 9", second(pqrtc.NewSFrameSender(session, 9, 9)), pqrtc.ErrInvalidArgument},
		{"sender without a session", second(pqrtc.NewSFrameSender(nil, 9, 4)), pqrtc.ErrNullPointer},
		{"receiver without a session", receiver.AddSession(nil, 9), pqrtc.ErrNullPointer},
		{"base key of 15 bytes", second(pqrtc.NewSFrameSenderFromKey(make([]byte, 15), 9, 4)), pqrtc.ErrInvalidLength},
		{"base key of 65 bytes", receiver.AddKey(9, make([]byte, 65)), pqrtc.ErrInvalidLength},
		{"frame over 64 MiB", second(sender.Seal(nil, nil, make([]byte, 64<<20+1))), pqrtc.ErrInvalidLength},
		{"metadata of 64 KiB", second(sender.Seal(nil, make([]byte, 65536), nil)), pqrtc.ErrInvalidLength},
		{"open nothing", second(receiver.Open(nil, nil, nil)), pqrtc.ErrMalformedFrame},
		{"open a header cut short", second(receiver.Open(nil, nil, []byte{0xff, 0, 0})), pqrtc.ErrMalformedFrame},
		{"open a frame shorter than its tag", second(receiver.Open(nil, nil, sealed[:10])), pqrtc.ErrMalformedFrame},
		{"open a frame of another KID", second(receiver.Open(nil, []byte("m"), set(sealed, 0, 0x20))), pqrtc.ErrUnknownKeyID},
		{"open an altered frame", second(receiver.Open(nil, []byte("m"), flip(sealed, len(sealed)-1))), pqrtc.ErrDecryptionFailed},
		{"open under other metadata", second(receiver.Open(nil, nil, sealed)), pqrtc.ErrDecryptionFailed},
		{"codec 0", second(sender.SealFrame(nil, 0, nil, []byte("x"))), pqrtc.ErrInvalidArgument},
		{"codec 10", third(receiver.OpenFrame(nil, 10, nil, sealed)), pqrtc.ErrInvalidArgument},
		{"ratchet of a short key", second(pqrtc.SFrameAES128GCM.RatchetBaseKey(make([]byte, 15))), pqrtc.ErrInvalidLength},
		{"ratchet of cipher 9", second(pqrtc.SFrameCipher(9).RatchetBaseKey(make([]byte, 32))), pqrtc.ErrInvalidArgument},
		{"ratchet of 17 bits", fresh.SetRatchet(17, 1, 0), pqrtc.ErrInvalidArgument},
		{"ratchet that may not step", fresh.SetRatchet(4, 0, 0), pqrtc.ErrInvalidArgument},
		{"window of 65 counters", fresh.SetWindow(65), pqrtc.ErrInvalidArgument},
		{"window of 2^32-64 counters", fresh.SetWindow(1<<32 - 64), pqrtc.ErrInvalidArgument},
	})
	if got, err := receiver.Open(nil, []byte("m"), sealed); string(got) != "a frame" {
		t.Errorf("after all that, the honest frame: %v", err)
	}
}

func second(_ any, err error) error       { return err }
func third(_, _ any, err error) error     { return err }
func minted(_, _ string, err error) error { return err }

func TestOverlapIsRefused(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES128GCM, 2)
	buf := make([]byte, 200)
	_, err := sender.Seal(buf[:0], nil, buf[1:100])
	wantErr(t, "seal onto a shifted frame", err, pqrtc.ErrInvalidArgument)
	_, err = sender.Seal(buf[:50], nil, buf[40:90])
	wantErr(t, "seal into the middle of a frame", err, pqrtc.ErrInvalidArgument)
	_, err = sender.SealFrame(buf[:0], pqrtc.CodecVP8, nil, buf[:100])
	wantErr(t, "SealFrame in place", err, pqrtc.ErrInvalidArgument)
	sealed, err := sender.Seal(nil, nil, []byte("a frame"))
	must(t, sealed, err)
	n := copy(buf[1:], sealed)
	_, err = receiver.Open(buf[:0], nil, buf[1:1+n])
	wantErr(t, "open onto a shifted frame", err, pqrtc.ErrInvalidArgument)
	// None of the refusals used up a counter.
	next, err := sender.Seal(nil, nil, nil)
	if must(t, next, err); next[0]&15 != 1 {
		t.Errorf("the next frame begins with %x", next[0])
	}
}

func TestKeyIsNotReused(t *testing.T) {
	a, b := sessions(t, pqrtc.XWing)
	first, err := pqrtc.NewSFrameSender(a, 1, pqrtc.SFrameAES128GCM)
	must(t, first, err)
	first.Close()
	_, err = pqrtc.NewSFrameSender(a, 1, pqrtc.SFrameAES256GCM)
	wantErr(t, "a second sender", err, pqrtc.ErrKeyReused)
	receiver, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES128GCM)
	must(t, receiver, err)
	must(t, 0, receiver.AddSession(b, 1))
	if receiver.AddSession(b, 1) == nil {
		t.Error("a KID was added twice")
	}
	must(t, 0, receiver.RemoveKey(1))
	if receiver.AddSession(b, 1) == nil {
		t.Error("a removed key came back")
	}
	wantErr(t, "removing it again", receiver.RemoveKey(1), pqrtc.ErrUnknownKeyID)
}

// Whatever comes from the network: an error, never a crash, never a frame.
func FuzzBytesFromTheNetwork(f *testing.F) {
	kem, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	must(f, kem, err)
	session, _ := sessions(f, pqrtc.XWing)
	_, receiver := media(f, pqrtc.SFrameAES128CTRHMACSHA25632, 0x1234)
	for _, seed := range []string{"", "\x00", "\x99\x12\x34\x00", "\x10\x02\x00\x9d\x01\x2a", "\x00\x00\x00\x01\x65\x88\x00\x00\x03\x01", "\x12\x00\x32\x80\x80\x80\x01"} {
		f.Add([]byte(seed))
		f.Add(append([]byte(seed), make([]byte, 1200)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		calls := map[string]error{
			"Open":         second(receiver.Open(nil, nil, data)),
			"Session.Open": second(session.Open(nil, nil, data)),
			"UnwrapTURN":   second(kem.UnwrapTURN(data)),
			"VerifyTURN":   pqrtc.VerifyTURN([]byte("secret"), string(data), string(data), time.Unix(0, 0)),
		}
		for codec := pqrtc.CodecOpaque; codec <= pqrtc.CodecAV1; codec++ {
			calls[fmt.Sprint("OpenFrame ", codec)] = third(receiver.OpenFrame(nil, codec, nil, data))
		}
		for name, err := range calls {
			var status pqrtc.Status
			if !errors.As(err, &status) || status == pqrtc.ErrInternal {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
