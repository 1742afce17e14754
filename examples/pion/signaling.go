package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// The signaling profile of docs/integrations/README.md: how the messages of a call travel beside the SDP.

const (
	messageMax = 65535 // bytes
	lineMax    = 960   // characters
)

var errSignaling = errors.New("signaling")

func refuse(format string, arguments ...any) error {
	return fmt.Errorf("%w: %s", errSignaling, fmt.Sprintf(format, arguments...))
}

// docs:begin messages

// message is an offer or answer with its SDP, ready to be set, or of type pqrtc and one of the later messages of a call.
type message struct {
	Type, SDP string
	PQRTC     []byte
}

type wire struct {
	Type  string `json:"type"`
	SDP   string `json:"sdp,omitempty"`
	PQRTC string `json:"pqrtc"`
}

func encode(m message) ([]byte, error) {
	return json.Marshal(wire{m.Type, m.SDP, base64.StdEncoding.EncodeToString(m.PQRTC)})
}

func decode(text []byte) (m message, err error) {
	var w wire
	if err := json.Unmarshal(text, &w); err != nil {
		return m, refuse("%v", err)
	}
	switch m.Type = w.Type; m.Type {
	case "offer", "answer":
		if w.SDP == "" {
			return m, refuse("%s without SDP", m.Type)
		}
		if m.SDP, err = clean(w.SDP); err != nil {
			return m, err
		}
	case "pqrtc":
	default:
		return m, refuse("no offer, answer or pqrtc message")
	}
	if w.PQRTC == "" {
		return m, refuse("%s without pqrtc: the call does not go on without it", m.Type)
	}
	m.PQRTC, err = unbase64(w.PQRTC)
	return m, err
}

// unbase64 is strict: the standard alphabet with its padding, in the one form that encoders write.
func unbase64(text string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(data) != text || len(data) == 0 || len(data) > messageMax {
		return nil, refuse("not base64 of a message")
	}
	return data, nil
}

// docs:end messages

// docs:begin fingerprint

var colons = regexp.MustCompile(`^[0-9A-F]{2}(:[0-9A-F]{2}){31}$`)

// fingerprint is the SHA-256 fingerprint of the DTLS certificate, which the call binds: one for the whole description.
func fingerprint(sdp string) ([]byte, error) {
	found := ""
	for _, line := range lines(sdp) {
		if !sha256Line(line) {
			continue
		}
		_, value, _ := strings.Cut(line, " ")
		if value = strings.ToUpper(value); !colons.MatchString(value) || found != "" && found != value {
			return nil, refuse("not one SHA-256 fingerprint")
		}
		found = value
	}
	if found == "" {
		return nil, refuse("no SHA-256 fingerprint")
	}
	return hex.DecodeString(strings.ReplaceAll(found, ":", ""))
}

// clean gives the description to set. Only the SHA-256 fingerprint is bound, and pion goes by the first of any hash: others are taken out.
// Parsers do not agree on characters beyond printable ASCII, so that one could see a fingerprint where another sees none: refused.
func clean(sdp string) (string, error) {
	var kept []string
	for _, line := range strings.Split(sdp, "\n") {
		text := strings.TrimSuffix(line, "\r")
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			return "", refuse("SDP with control characters, or not in ASCII")
		}
		if has(text, "a=pqrtc:") || has(text, "a=fingerprint") && !sha256Line(text) {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n"), nil
}

func sha256Line(line string) bool { return has(line, "a=fingerprint:sha-256 ") }

func has(line, prefix string) bool {
	return len(line) >= len(prefix) && strings.EqualFold(line[:len(prefix)], prefix)
}

// docs:end fingerprint

// docs:begin sdp

// intoSDP is for signaling that carries SDP alone: a=pqrtc:1/n, a=pqrtc:2/n ..., at session level, where peers ignore what they do not know.
func intoSDP(sdp string, pqrtc []byte) string {
	text := base64.StdEncoding.EncodeToString(pqrtc)
	n := (len(text) + lineMax - 1) / lineMax
	var parts strings.Builder
	for i := range n {
		fmt.Fprintf(&parts, "a=pqrtc:%d/%d %s\r\n", i+1, n, text[i*lineMax:min(len(text), (i+1)*lineMax)])
	}
	at := len(sdp)
	if media := strings.Index("\n"+sdp, "\nm="); media >= 0 {
		at = media
	}
	return sdp[:at] + parts.String() + sdp[at:]
}

func fromSDP(kind, sdp string) (m message, err error) {
	var parts []string
	media := false
	for _, line := range lines(sdp) {
		media = media || strings.HasPrefix(line, "m=")
		if !strings.HasPrefix(line, "a=pqrtc:") {
			continue
		}
		if media {
			return m, refuse("a=pqrtc in a media section")
		}
		parts = append(parts, line)
	}
	if len(parts) == 0 {
		return m, refuse("SDP without a=pqrtc: the call does not go on without it")
	}
	text := ""
	for i, line := range parts {
		part, ok := strings.CutPrefix(line, fmt.Sprintf("a=pqrtc:%d/%d ", i+1, len(parts)))
		if !ok || part == "" || len(part) > lineMax {
			return m, refuse("%.20q is not part %d of %d", line, i+1, len(parts))
		}
		text += part
	}
	m.Type = kind
	if m.SDP, err = clean(sdp); err != nil {
		return m, err
	}
	m.PQRTC, err = unbase64(text)
	return m, err
}

// docs:end sdp

func lines(sdp string) []string {
	all := strings.Split(sdp, "\n")
	for i, line := range all {
		all[i] = strings.TrimSuffix(line, "\r")
	}
	return all
}
