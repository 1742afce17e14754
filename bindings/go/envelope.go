package pqrtc

// #include <pqrtc.h>
import "C"

// envelopeMaxOverhead is the most that an envelope is longer than its payload: 1136 bytes in suite 1, 1584 in suite 2.
const envelopeMaxOverhead = 1584

// SealEnvelope seals a payload of at most 1 MiB for the holder of a public key: HPKE in base mode. suite is that of the handshake: 1 takes
// the bundle of an X-Wing pair, 2 an ML-KEM-1024 public key. info, at most 65535 bytes, is the context: who opens it must give the same.
// An envelope does not say who made it; [SigningKey.SignEnvelope] does.
func SealEnvelope(suite uint32, publicKey, info, payload []byte) ([]byte, error) {
	whole, out := extend(nil, len(payload)+envelopeMaxOverhead)
	var n C.size_t
	st := C.pqrtc_envelope_seal(C.uint32_t(suite), ptr(publicKey), size(publicKey), ptr(info), size(info),
		ptr(payload), size(payload), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

func openEnvelope(xwing *C.pqrtc_hybrid_keypair, kem *C.pqrtc_kem_keypair, info, envelope []byte) ([]byte, error) {
	whole, out := extend(nil, len(envelope))
	var n C.size_t
	st := C.pqrtc_envelope_open(xwing, kem, ptr(info), size(info), ptr(envelope), size(envelope), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// OpenEnvelope opens an envelope of suite 1 that was sealed for this X-Wing pair under this info; else ErrDecryptionFailed.
func (k *HybridKeypair) OpenEnvelope(info, envelope []byte) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return openEnvelope(p, nil, info, envelope)
}

// OpenEnvelope opens an envelope of suite 2 that was sealed for this ML-KEM-1024 pair under this info; else ErrDecryptionFailed.
func (k *KEMKeypair) OpenEnvelope(info, envelope []byte) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return openEnvelope(nil, p, info, envelope)
}

// SignEnvelope signs an envelope, and whom it is for with it, as the issuer of an API key does.
func (k *SigningKey) SignEnvelope(info, envelope []byte) ([]byte, error) {
	sizes, err := k.sizes()
	if err != nil {
		return nil, err
	}
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(sizes.Signature, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_envelope_sign(p, ptr(info), size(info), ptr(envelope), size(envelope), out, n)
	})
}

// VerifyEnvelope is nil if the signature is the issuer's of this envelope under this info, and ErrBadSignature if not.
func VerifyEnvelope(algorithm SignatureAlgorithm, publicKey, info, envelope, signature []byte) error {
	return check(C.pqrtc_envelope_verify(C.uint32_t(algorithm), ptr(publicKey), size(publicKey), ptr(info), size(info),
		ptr(envelope), size(envelope), ptr(signature), size(signature)))
}
