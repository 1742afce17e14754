package pqrtc

// #include <pqrtc.h>
import "C"

// Session is what both sides hold after a key exchange: one secret, from which every other key is derived.
type Session struct {
	h handle[*C.pqrtc_session]
}

func (s *Session) own() *handle[*C.pqrtc_session] {
	if s == nil {
		return nil
	}
	return &s.h
}

func newSession(p *C.pqrtc_session, st C.pqrtc_status) (*Session, error) {
	if err := check(st); err != nil {
		return nil, err
	}
	s := new(Session)
	s.h.init(p, func(p *C.pqrtc_session) { C.pqrtc_session_free(p) })
	return s, nil
}

// Key is the session key itself, 32 bytes. Most programs want [Session.Export] instead.
func (s *Session) Key() ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	return fixed(SessionKeySize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_session_key(p, out, n)
	})
}

// Export derives n bytes, 1 to 16320, for the application's own use. Another label (1 to 124 bytes) or context (at most 65535 bytes)
// gives unrelated bytes, and no label reaches a key that the library uses itself.
func (s *Session) Export(label string, context []byte, n int) ([]byte, error) {
	if n < 1 || n > 1<<16 { // C knows the true bound; this one keeps a wild n from being allocated
		return nil, ErrInvalidLength
	}
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	return fixed(n, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_session_export(p, strBytes(label), C.size_t(len(label)), ptr(context), size(context), out, n)
	})
}

// Role is a side of a key exchange.
type Role uint32

// The sides.
const (
	Initiator Role = 1
	Responder Role = 2
)

// SFrameBaseKey is the 32-byte base key of a sender, for an SFrame engine that is not this library's. A sender of this side for that
// key ID is ErrKeyReused from then on.
func (s *Session) SFrameBaseKey(sender Role, kid uint64) ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	return fixed(SFrameBaseKeySize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_session_sframe_base_key(p, C.uint32_t(sender), C.uint64_t(kid), out, n)
	})
}

// SRTPKeys are the master keys and salts of both directions; the client is the initiator. They lie one after the other in this order,
// that of RFC 5764 section 4.2.
type SRTPKeys struct {
	ClientKey, ServerKey, ClientSalt, ServerSalt []byte
}

// SRTPKeys derives the keys of a profile.
func (s *Session) SRTPKeys(profile SRTPProfile) (SRTPKeys, error) {
	p, err := s.own().acquire()
	if err != nil {
		return SRTPKeys{}, err
	}
	defer s.own().release()
	out := make([]byte, 128) // room for every profile
	var n C.size_t
	if err := check(C.pqrtc_session_srtp_keys(p, C.uint32_t(profile), ptr(out), size(out), &n)); err != nil {
		return SRTPKeys{}, err
	}
	out = out[:n]
	key := 16
	if profile == SRTPAEADAES256GCM {
		key = 32
	}
	salt := len(out)/2 - key
	return SRTPKeys{out[:key:key], out[key : 2*key : 2*key], out[2*key : 2*key+salt : 2*key+salt], out[2*key+salt:]}, nil
}

// Seal encrypts a small message (group keys, signaling) of at most 1 MiB for the peer and appends it, 36 bytes longer, to dst. aad is
// authenticated and not sent, at most 65535 bytes. dst must not overlap the inputs.
func (s *Session) Seal(dst, aad, plaintext []byte) ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	whole, out := extend(dst, len(plaintext)+SessionSealOverhead)
	var n C.size_t
	st := C.pqrtc_session_seal(p, ptr(aad), size(aad), ptr(plaintext), size(plaintext), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// Open decrypts what the peer sealed and appends it to dst, each message once: ErrReplayedFrame for one seen before or older than the
// last 1024, ErrDecryptionFailed for an altered one. dst must not overlap the inputs.
func (s *Session) Open(dst, aad, sealed []byte) ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	whole, out := extend(dst, max(0, len(sealed)-SessionSealOverhead))
	var n C.size_t
	st := C.pqrtc_session_open(p, ptr(aad), size(aad), ptr(sealed), size(sealed), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// Close wipes and frees the session; senders and receivers made from it live on.
func (s *Session) Close() error { return s.own().close() }
