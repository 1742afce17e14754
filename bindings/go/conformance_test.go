package pqrtc_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type code uint32

type kemVector struct {
	Algorithm           pqrtc.KEMAlgorithm
	Credential, Wrapped hexBytes
	Seed, Ciphertext    hexBytes
	PublicKey           hexBytes `json:"public_key"`
	SharedSecret        hexBytes `json:"shared_secret"`
	Altered             []struct {
		Byte         int
		XOR          byte
		SharedSecret hexBytes `json:"shared_secret"`
	}
	Rejected []struct {
		Code      code
		PublicKey hexBytes `json:"public_key"`
	} `json:"rejected_public_keys"`
}

type signingVector struct {
	Algorithm   pqrtc.SignatureAlgorithm
	Fingerprint hexBytes
	Seed        hexBytes
	PublicKey   hexBytes `json:"public_key"`
	Signatures  []struct {
		Context, Message, Signature hexBytes
		AnotherContext              code `json:"another_context"`
	}
	Artifacts []struct {
		Kind               pqrtc.ArtifactKind
		Content, Signature hexBytes
		Verified           []code `json:"verified_as_kind_1_to_4"`
	}
}

type recordingVector struct {
	Algorithm     pqrtc.SignatureAlgorithm
	Seed          hexBytes
	PublicKey     hexBytes `json:"public_key"`
	ID, Beginning hexBytes
	Segments      []struct {
		Segment, Entry, State hexBytes
		Last                  bool
	}
	Refused []struct {
		After, Entry, Byte, Length int
		XOR                        byte
		Segment                    hexBytes
		Code                       code
	}
	AnotherID struct {
		ID         hexBytes
		FirstEntry code `json:"first_entry"`
	} `json:"another_id"`
}

// vectors is tests/vectors/pqrtc-v1.json; the README beside it says what each field is.
type vectors struct {
	Format string
	KEM    kemVector
	KEMs   []kemVector

	Recordings []recordingVector
	Hybrid     []struct {
		Suite                  pqrtc.Suite
		Seed, Bundle, Exchange hexBytes
		SessionKey             hexBytes `json:"session_key"`
		Altered                []struct {
			Byte       int
			XOR        byte
			SessionKey hexBytes `json:"session_key"`
		}
		RejectedBundles []struct {
			Code   code
			Bundle hexBytes
		} `json:"rejected_bundles"`
		RejectedExchanges []struct {
			Code     code
			Exchange hexBytes
			Answered bool `json:"answered_before"`
		} `json:"rejected_exchanges"`
		Exports []struct {
			Label        string
			Context, Key hexBytes
			Length       int
		}
		SRTP []struct {
			Profile pqrtc.SRTPProfile
			Keys    hexBytes
		}
		Messages []struct {
			Role                   int
			AAD, Plaintext, Sealed hexBytes
		}
		SFrame []struct {
			Suite                          pqrtc.SFrameCipher `json:"cipher_suite"`
			KID                            uint64
			Metadata, Initiator, Responder hexBytes
			InitiatorKey                   hexBytes `json:"initiator_base_key"`
			ResponderKey                   hexBytes `json:"responder_base_key"`
		}
	}
	TURN struct {
		Mint []struct {
			Secret                   hexBytes
			User, Username, Password string
			ExpiresAt                string `json:"expires_at"`
			Verify                   []struct {
				Code code
				Now  string
			}
		}
		RecipientSeed hexBytes `json:"recipient_seed"`
		Wrapped       []struct {
			Wrapped, Credential hexBytes
			Altered             code `json:"byte_20_xor_1"`
		}
	}
	Signing  signingVector
	Signings []signingVector
	SFrame   []struct {
		Suite pqrtc.SFrameCipher `json:"cipher_suite"`
		Keys  []struct {
			BaseKey hexBytes `json:"base_key"`
			KID     string
			Frames  []struct {
				Counter                 uint64
				Metadata, Frame, Sealed hexBytes
			}
		}
		Rejected struct {
			BaseKey      hexBytes `json:"base_key"`
			KID          uint64
			OpenedBefore hexBytes `json:"opened_before"`
			Frames       []struct {
				Code   code
				Sealed hexBytes
			}
			Forged struct {
				Code   code
				Sealed hexBytes
			}
		}
	}
	Ratchet []struct {
		Suite   pqrtc.SFrameCipher `json:"cipher_suite"`
		BaseKey hexBytes           `json:"base_key"`
		Bits    uint32             `json:"ratchet_bits"`
		Steps   []struct {
			KID           uint64
			Frame, Sealed hexBytes
		}
	}
	Codecs []struct {
		Codec   pqrtc.Codec
		BaseKey hexBytes           `json:"base_key"`
		Suite   pqrtc.SFrameCipher `json:"cipher_suite"`
		KID     uint64
		Frames  []struct {
			What          string
			Frame, Sealed hexBytes
			Altered       code `json:"middle_byte_xor_1"`
			Again         code
		}
	}
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	data, err := os.ReadFile("../../tests/vectors/pqrtc-v1.json")
	if err != nil {
		t.Skip("skipped: not in the pqrtc tree, no tests/vectors/pqrtc-v1.json")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields() // or a field that is new to this test would be passed over
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if len(v.Hybrid) != 2 || len(v.SFrame) != 8 || len(v.Ratchet) != 8 || len(v.Codecs) != 9 || len(v.Signing.Artifacts) != 4 {
		t.Fatal("the conformance file has lost something")
	}
	return v
}

// wantCode holds an error to a code of the file.
func wantCode(t *testing.T, what string, err error, want code) {
	t.Helper()
	if want == 0 {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	wantErr(t, what, err, pqrtc.Status(want))
}

func same(t *testing.T, what string, got []byte, err error, want []byte) {
	t.Helper()
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %x, want %x; %v", what, got, want, err)
	}
}

func xor(b []byte, at int, by byte) []byte { return set(b, at, b[at]^by) }

// newSender skips the test when the process has had this key: the vectors can be sealed once.
func newSender(t *testing.T, s *pqrtc.SFrameSender, err error) *pqrtc.SFrameSender {
	t.Helper()
	if errors.Is(err, pqrtc.ErrKeyReused) {
		t.Skip("skipped: these keys have been used in this process (-count above 1)")
	}
	return must(t, s, err)
}

func newReceiver(t *testing.T, suite pqrtc.SFrameCipher, kid uint64, base []byte) *pqrtc.SFrameReceiver {
	t.Helper()
	r, err := pqrtc.NewSFrameReceiver(suite)
	must(t, r, err)
	must(t, 0, r.AddKey(kid, base))
	return r
}

// inBuild skips what is known and not in this build.
func inBuild(t *testing.T, err error) bool {
	if err != nil && !errors.Is(err, pqrtc.ErrUnsupported) {
		t.Error(err)
	}
	return err == nil
}

func TestConformanceKEM(t *testing.T) {
	all := readVectors(t)
	for _, v := range append(all.KEMs, all.KEM) {
		if _, err := v.Algorithm.Sizes(); !inBuild(t, err) {
			continue
		}
		kp, err := pqrtc.KEMKeypairFromSeed(v.Algorithm, v.Seed)
		must(t, kp, err)
		pk, err := kp.PublicKey()
		same(t, "public key", pk, err, v.PublicKey)
		ss, err := kp.Decapsulate(v.Ciphertext)
		same(t, "shared secret", ss, err, v.SharedSecret)
		for _, a := range v.Altered {
			ss, err := kp.Decapsulate(xor(v.Ciphertext, a.Byte, a.XOR))
			same(t, "implicit rejection", ss, err, a.SharedSecret)
		}
		for _, r := range v.Rejected {
			wantCode(t, "public key", third(pqrtc.Encapsulate(v.Algorithm, r.PublicKey)), r.Code)
		}
		credential, err := kp.UnwrapTURN(v.Wrapped)
		same(t, "credential", credential, err, v.Credential)
	}
}

func TestConformanceHybrid(t *testing.T) {
	for _, v := range readVectors(t).Hybrid {
		kp, err := pqrtc.HybridKeypairFromSeed(v.Suite, v.Seed)
		must(t, kp, err)
		bundle, err := kp.Bundle()
		same(t, "bundle", bundle, err, v.Bundle)
		session, err := kp.Respond(v.Exchange)
		must(t, session, err)
		key, err := session.Key()
		same(t, "session key", key, err, v.SessionKey)
		for _, a := range v.Altered {
			other, err := kp.Respond(xor(v.Exchange, a.Byte, a.XOR))
			must(t, other, err)
			key, err := other.Key()
			same(t, "key of an altered exchange", key, err, a.SessionKey)
		}
		for _, r := range v.RejectedBundles {
			wantCode(t, "bundle", third(pqrtc.Initiate(v.Suite, r.Bundle)), r.Code)
		}
		wantCode(t, "the exchange again", second(kp.Respond(v.Exchange)), code(pqrtc.ErrKeyReused))
		for _, r := range v.RejectedExchanges {
			if r.Answered {
				continue
			}
			wantCode(t, "exchange", second(kp.Respond(r.Exchange)), r.Code)
		}
		for _, e := range v.Exports {
			key, err := session.Export(e.Label, e.Context, e.Length)
			same(t, "export "+e.Label, key, err, e.Key)
		}
		for _, s := range v.SRTP {
			k, err := session.SRTPKeys(s.Profile)
			same(t, "SRTP", slices.Concat(k.ClientKey, k.ServerKey, k.ClientSalt, k.ServerSalt), err, s.Keys)
		}
		for _, m := range v.Messages {
			if m.Role != 1 {
				t.Fatal("the responder cannot open its own message")
			}
			got, err := session.Open(nil, m.AAD, m.Sealed)
			same(t, "message", got, err, m.Plaintext)
		}
		for _, f := range v.SFrame {
			receiver, err := pqrtc.NewSFrameReceiver(f.Suite)
			must(t, receiver, err)
			must(t, 0, receiver.AddSession(session, f.KID))
			got, err := receiver.Open(nil, f.Metadata, f.Initiator)
			same(t, "frame", got, err, []byte("from the initiator"))
			key, err := session.SFrameBaseKey(pqrtc.Initiator, f.KID)
			same(t, "base key", key, err, f.InitiatorKey)
		}
		for _, f := range v.SFrame {
			s, err := pqrtc.NewSFrameSender(session, f.KID, f.Suite)
			sealed, err := newSender(t, s, err).Seal(nil, f.Metadata, []byte("from the responder"))
			same(t, "sealed", sealed, err, f.Responder)
		}
	}
}

func TestConformanceTURN(t *testing.T) {
	v := readVectors(t).TURN
	// at is false for times that time.Time does not reach.
	at := func(seconds string) (time.Time, bool) {
		n, err := strconv.ParseInt(seconds, 10, 64)
		return time.Unix(n, 0), err == nil
	}
	for _, m := range v.Mint {
		if expires, ok := at(m.ExpiresAt); ok {
			username, password, err := pqrtc.MintTURN(m.Secret, m.User, expires)
			if err != nil || username != m.Username || password != m.Password {
				t.Errorf("minted %q %q, want %q %q; %v", username, password, m.Username, m.Password, err)
			}
		} else {
			wantCode(t, m.Username, pqrtc.VerifyTURN(m.Secret, m.Username, m.Password, time.Unix(1<<40, 0)), 0)
		}
		for _, c := range m.Verify {
			if now, ok := at(c.Now); ok {
				wantCode(t, m.Username+" at "+c.Now, pqrtc.VerifyTURN(m.Secret, m.Username, m.Password, now), c.Code)
			}
		}
	}
	kp, err := pqrtc.KEMKeypairFromSeed(pqrtc.MLKEM768, v.RecipientSeed)
	must(t, kp, err)
	for _, w := range v.Wrapped {
		credential, err := kp.UnwrapTURN(w.Wrapped)
		same(t, "unwrapped", credential, err, w.Credential)
		wantCode(t, "altered", second(kp.UnwrapTURN(xor(w.Wrapped, 20, 1))), w.Altered)
	}
}

func TestConformanceSigning(t *testing.T) {
	all := readVectors(t)
	for _, v := range append(all.Signings, all.Signing) {
		if _, err := v.Algorithm.Sizes(); !inBuild(t, err) {
			continue
		}
		key, err := pqrtc.SigningKeyFromSeed(v.Algorithm, v.Seed)
		must(t, key, err)
		pk, err := key.PublicKey()
		same(t, "public key", pk, err, v.PublicKey)
		print, err := v.Algorithm.Fingerprint(pk)
		same(t, "fingerprint", print, err, v.Fingerprint)
		for _, s := range v.Signatures {
			wantCode(t, "signature", pqrtc.Verify(v.Algorithm, pk, string(s.Context), s.Message, s.Signature), 0)
			wantCode(t, "under another context", pqrtc.Verify(v.Algorithm, pk, "another context", s.Message, s.Signature), s.AnotherContext)
		}
		for _, a := range v.Artifacts {
			for i, want := range a.Verified {
				kind := pqrtc.ArtifactKind(i + 1)
				wantCode(t, "artifact", pqrtc.VerifyArtifact(v.Algorithm, pk, kind, a.Content, a.Signature), want)
				hasher, err := pqrtc.NewArtifactHasher(kind)
				must(t, hasher, err)
				hasher.Write(a.Content)
				wantCode(t, "streamed artifact", hasher.Verify(v.Algorithm, pk, a.Signature), want)
			}
		}
	}
}

func TestConformanceRecordings(t *testing.T) {
	for _, v := range readVectors(t).Recordings {
		sizes, err := v.Algorithm.Sizes()
		if !inBuild(t, err) {
			continue
		}
		key, err := pqrtc.SigningKeyFromSeed(v.Algorithm, v.Seed)
		must(t, key, err)
		pk, err := key.PublicKey()
		same(t, "public key", pk, err, v.PublicKey)
		signer, err := pqrtc.NewRecordingSigner(key, v.ID)
		must(t, signer, err)
		state, err := signer.State()
		same(t, "state", state, err, v.Beginning)
		for _, part := range v.Segments {
			must(t, 0, second(signer.Write(part.Segment)))
			made, err := signer.Entry(part.Last)
			head := len(part.Entry) - sizes.Signature
			if must(t, made, err); len(made) != len(part.Entry) || !bytes.Equal(made[:head], part.Entry[:head]) {
				t.Errorf("the head of an entry is %x, want %x", made[:head], part.Entry[:head])
			}
			state, err := signer.State()
			same(t, "state", state, err, part.State)
			signer, err = pqrtc.ResumeRecordingSigner(key, v.ID, state)
			must(t, signer, err)
		}
		after := func(accepted int) *pqrtc.RecordingVerifier {
			verifier, err := pqrtc.NewRecordingVerifier(v.Algorithm, v.PublicKey, v.ID)
			must(t, verifier, err)
			for _, part := range v.Segments[:accepted] {
				wantErr(t, "finish too early", verifier.Finish(), pqrtc.ErrIncomplete)
				must(t, 0, second(verifier.Write(part.Segment)))
				must(t, 0, verifier.Entry(part.Entry))
			}
			return verifier
		}
		must(t, 0, after(len(v.Segments)).Finish())
		for _, r := range v.Refused {
			verifier := after(r.After)
			must(t, 0, second(verifier.Write(r.Segment)))
			entry := xor(v.Segments[r.Entry].Entry, r.Byte, r.XOR)[:r.Length]
			wantCode(t, "refused entry", verifier.Entry(entry), r.Code)
		}
		other, err := pqrtc.NewRecordingVerifier(v.Algorithm, v.PublicKey, v.AnotherID.ID)
		must(t, other, err)
		must(t, 0, second(other.Write(v.Segments[0].Segment)))
		wantCode(t, "of another id", other.Entry(v.Segments[0].Entry), v.AnotherID.FirstEntry)
	}
}

func TestConformanceSFrame(t *testing.T) {
	all := readVectors(t).SFrame
	for _, v := range all {
		r := v.Rejected
		receiver := newReceiver(t, v.Suite, r.KID, r.BaseKey)
		wantCode(t, "forged", second(receiver.Open(nil, nil, r.Forged.Sealed)), r.Forged.Code)
		must(t, 0, second(receiver.Open(nil, nil, r.OpenedBefore)))
		for _, f := range r.Frames {
			wantCode(t, hex.EncodeToString(f.Sealed), second(receiver.Open(nil, nil, f.Sealed)), f.Code)
		}
		for _, k := range v.Keys {
			kid, err := strconv.ParseUint(k.KID, 16, 64)
			receiver := newReceiver(t, v.Suite, must(t, kid, err), k.BaseKey)
			for _, f := range k.Frames {
				got, id, err := receiver.OpenID(nil, f.Metadata, f.Sealed)
				same(t, "frame", got, err, f.Frame)
				if id != (pqrtc.FrameID{KID: kid, Counter: f.Counter}) {
					t.Errorf("suite %d: opened %+v", v.Suite, id)
				}
			}
		}
	}
	for _, v := range all {
		for _, k := range v.Keys {
			kid, err := strconv.ParseUint(k.KID, 16, 64)
			must(t, kid, err)
			s, err := pqrtc.NewSFrameSenderFromKey(k.BaseKey, kid, v.Suite)
			sender := newSender(t, s, err)
			for _, f := range k.Frames {
				sealed, err := sender.Seal(nil, f.Metadata, f.Frame)
				same(t, "sealed", sealed, err, f.Sealed)
			}
		}
	}
}

func TestConformanceRatchet(t *testing.T) {
	for _, v := range readVectors(t).Ratchet {
		receiver, err := pqrtc.NewSFrameReceiver(v.Suite)
		must(t, receiver, err)
		must(t, 0, receiver.SetRatchet(v.Bits, 8, 0))
		must(t, 0, receiver.AddKey(v.Steps[0].KID, v.BaseKey))
		s, err := pqrtc.NewSFrameSenderFromKey(v.BaseKey, v.Steps[0].KID, v.Suite)
		sender := newSender(t, s, err)
		must(t, 0, sender.SetRatchet(v.Bits))
		for i, step := range v.Steps {
			if i > 0 {
				kid, err := sender.Ratchet()
				if must(t, kid, err) != step.KID {
					t.Errorf("suite %d: KID %d, want %d", v.Suite, kid, step.KID)
				}
			}
			sealed, err := sender.Seal(nil, nil, step.Frame)
			same(t, "sealed", sealed, err, step.Sealed)
			got, err := receiver.Open(nil, nil, step.Sealed)
			same(t, "frame", got, err, step.Frame)
		}
	}
}

func TestConformanceCodecs(t *testing.T) {
	for _, v := range readVectors(t).Codecs {
		receiver := newReceiver(t, v.Suite, v.KID, v.BaseKey)
		s, err := pqrtc.NewSFrameSenderFromKey(v.BaseKey, v.KID, v.Suite)
		sender := newSender(t, s, err)
		for _, f := range v.Frames {
			sealed, err := sender.SealFrame(nil, v.Codec, nil, f.Frame)
			same(t, f.What, sealed, err, f.Sealed)
			wantCode(t, f.What+", altered", third(receiver.OpenFrame(nil, v.Codec, nil, flip(f.Sealed, len(f.Sealed)/2))), f.Altered)
			got, _, err := receiver.OpenFrame(nil, v.Codec, nil, f.Sealed)
			same(t, f.What, got, err, f.Frame)
			wantCode(t, f.What+", again", third(receiver.OpenFrame(nil, v.Codec, nil, f.Sealed)), f.Again)
		}
	}
}
