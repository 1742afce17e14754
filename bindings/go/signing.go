package pqrtc

// #include <pqrtc.h>
import "C"

// SigningKey is an ML-DSA-65 key pair (FIPS 204).
type SigningKey struct {
	h handle[*C.pqrtc_signing_key]
}

func (k *SigningKey) own() *handle[*C.pqrtc_signing_key] {
	if k == nil {
		return nil
	}
	return &k.h
}

func newSigningKey(p *C.pqrtc_signing_key, st C.pqrtc_status) (*SigningKey, error) {
	if err := check(st); err != nil {
		return nil, err
	}
	k := new(SigningKey)
	k.h.init(p, func(p *C.pqrtc_signing_key) { C.pqrtc_signing_key_free(p) })
	return k, nil
}

// GenerateSigningKey makes a fresh key pair.
func GenerateSigningKey() (*SigningKey, error) {
	var p *C.pqrtc_signing_key
	st := C.pqrtc_signing_key_generate(&p)
	return newSigningKey(p, st)
}

// SigningKeyFromSeed makes the key pair of a stored seed, 32 bytes.
func SigningKeyFromSeed(seed []byte) (*SigningKey, error) {
	var p *C.pqrtc_signing_key
	st := C.pqrtc_signing_key_from_seed(ptr(seed), size(seed), &p)
	return newSigningKey(p, st)
}

// PublicKey is what verifies this key's signatures, 1952 bytes.
func (k *SigningKey) PublicKey() ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(SigningPublicKeySize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_signing_key_public_key(p, out, n)
	})
}

// Seed is the private key, 32 bytes.
func (k *SigningKey) Seed() ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(SigningSeedSize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_signing_key_seed(p, out, n)
	})
}

// Sign signs a message under a FIPS 204 context string of 0 to 255 bytes. Contexts that begin with "pqrtc " belong to the artifacts and
// give ErrInvalidArgument. The signature is 3309 bytes.
func (k *SigningKey) Sign(context string, message []byte) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(SignatureSize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_sign(p, strBytes(context), C.size_t(len(context)), ptr(message), size(message), out, n)
	})
}

// Verify is nil if the signature is that of the message under the context, and ErrBadSignature if not.
func Verify(publicKey []byte, context string, message, signature []byte) error {
	return check(C.pqrtc_verify(ptr(publicKey), size(publicKey), strBytes(context), C.size_t(len(context)),
		ptr(message), size(message), ptr(signature), size(signature)))
}

// Close wipes and frees the key pair.
func (k *SigningKey) Close() error { return k.own().close() }
