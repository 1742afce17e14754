package pqrtc

// #include <pqrtc.h>
// #cgo noescape pqrtc_sframe_open
// #cgo nocallback pqrtc_sframe_open
// #cgo noescape pqrtc_frame_open
// #cgo nocallback pqrtc_frame_open
import "C"

// SFrameReceiver opens the frames of any number of senders that use the same cipher suite.
type SFrameReceiver struct {
	h handle[*C.pqrtc_sframe_receiver]
}

func (r *SFrameReceiver) own() *handle[*C.pqrtc_sframe_receiver] {
	if r == nil {
		return nil
	}
	return &r.h
}

// FrameID says which sender's key authenticated a frame, and which of its frames it was.
type FrameID struct {
	KID, Counter uint64
}

// NewSFrameReceiver makes a receiver without keys.
func NewSFrameReceiver(cipher SFrameCipher) (*SFrameReceiver, error) {
	var p *C.pqrtc_sframe_receiver
	if err := check(C.pqrtc_sframe_receiver_new(C.uint32_t(cipher), &p)); err != nil {
		return nil, err
	}
	r := new(SFrameReceiver)
	r.h.init(p, func(p *C.pqrtc_sframe_receiver) { C.pqrtc_sframe_receiver_free(p) })
	return r, nil
}

// AddSession adds the key of the session's other side for the key ID that it sends with.
func (r *SFrameReceiver) AddSession(s *Session, kid uint64) error {
	p, err := r.own().acquire()
	if err != nil {
		return err
	}
	defer r.own().release()
	session, err := s.own().acquire()
	if err != nil {
		return err
	}
	defer s.own().release()
	return check(C.pqrtc_sframe_receiver_add_session(p, session, C.uint64_t(kid)))
}

// AddKey adds a key that comes from elsewhere, 16 to 64 bytes. A key ID that the receiver has, or a key that was removed from it, is
// refused: its replay window would be lost.
func (r *SFrameReceiver) AddKey(kid uint64, baseKey []byte) error {
	p, err := r.own().acquire()
	if err != nil {
		return err
	}
	defer r.own().release()
	return check(C.pqrtc_sframe_receiver_add_key(p, C.uint64_t(kid), ptr(baseKey), size(baseKey)))
}

// RemoveKey wipes a key; its frames then give ErrUnknownKeyID.
func (r *SFrameReceiver) RemoveKey(kid uint64) error {
	p, err := r.own().acquire()
	if err != nil {
		return err
	}
	defer r.own().release()
	return check(C.pqrtc_sframe_receiver_remove_key(p, C.uint64_t(kid)))
}

// Open decrypts a sealed frame and appends it to dst. To open in place, pass sealed[:0] as dst; a failure may then destroy the sealed
// frame, but leaves no plaintext. It does not allocate if dst has room for len(sealed).
func (r *SFrameReceiver) Open(dst, metadata, sealed []byte) ([]byte, error) {
	frame, _, err := r.OpenID(dst, metadata, sealed)
	return frame, err
}

// OpenID is Open that also says whose frame it was. With ErrUnknownKeyID, ErrReplayedFrame and ErrDecryptionFailed the FrameID is what the
// refused frame says of itself: a hint that nothing authenticates.
func (r *SFrameReceiver) OpenID(dst, metadata, sealed []byte) ([]byte, FrameID, error) {
	p, err := r.own().acquire()
	if err != nil {
		return nil, FrameID{}, err
	}
	defer r.own().release()
	whole, out := extend(dst, len(sealed))
	var n C.size_t
	var kid, counter C.uint64_t
	st := C.pqrtc_sframe_open(p, ptr(metadata), size(metadata), ptr(sealed), size(sealed), ptr(out), size(out), &n, &kid, &counter)
	frame, err := finish(whole, n, st)
	return frame, FrameID{uint64(kid), uint64(counter)}, err
}

// OpenFrame opens what [SFrameSender.SealFrame] made with the same codec and metadata, whole or not at all, and appends the encoded frame to
// dst. To open in place, pass sealed[:0] as dst. The FrameID is that of the last sealed unit in it, or a hint as in [SFrameReceiver.OpenID].
func (r *SFrameReceiver) OpenFrame(dst []byte, codec Codec, metadata, sealed []byte) ([]byte, FrameID, error) {
	p, err := r.own().acquire()
	if err != nil {
		return nil, FrameID{}, err
	}
	defer r.own().release()
	whole, out := extend(dst, codec.OpenMaxSize(len(sealed)))
	var n C.size_t
	var kid, counter C.uint64_t
	st := C.pqrtc_frame_open(p, C.uint32_t(codec), ptr(metadata), size(metadata), ptr(sealed), size(sealed), ptr(out), size(out), &n, &kid, &counter)
	frame, err := finish(whole, n, st)
	return frame, FrameID{uint64(kid), uint64(counter)}, err
}

// What to give SetRatchet if nothing else is known: late frames of the step before open, and a forged one costs little.
const (
	DefaultRatchetSteps = 16
	DefaultGraceFrames  = 64
)

// SetRatchet follows senders that ratchet (RFC 9605 section 5.1), before a key is added. bits is what the senders use; maxSteps, 1 to
// 1024, is how far ahead one frame may pull the receiver; graceFrames is how many frames of a new step are opened before the old key goes;
// 0 loses late frames. See [DefaultRatchetSteps] and [DefaultGraceFrames].
func (r *SFrameReceiver) SetRatchet(bits, maxSteps, graceFrames uint32) error {
	p, err := r.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer r.own().releaseExclusive()
	return check(C.pqrtc_sframe_receiver_set_ratchet(p, C.uint32_t(bits), C.uint32_t(maxSteps), C.uint32_t(graceFrames)))
}

// SetWindow sets how many counters back a late frame may be, before a key is added: a multiple of 64, 64 to 65536. It is 1024 unless set.
func (r *SFrameReceiver) SetWindow(counters uint32) error {
	p, err := r.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer r.own().releaseExclusive()
	return check(C.pqrtc_sframe_receiver_set_window(p, C.uint32_t(counters)))
}

// SFrameStats counts what a receiver did with the frames that it was given.
type SFrameStats struct {
	Keys             uint64 // key IDs held now
	Opened           uint64
	Malformed        uint64
	UnknownKeyID     uint64
	Replayed         uint64
	DecryptionFailed uint64
}

func counts(s *C.pqrtc_sframe_stats, st C.pqrtc_status) (SFrameStats, error) {
	if err := check(st); err != nil {
		return SFrameStats{}, err
	}
	return SFrameStats{
		Keys: uint64(s.keys), Opened: uint64(s.opened), Malformed: uint64(s.malformed), UnknownKeyID: uint64(s.unknown_key_id),
		Replayed: uint64(s.replayed), DecryptionFailed: uint64(s.decryption_failed),
	}, nil
}

// Stats gives the counts so far.
func (r *SFrameReceiver) Stats() (SFrameStats, error) {
	p, err := r.own().acquire()
	if err != nil {
		return SFrameStats{}, err
	}
	defer r.own().release()
	s := C.pqrtc_sframe_stats{size: C.sizeof_pqrtc_sframe_stats}
	st := C.pqrtc_sframe_receiver_stats(p, &s)
	return counts(&s, st)
}

// KeyStats gives the counts of one key ID; ErrUnknownKeyID if the receiver does not have it.
func (r *SFrameReceiver) KeyStats(kid uint64) (SFrameStats, error) {
	p, err := r.own().acquire()
	if err != nil {
		return SFrameStats{}, err
	}
	defer r.own().release()
	s := C.pqrtc_sframe_stats{size: C.sizeof_pqrtc_sframe_stats}
	st := C.pqrtc_sframe_receiver_key_stats(p, C.uint64_t(kid), &s)
	return counts(&s, st)
}

// Close wipes and frees the receiver.
func (r *SFrameReceiver) Close() error { return r.own().close() }
