package pqrtc

// #include <pqrtc.h>
import "C"

// SuiteSizes are the lengths, in bytes, of what a suite sends and stores.
type SuiteSizes struct {
	Bundle, Exchange, Seed int
}

// Sizes gives the lengths of a suite; ErrInvalidArgument if there is no such suite.
func (s Suite) Sizes() (SuiteSizes, error) {
	var bundle, exchange, seed C.size_t
	st := C.pqrtc_suite_sizes(C.uint32_t(s), &bundle, &exchange, &seed)
	return SuiteSizes{int(bundle), int(exchange), int(seed)}, check(st)
}

// HybridKeypair is the responder's side: it publishes a bundle and answers exchange messages.
type HybridKeypair struct {
	h handle[*C.pqrtc_hybrid_keypair]
}

func (k *HybridKeypair) own() *handle[*C.pqrtc_hybrid_keypair] {
	if k == nil {
		return nil
	}
	return &k.h
}

func newHybridKeypair(p *C.pqrtc_hybrid_keypair, st C.pqrtc_status) (*HybridKeypair, error) {
	if err := check(st); err != nil {
		return nil, err
	}
	k := new(HybridKeypair)
	k.h.init(p, func(p *C.pqrtc_hybrid_keypair) { C.pqrtc_hybrid_keypair_free(p) })
	return k, nil
}

// GenerateHybridKeypair makes a fresh key pair. One for each call is the rule: a bundle whose sessions key media serves one process lifetime.
func GenerateHybridKeypair(suite Suite) (*HybridKeypair, error) {
	var p *C.pqrtc_hybrid_keypair
	st := C.pqrtc_hybrid_keypair_generate(C.uint32_t(suite), &p)
	return newHybridKeypair(p, st)
}

// HybridKeypairFromSeed makes the key pair of a stored private key, as long as [Suite.Sizes] says. Not for sessions that
// key media: a recorded exchange message, answered again, gives the same session key.
func HybridKeypairFromSeed(suite Suite, seed []byte) (*HybridKeypair, error) {
	var p *C.pqrtc_hybrid_keypair
	st := C.pqrtc_hybrid_keypair_from_seed(C.uint32_t(suite), ptr(seed), size(seed), &p)
	return newHybridKeypair(p, st)
}

// Suite is the one that the key pair was made for.
func (k *HybridKeypair) Suite() (Suite, error) {
	p, err := k.own().acquire()
	if err != nil {
		return 0, err
	}
	defer k.own().release()
	var suite C.uint32_t
	st := C.pqrtc_hybrid_keypair_suite(p, &suite)
	return Suite(suite), check(st)
}

func (k *HybridKeypair) sizes() (SuiteSizes, error) {
	suite, err := k.Suite()
	if err != nil {
		return SuiteSizes{}, err
	}
	return suite.Sizes()
}

// Bundle is the public half, which the responder publishes.
func (k *HybridKeypair) Bundle() ([]byte, error) {
	sizes, err := k.sizes()
	if err != nil {
		return nil, err
	}
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(sizes.Bundle, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_hybrid_keypair_bundle(p, out, n)
	})
}

// Seed is the private key in the form that HybridKeypairFromSeed takes.
func (k *HybridKeypair) Seed() ([]byte, error) {
	sizes, err := k.sizes()
	if err != nil {
		return nil, err
	}
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(sizes.Seed, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_hybrid_keypair_seed(p, out, n)
	})
}

// Initiate answers a bundle: it gives the exchange message to send back, and the session. Nothing authenticates the initiator to
// the responder: carry both blobs over signaling that does.
func Initiate(suite Suite, bundle []byte) (exchange []byte, s *Session, err error) {
	sizes, err := suite.Sizes()
	if err != nil {
		return nil, nil, err
	}
	exchange = make([]byte, sizes.Exchange)
	var p *C.pqrtc_session
	st := C.pqrtc_hybrid_initiate(C.uint32_t(suite), ptr(bundle), size(bundle), ptr(exchange), size(exchange), &p)
	if s, err = newSession(p, st); err != nil {
		return nil, nil, err
	}
	return exchange, s, nil
}

// Respond turns an exchange message into the responder's session. An altered message is in general no error: the two
// sides then hold different keys, and the first thing opened fails.
func (k *HybridKeypair) Respond(exchange []byte) (*Session, error) {
	kp, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	var p *C.pqrtc_session
	st := C.pqrtc_hybrid_respond(kp, ptr(exchange), size(exchange), &p)
	return newSession(p, st)
}

// Close wipes and frees the key pair; its sessions live on.
func (k *HybridKeypair) Close() error { return k.own().close() }
