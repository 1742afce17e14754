package pqrtc

// #include <pqrtc.h>
import "C"

import "unsafe"

// Policy is what a participant accepts of the other side. A new one accepts nobody.
type Policy struct {
	h handle[*C.pqrtc_policy]
}

func (p *Policy) own() *handle[*C.pqrtc_policy] {
	if p == nil {
		return nil
	}
	return &p.h
}

// NewPolicy begins with a profile.
func NewPolicy(profile Profile) (*Policy, error) {
	var c *C.pqrtc_policy
	if err := check(C.pqrtc_policy_new(C.uint32_t(profile), &c)); err != nil {
		return nil, err
	}
	p := new(Policy)
	p.h.init(c, func(c *C.pqrtc_policy) { C.pqrtc_policy_free(c) })
	return p, nil
}

// Set sets an option: 32 bytes for PolicyPin, which may be set many times, and PolicyPSK; nil for the rest.
func (p *Policy) Set(option PolicyOption, value []byte) error {
	c, err := p.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer p.own().releaseExclusive()
	return check(C.pqrtc_policy_set(c, C.uint32_t(option), ptr(value), size(value)))
}

// Close wipes and frees the policy; calls have a copy.
func (p *Policy) Close() error { return p.own().close() }

// Call is one end of an authenticated call: Offer and Receive until Info says MaySend.
type Call struct {
	h handle[*C.pqrtc_call]
}

func (c *Call) own() *handle[*C.pqrtc_call] {
	if c == nil {
		return nil
	}
	return &c.h
}

// CallOptions are what a call needs beside its policy. All may be left out.
type CallOptions struct {
	Identity, Second *SigningKey // one for each suite that the profile has
	Binding          []byte      // the own DTLS fingerprint, 0 to 64 bytes
	Credential       []byte      // the application's: authenticated, not interpreted
}

// NewCall makes one end of a call. Keys and policy are copied.
func NewCall(policy *Policy, options CallOptions) (*Call, error) {
	p, err := policy.own().acquire()
	if err != nil {
		return nil, err
	}
	defer policy.own().release()
	var keys [2]*C.pqrtc_signing_key
	for i, key := range []*SigningKey{options.Identity, options.Second} {
		if key == nil {
			continue
		}
		if keys[i], err = key.own().acquire(); err != nil {
			return nil, err
		}
		defer key.own().release()
	}
	var made *C.pqrtc_call
	if err := check(C.pqrtc_call_new(keys[0], keys[1], p, ptr(options.Binding), size(options.Binding), ptr(options.Credential),
		size(options.Credential), &made)); err != nil {
		return nil, err
	}
	c := new(Call)
	c.h.init(made, func(p *C.pqrtc_call) { C.pqrtc_call_free(p) })
	return c, nil
}

// Offer gives the offer of the call, or of a rekey in one that runs.
func (c *Call) Offer() ([]byte, error) {
	p, err := c.own().acquire()
	if err != nil {
		return nil, err
	}
	defer c.own().release()
	return asked(CallMessageMax, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_call_offer(p, out, capacity, n)
	})
}

// Receive takes a message of the peer and gives the one to send back, empty if there is none. peerBinding is the peer's DTLS fingerprint
// as the SDP has it. A message that is refused changes nothing. After ErrPeerRejected look at Peer, Pin it, and give the message again.
func (c *Call) Receive(message, peerBinding []byte) ([]byte, error) {
	p, err := c.own().acquire()
	if err != nil {
		return nil, err
	}
	defer c.own().release()
	return asked(CallMessageMax, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_call_receive(p, ptr(message), size(message), ptr(peerBinding), size(peerBinding), out, capacity, n)
	})
}

// Pin accepts the identity of this fingerprint, 32 bytes.
func (c *Call) Pin(fingerprint []byte) error {
	p, err := c.own().acquire()
	if err != nil {
		return err
	}
	defer c.own().release()
	return check(C.pqrtc_call_pin(p, ptr(fingerprint), size(fingerprint)))
}

// SetBinding sets the fingerprint of a new certificate, for the next rekey.
func (c *Call) SetBinding(binding []byte) error {
	p, err := c.own().acquire()
	if err != nil {
		return err
	}
	defer c.own().release()
	return check(C.pqrtc_call_set_binding(p, ptr(binding), size(binding)))
}

// CallInfo says where a call is.
type CallInfo struct {
	State           CallState
	Role            Role
	Suite, Epoch    uint32
	MaySend         bool
	PeerIdentity    SignatureAlgorithm // 0 for none
	PeerFingerprint [FingerprintSize]byte
}

// Info says where the call is.
func (c *Call) Info() (CallInfo, error) {
	p, err := c.own().acquire()
	if err != nil {
		return CallInfo{}, err
	}
	defer c.own().release()
	i := C.pqrtc_call_info_t{size: C.sizeof_pqrtc_call_info_t}
	if err := check(C.pqrtc_call_info(p, &i)); err != nil {
		return CallInfo{}, err
	}
	return CallInfo{
		State: CallState(i.state), Role: Role(i.role), Suite: uint32(i.suite), Epoch: uint32(i.epoch), MaySend: i.may_send != 0,
		PeerIdentity:    SignatureAlgorithm(i.peer_identity),
		PeerFingerprint: *(*[FingerprintSize]byte)(unsafe.Pointer(&i.peer_fingerprint)),
	}, nil
}

// CallPeer is who the peer proved to be.
type CallPeer struct {
	Algorithm             SignatureAlgorithm
	PublicKey, Credential []byte
}

// Peer says who the peer proved to be, also after ErrPeerRejected.
func (c *Call) Peer() (CallPeer, error) {
	p, err := c.own().acquire()
	if err != nil {
		return CallPeer{}, err
	}
	defer c.own().release()
	var algorithm C.uint32_t
	var keyLen, credentialLen C.size_t
	st := C.pqrtc_call_peer(p, &algorithm, nil, 0, &keyLen, nil, 0, &credentialLen)
	if st != C.PQRTC_BUFFER_TOO_SMALL {
		return CallPeer{}, check(st)
	}
	key, credential := make([]byte, keyLen), make([]byte, credentialLen)
	st = C.pqrtc_call_peer(p, &algorithm, ptr(key), size(key), &keyLen, ptr(credential), size(credential), &credentialLen)
	return CallPeer{SignatureAlgorithm(algorithm), key, credential}, check(st)
}

// SAS gives ten digits for people to compare.
func (c *Call) SAS() (string, error) {
	p, err := c.own().acquire()
	if err != nil {
		return "", err
	}
	defer c.own().release()
	digits, err := fixed(10, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_call_sas(p, (*C.char)(unsafe.Pointer(out)), n)
	})
	return string(digits), err
}

// Session is that of the newest epoch.
func (c *Call) Session() (*Session, error) {
	p, err := c.own().acquire()
	if err != nil {
		return nil, err
	}
	defer c.own().release()
	var s *C.pqrtc_session
	st := C.pqrtc_call_session(p, &s)
	return newSession(s, st)
}

// Sender makes a sender for one of this side's streams. It follows rekeys by itself, and refuses to seal before it may.
func (c *Call) Sender(stream uint64, cipher SFrameCipher) (*SFrameSender, error) {
	p, err := c.own().acquire()
	if err != nil {
		return nil, err
	}
	defer c.own().release()
	var s *C.pqrtc_sframe_sender
	st := C.pqrtc_call_sender(p, C.uint64_t(stream), C.uint32_t(cipher), &s)
	return newSFrameSender(s, st)
}

// Receiver makes a receiver of all streams of the peer, across rekeys.
func (c *Call) Receiver(cipher SFrameCipher) (*SFrameReceiver, error) {
	p, err := c.own().acquire()
	if err != nil {
		return nil, err
	}
	defer c.own().release()
	var made *C.pqrtc_sframe_receiver
	if err := check(C.pqrtc_call_receiver(p, C.uint32_t(cipher), &made)); err != nil {
		return nil, err
	}
	r := new(SFrameReceiver)
	r.h.init(made, func(p *C.pqrtc_sframe_receiver) { C.pqrtc_sframe_receiver_free(p) })
	return r, nil
}

// SFrameKey gives the key of one direction and stream, for an SFrame engine that is not this library's.
func (c *Call) SFrameKey(direction Direction, stream uint64) (kid uint64, baseKey []byte, err error) {
	p, err := c.own().acquire()
	if err != nil {
		return 0, nil, err
	}
	defer c.own().release()
	var k C.uint64_t
	baseKey, err = fixed(SFrameBaseKeySize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_call_sframe_key(p, C.uint32_t(direction), C.uint64_t(stream), &k, out, n)
	})
	return uint64(k), baseKey, err
}

// Close wipes and frees the call; its sessions live on.
func (c *Call) Close() error { return c.own().close() }
