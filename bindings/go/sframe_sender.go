package pqrtc

// #include <pqrtc.h>
// #cgo noescape pqrtc_sframe_seal
// #cgo nocallback pqrtc_sframe_seal
// #cgo noescape pqrtc_frame_seal
// #cgo nocallback pqrtc_frame_seal
import "C"

// SFrameSender seals the frames of one sender under one key and key ID.
type SFrameSender struct {
	h handle[*C.pqrtc_sframe_sender]
}

func (s *SFrameSender) own() *handle[*C.pqrtc_sframe_sender] {
	if s == nil {
		return nil
	}
	return &s.h
}

func newSFrameSender(p *C.pqrtc_sframe_sender, st C.pqrtc_status) (*SFrameSender, error) {
	if err := check(st); err != nil {
		return nil, err
	}
	s := new(SFrameSender)
	s.h.init(p, func(p *C.pqrtc_sframe_sender) { C.pqrtc_sframe_sender_free(p) })
	return s, nil
}

// NewSFrameSender makes this side's sender with a key ID of the caller's choice. A key ID serves one sender of a session, once in a
// process, else ErrKeyReused: give each stream its own.
func NewSFrameSender(s *Session, kid uint64, cipher SFrameCipher) (*SFrameSender, error) {
	session, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	var p *C.pqrtc_sframe_sender
	st := C.pqrtc_sframe_sender_new(session, C.uint64_t(kid), C.uint32_t(cipher), &p)
	return newSFrameSender(p, st)
}

// NewSFrameSenderFromKey is for keys that come from elsewhere, 16 to 64 bytes. The same rule holds: a key and key ID, once.
func NewSFrameSenderFromKey(baseKey []byte, kid uint64, cipher SFrameCipher) (*SFrameSender, error) {
	var p *C.pqrtc_sframe_sender
	st := C.pqrtc_sframe_sender_from_key(ptr(baseKey), size(baseKey), C.uint64_t(kid), C.uint32_t(cipher), &p)
	return newSFrameSender(p, st)
}

// Seal encrypts a frame of at most 64 MiB and appends it to dst. metadata, at most 65535 bytes, is authenticated and not sent.
// To seal in place, pass frame[:0] as dst with room for [SFrameMaxOverhead] more bytes; any other overlap gives ErrInvalidArgument.
// It does not allocate if dst has that room.
func (s *SFrameSender) Seal(dst, metadata, frame []byte) ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	whole, out := extend(dst, len(frame)+SFrameMaxOverhead)
	var n C.size_t
	st := C.pqrtc_sframe_seal(p, ptr(metadata), size(metadata), ptr(frame), size(frame), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// SealFrame seals an encoded frame so that it passes the packetizer of its codec, and appends it to dst, which must not overlap frame.
// What the packetizer needs stays clear and is authenticated. metadata, at most 60000 bytes, is what both sides know of the frame, such as
// the name of its track; it is authenticated and not sent. ErrNothingToSeal for parameter sets or delimiters alone: send those as they
// are. It does not allocate if dst has room for [Codec.SealMaxSize].
func (s *SFrameSender) SealFrame(dst []byte, codec Codec, metadata, frame []byte) ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	whole, out := extend(dst, codec.SealMaxSize(len(frame)))
	var n C.size_t
	st := C.pqrtc_frame_seal(p, C.uint32_t(codec), ptr(metadata), size(metadata), ptr(frame), size(frame), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// KID is the key ID in use; it moves with the ratchet.
func (s *SFrameSender) KID() (uint64, error) {
	p, err := s.own().acquire()
	if err != nil {
		return 0, err
	}
	defer s.own().release()
	var kid C.uint64_t
	st := C.pqrtc_sframe_sender_kid(p, &kid)
	return uint64(kid), check(st)
}

// SFrameSenderStats says what a sender has done under its key ID.
type SFrameSenderStats struct {
	KID          uint64
	Sealed, Left uint64 // frames, or units of codec frames
}

// Stats says what the sender has done under the key ID in use.
func (s *SFrameSender) Stats() (SFrameSenderStats, error) {
	p, err := s.own().acquire()
	if err != nil {
		return SFrameSenderStats{}, err
	}
	defer s.own().release()
	c := C.pqrtc_sframe_sender_stats_t{size: C.sizeof_pqrtc_sframe_sender_stats_t}
	if err := check(C.pqrtc_sframe_sender_stats(p, &c)); err != nil {
		return SFrameSenderStats{}, err
	}
	return SFrameSenderStats{uint64(c.kid), uint64(c.sealed), uint64(c.left)}, nil
}

// SetRatchet turns on the ratchet of RFC 9605 section 5.1, before the first frame: the lowest bits (1 to 16) of the key ID then count
// its steps and must be 0 in the one that the sender was made with.
func (s *SFrameSender) SetRatchet(bits uint32) error {
	p, err := s.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer s.own().releaseExclusive()
	return check(C.pqrtc_sframe_sender_set_ratchet(p, C.uint32_t(bits)))
}

// Ratchet moves to the next key and wipes the old one; the key ID grows by 1 and is returned. ErrCounterExhausted if no step is left.
func (s *SFrameSender) Ratchet() (uint64, error) {
	p, err := s.own().acquire()
	if err != nil {
		return 0, err
	}
	defer s.own().release()
	var kid C.uint64_t
	st := C.pqrtc_sframe_sender_ratchet(p, &kid)
	return uint64(kid), check(st)
}

// RatchetBaseKey gives the base key of the ratchet step after baseKey, for a newcomer who is to have no key of an earlier step: 32
// bytes, or 64 for SFrameAES256GCM.
func (c SFrameCipher) RatchetBaseKey(baseKey []byte) ([]byte, error) {
	whole, out := extend(nil, 64)
	var n C.size_t
	st := C.pqrtc_sframe_ratchet_base_key(C.uint32_t(c), ptr(baseKey), size(baseKey), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// Close wipes and frees the sender. Its key and key ID stay used.
func (s *SFrameSender) Close() error { return s.own().close() }
