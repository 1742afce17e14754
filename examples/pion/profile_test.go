package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// The signaling profile: what tests/vectors/signaling.json says is read, refused and written.
func TestSignalingProfile(t *testing.T) {
	file, err := os.ReadFile("../../tests/vectors/signaling.json")
	if err != nil {
		t.Fatal(err)
	}
	type vector struct{ Name, Text, Type, SDP, PQRTC, Fingerprint, Refused string }
	var vectors struct{ Messages, SDP, Fingerprints, Writes []vector }
	if err := json.Unmarshal(file, &vectors); err != nil {
		t.Fatal(err)
	}
	check := func(v vector, err error, same func() bool) {
		t.Helper()
		if v.Refused != "" && !errors.Is(err, errSignaling) || v.Refused == "" && (err != nil || !same()) {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
	is := func(v vector, m message) func() bool {
		return func() bool { return m.SDP == v.SDP && hex.EncodeToString(m.PQRTC) == v.PQRTC }
	}
	for _, v := range vectors.Messages {
		m, err := decode([]byte(v.Text))
		check(v, err, func() bool { return m.Type == v.Type && is(v, m)() })
		if err == nil {
			text, err := encode(m)
			again, _ := decode(text)
			if err != nil || again.Type != m.Type || again.SDP != m.SDP || !bytes.Equal(again.PQRTC, m.PQRTC) {
				t.Errorf("%s: written and read again: %v", v.Name, err)
			}
		}
	}
	for _, v := range vectors.SDP {
		m, err := fromSDP("offer", v.Text)
		check(v, err, is(v, m))
	}
	for _, v := range vectors.Fingerprints {
		f, err := fingerprint(v.Text)
		check(v, err, func() bool { return hex.EncodeToString(f) == v.Fingerprint })
	}
	for _, v := range vectors.Writes {
		pqrtc, err := hex.DecodeString(v.PQRTC)
		if got := intoSDP(v.SDP, pqrtc); err != nil || got != v.Text {
			t.Errorf("%s: %q, %v", v.Name, got, err)
		}
	}
	if len(vectors.Messages) == 0 || len(vectors.SDP) == 0 || len(vectors.Fingerprints) == 0 || len(vectors.Writes) == 0 {
		t.Error("vectors are missing")
	}
}
