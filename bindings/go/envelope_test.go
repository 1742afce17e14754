package pqrtc_test

import (
	"bytes"
	"testing"

	"pqrtc.example/pqrtc/bindings/go"
)

func TestEnvelopes(t *testing.T) {
	xwing, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	must(t, xwing, err)
	bundle, err := xwing.Bundle()
	roundtrip(t, 1, must(t, bundle, err), 1136, xwing.OpenEnvelope)
	wantErr(t, "no key", second(pqrtc.SealEnvelope(1, bytes.Repeat([]byte{0xff}, len(bundle)), nil, nil)), pqrtc.ErrInvalidKey)
	wantErr(t, "no suite", second(pqrtc.SealEnvelope(3, bundle, nil, nil)), pqrtc.ErrInvalidArgument)
	otherSuite := pqrtc.ErrInvalidLength
	if pqrtc.Provider() == "pqclean" { // it has no ML-KEM-1024
		otherSuite = pqrtc.ErrUnsupported
	}
	wantErr(t, "another suite", second(pqrtc.SealEnvelope(2, bundle, nil, nil)), otherSuite)
	small, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	must(t, small, err)
	wantErr(t, "a pair of no suite", second(small.OpenEnvelope(nil, make([]byte, 2000))), pqrtc.ErrInvalidArgument)
	must(t, 0, xwing.Close())
	wantErr(t, "closed", second(xwing.OpenEnvelope(nil, make([]byte, 2000))), pqrtc.ErrClosed)

	pair, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM1024)
	if pqrtc.Provider() == "pqclean" {
		wantErr(t, "no ML-KEM-1024", err, pqrtc.ErrUnsupported)
		return
	}
	must(t, pair, err)
	pk, err := pair.PublicKey()
	roundtrip(t, 2, must(t, pk, err), 1584, pair.OpenEnvelope)
}

func roundtrip(t *testing.T, suite uint32, pk []byte, overhead int, open func(info, envelope []byte) ([]byte, error)) {
	t.Helper()
	info := []byte("context")
	for _, payload := range [][]byte{nil, []byte("an API key"), make([]byte, 100_000)} {
		sealed, err := pqrtc.SealEnvelope(suite, pk, info, payload)
		if must(t, sealed, err); len(sealed) != len(payload)+overhead {
			t.Errorf("%d bytes of %d", len(sealed), len(payload))
		}
		opened, err := open(info, sealed)
		if !bytes.Equal(must(t, opened, err), payload) {
			t.Error("another payload")
		}
		wantErr(t, "another context", second(open(nil, sealed)), pqrtc.ErrDecryptionFailed)
		sealed[len(sealed)-1] ^= 1
		wantErr(t, "altered", second(open(info, sealed)), pqrtc.ErrDecryptionFailed)
	}
	wantErr(t, "too short", second(open(info, nil)), pqrtc.ErrInvalidLength)
}

func TestSignedEnvelopes(t *testing.T) {
	issuer, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, issuer, err)
	pk, err := issuer.PublicKey()
	must(t, pk, err)
	info, envelope := []byte("for Bob"), []byte("envelope")
	signature, err := issuer.SignEnvelope(info, envelope)
	must(t, signature, err)
	must(t, 0, pqrtc.VerifyEnvelope(pqrtc.MLDSA65, pk, info, envelope, signature))
	wantErr(t, "for another", pqrtc.VerifyEnvelope(pqrtc.MLDSA65, pk, nil, envelope, signature), pqrtc.ErrBadSignature)
	wantErr(t, "another", pqrtc.VerifyEnvelope(pqrtc.MLDSA65, pk, info, info, signature), pqrtc.ErrBadSignature)
}
