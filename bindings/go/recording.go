package pqrtc

// #include <pqrtc.h>
import "C"

import "io"

// RecordingSigner signs a recording segment by segment, so that nobody can drop, move, repeat, alter or exchange one, or cut the recording
// off: docs/recordings.md. It is an io.Writer for the bytes of the current segment.
type RecordingSigner struct {
	h handle[*C.pqrtc_recording_signer]
}

func (s *RecordingSigner) own() *handle[*C.pqrtc_recording_signer] {
	if s == nil {
		return nil
	}
	return &s.h
}

var _ io.WriteCloser = (*RecordingSigner)(nil)

// NewRecordingSigner begins a recording. The id of 1 to 64 bytes names it, and no other one that this key signs.
func NewRecordingSigner(key *SigningKey, id []byte) (*RecordingSigner, error) {
	return newRecordingSigner(key, func(k *C.pqrtc_signing_key, out **C.pqrtc_recording_signer) C.pqrtc_status {
		return C.pqrtc_recording_signer_new(k, ptr(id), size(id), out)
	})
}

// ResumeRecordingSigner goes on where another signer gave the state. ErrMalformedMessage if that is no state, one of another algorithm, or one
// of another recording before its first entry; what is signed after a later wrong state does not verify.
func ResumeRecordingSigner(key *SigningKey, id, state []byte) (*RecordingSigner, error) {
	return newRecordingSigner(key, func(k *C.pqrtc_signing_key, out **C.pqrtc_recording_signer) C.pqrtc_status {
		return C.pqrtc_recording_signer_resume(k, ptr(id), size(id), ptr(state), size(state), out)
	})
}

func newRecordingSigner(key *SigningKey, create func(*C.pqrtc_signing_key, **C.pqrtc_recording_signer) C.pqrtc_status) (*RecordingSigner, error) {
	k, err := key.own().acquire()
	if err != nil {
		return nil, err
	}
	defer key.own().release()
	var p *C.pqrtc_recording_signer
	if err := check(create(k, &p)); err != nil {
		return nil, err
	}
	s := new(RecordingSigner)
	s.h.init(p, func(p *C.pqrtc_recording_signer) { C.pqrtc_recording_signer_free(p) })
	return s, nil
}

// Write adds data to the current segment. ErrUnexpectedMessage after the last entry.
func (s *RecordingSigner) Write(data []byte) (int, error) {
	p, err := s.own().acquireExclusive()
	if err != nil {
		return 0, err
	}
	defer s.own().releaseExclusive()
	if err := check(C.pqrtc_recording_signer_update(p, ptr(data), size(data))); err != nil {
		return 0, err
	}
	return len(data), nil
}

// Entry ends the current segment, which may be empty, and with last the recording. ErrUnexpectedMessage after the last entry.
func (s *RecordingSigner) Entry(last bool) ([]byte, error) {
	p, err := s.own().acquireExclusive()
	if err != nil {
		return nil, err
	}
	defer s.own().releaseExclusive()
	flag := C.uint32_t(0)
	if last {
		flag = 1
	}
	return asked(8192, func(out *C.uint8_t, room C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_recording_signer_entry(p, flag, out, room, n)
	})
}

// COSE is the entry that was made last as a COSE_Sign1 message (RFC 9964; docs/recordings.md). ErrUnsupported for the composite,
// ErrUnexpectedMessage before the first entry that this signer made.
func (s *RecordingSigner) COSE() ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	return asked(8192, func(out *C.uint8_t, room C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_recording_signer_cose(p, out, room, n)
	})
}

// State is what [ResumeRecordingSigner] goes on from. There is no secret in it. Store it after each entry, once the entry is stored.
// ErrUnexpectedMessage within a segment.
func (s *RecordingSigner) State() ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	return asked(128, func(out *C.uint8_t, room C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_recording_signer_state(p, out, room, n)
	})
}

// Close frees the signer.
func (s *RecordingSigner) Close() error { return s.own().close() }

// RecordingVerifier verifies a recording segment by segment, in constant memory. It is an io.Writer for the bytes of the current segment.
type RecordingVerifier struct {
	h handle[*C.pqrtc_recording_verifier]
}

func (v *RecordingVerifier) own() *handle[*C.pqrtc_recording_verifier] {
	if v == nil {
		return nil
	}
	return &v.h
}

var _ io.WriteCloser = (*RecordingVerifier)(nil)

// NewRecordingVerifier begins with the recording that the id of 1 to 64 bytes names, for the signer's public key.
func NewRecordingVerifier(algorithm SignatureAlgorithm, publicKey, id []byte) (*RecordingVerifier, error) {
	var p *C.pqrtc_recording_verifier
	err := check(C.pqrtc_recording_verifier_new(C.uint32_t(algorithm), ptr(publicKey), size(publicKey), ptr(id), size(id), &p))
	if err != nil {
		return nil, err
	}
	v := new(RecordingVerifier)
	v.h.init(p, func(p *C.pqrtc_recording_verifier) { C.pqrtc_recording_verifier_free(p) })
	return v, nil
}

// Write adds data to the current segment.
func (v *RecordingVerifier) Write(data []byte) (int, error) {
	p, err := v.own().acquireExclusive()
	if err != nil {
		return 0, err
	}
	defer v.own().releaseExclusive()
	if err := check(C.pqrtc_recording_verifier_update(p, ptr(data), size(data))); err != nil {
		return 0, err
	}
	return len(data), nil
}

// Entry is nil if this is the entry of the segment just written. Else, in this order: ErrMalformedMessage (no entry, another algorithm,
// anything after the last entry), ErrOutOfSequence (a segment is missing, repeated or moved), ErrDigestMismatch (another segment),
// ErrBadSignature (an altered entry, another recording, key or history). The first three compare what nobody has authenticated. After a
// refusal the verifier stands where it stood, and the bytes of the segment are forgotten.
func (v *RecordingVerifier) Entry(entry []byte) error {
	p, err := v.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer v.own().releaseExclusive()
	return check(C.pqrtc_recording_verifier_entry(p, ptr(entry), size(entry)))
}

// Finish is nil if the recording is whole, and ErrIncomplete before the last entry and if bytes were written after it.
func (v *RecordingVerifier) Finish() error {
	p, err := v.own().acquire()
	if err != nil {
		return err
	}
	defer v.own().release()
	return check(C.pqrtc_recording_verifier_finish(p))
}

// Close frees the verifier.
func (v *RecordingVerifier) Close() error { return v.own().close() }
