package pqrtc_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

var recordingID = []byte("meeting 7")

// signed is a recording: its segments, and their entries from a recorder that crashes before each.
func signed(t *testing.T, key *pqrtc.SigningKey, segments ...string) [][]byte {
	t.Helper()
	signer, err := pqrtc.NewRecordingSigner(key, recordingID)
	must(t, signer, err)
	var entries [][]byte
	for i, segment := range segments {
		state, err := signer.State()
		must(t, state, err)
		io.WriteString(signer, "lost in the crash")
		wantErr(t, "state within a segment", second(signer.State()), pqrtc.ErrUnexpectedMessage)
		signer, err = pqrtc.ResumeRecordingSigner(key, recordingID, state)
		must(t, signer, err)
		_, err = io.Copy(signer, strings.NewReader(segment))
		must(t, 0, err)
		entry, err := signer.Entry(i+1 == len(segments))
		entries = append(entries, must(t, entry, err))
	}
	wantErr(t, "more after the end", second(io.WriteString(signer, "more")), pqrtc.ErrUnexpectedMessage)
	wantErr(t, "an entry after the end", second(signer.Entry(true)), pqrtc.ErrUnexpectedMessage)
	return entries
}

func TestRecordingIsVerifiedAndNotSpliced(t *testing.T) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65Ed25519)
	must(t, key, err)
	pk, err := key.PublicKey()
	must(t, pk, err)
	segments := []string{"first", "second", "", "last"}
	entries := signed(t, key, segments...)
	verifier, err := pqrtc.NewRecordingVerifier(pqrtc.MLDSA65Ed25519, pk, recordingID)
	must(t, verifier, err)
	show := func(segment string, entry []byte) error {
		must(t, 0, second(io.WriteString(verifier, segment)))
		return verifier.Entry(entry)
	}
	for i, segment := range segments {
		next := (i + 1) % len(segments)
		wantErr(t, "another entry", show(segments[next], entries[next]), pqrtc.ErrOutOfSequence)
		wantErr(t, "another segment", show(segment+"x", entries[i]), pqrtc.ErrDigestMismatch)
		wantErr(t, "an altered entry", show(segment, xor(entries[i], len(entries[i])-1, 1)), pqrtc.ErrBadSignature)
		wantErr(t, "no entry", show(segment, nil), pqrtc.ErrMalformedMessage)
		wantErr(t, "not the end", verifier.Finish(), pqrtc.ErrIncomplete)
		must(t, 0, show(segment, entries[i]))
	}
	must(t, 0, verifier.Finish())
	wantErr(t, "after the end", show("last", entries[3]), pqrtc.ErrMalformedMessage)
}

func TestRecordingRefusesWrongArguments(t *testing.T) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	pk, err := key.PublicKey()
	must(t, pk, err)
	for _, id := range [][]byte{nil, make([]byte, 65)} {
		wantErr(t, "signer", second(pqrtc.NewRecordingSigner(key, id)), pqrtc.ErrInvalidLength)
		wantErr(t, "resumed", second(pqrtc.ResumeRecordingSigner(key, id, make([]byte, 43))), pqrtc.ErrInvalidLength)
		wantErr(t, "verifier", second(pqrtc.NewRecordingVerifier(pqrtc.MLDSA65, pk, id)), pqrtc.ErrInvalidLength)
	}
	wantErr(t, "no state", second(pqrtc.ResumeRecordingSigner(key, recordingID, nil)), pqrtc.ErrMalformedMessage)
	wantErr(t, "key", second(pqrtc.NewRecordingVerifier(pqrtc.MLDSA65, pk[1:], recordingID)), pqrtc.ErrInvalidLength)
	wantErr(t, "algorithm", second(pqrtc.NewRecordingVerifier(9, pk, recordingID)), pqrtc.ErrInvalidArgument)
}

func TestCOSE(t *testing.T) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	content := []byte("a manifest")
	message, err := key.SignArtifactCOSE(pqrtc.RecordingManifest, content)
	if must(t, message, err); len(message) != 3320+1+len(content) || !bytes.Equal(message[9:9+len(content)], content) {
		t.Errorf("%d bytes, %x...", len(message), message[:20])
	}
	signer, err := pqrtc.NewRecordingSigner(key, recordingID)
	must(t, signer, err)
	state, err := signer.State()
	must(t, state, err)
	wantErr(t, "before the first entry", second(signer.COSE()), pqrtc.ErrUnexpectedMessage)
	entry, err := signer.Entry(true)
	must(t, entry, err)
	message, err = signer.COSE()
	if must(t, message, err); len(message) != 3405 || !bytes.Equal(message[10:93], append(state[11:], entry[:51]...)) {
		t.Errorf("%d bytes, %x...", len(message), message[:93])
	}
	composite, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65Ed25519)
	must(t, composite, err)
	wantErr(t, "the composite", second(composite.SignArtifactCOSE(pqrtc.Summary, nil)), pqrtc.ErrUnsupported)
	wantErr(t, "kind 9", second(key.SignArtifactCOSE(9, nil)), pqrtc.ErrInvalidArgument)
}

func TestClosedRecording(t *testing.T) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	must(t, key, err)
	pk, err := key.PublicKey()
	must(t, pk, err)
	signer, err := pqrtc.NewRecordingSigner(key, recordingID)
	must(t, signer, err)
	verifier, err := pqrtc.NewRecordingVerifier(pqrtc.MLDSA65, pk, recordingID)
	must(t, verifier, err)
	// A signer has a share of the key.
	must(t, 0, key.Close())
	must(t, 0, second(signer.Entry(true)))
	for _, c := range []io.Closer{signer, signer, verifier, verifier} {
		must(t, 0, c.Close())
	}
	for name, call := range map[string]func() error{
		"RecordingSigner.Write":    func() error { return second(signer.Write(nil)) },
		"RecordingSigner.Entry":    func() error { return second(signer.Entry(false)) },
		"RecordingSigner.COSE":     func() error { return second(signer.COSE()) },
		"RecordingSigner.State":    func() error { return second(signer.State()) },
		"NewRecordingSigner":       func() error { return second(pqrtc.NewRecordingSigner(key, recordingID)) },
		"RecordingVerifier.Write":  func() error { return second(verifier.Write(nil)) },
		"RecordingVerifier.Entry":  func() error { return verifier.Entry(nil) },
		"RecordingVerifier.Finish": func() error { return verifier.Finish() },
	} {
		wantErr(t, name, call(), pqrtc.ErrClosed)
	}
}
