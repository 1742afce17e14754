package pqrtc

// #include <pqrtc.h>
import "C"

// SignatureSizes are the lengths, in bytes, of an algorithm.
type SignatureSizes struct {
	PublicKey, Signature, Seed int
}

// Sizes gives the lengths of an algorithm; ErrUnsupported for one that is known and not in this build.
func (a SignatureAlgorithm) Sizes() (SignatureSizes, error) {
	var pk, sig, seed C.size_t
	st := C.pqrtc_signature_sizes(C.uint32_t(a), &pk, &sig, &seed)
	return SignatureSizes{int(pk), int(sig), int(seed)}, check(st)
}

// SigningKey is a key pair of ML-DSA (FIPS 204) or of the composite with Ed25519.
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
func GenerateSigningKey(algorithm SignatureAlgorithm) (*SigningKey, error) {
	var p *C.pqrtc_signing_key
	st := C.pqrtc_signing_key_generate(C.uint32_t(algorithm), &p)
	return newSigningKey(p, st)
}

// SigningKeyFromSeed makes the key pair of a stored seed: 32 bytes for ML-DSA, 64 for the composite.
func SigningKeyFromSeed(algorithm SignatureAlgorithm, seed []byte) (*SigningKey, error) {
	var p *C.pqrtc_signing_key
	st := C.pqrtc_signing_key_from_seed(C.uint32_t(algorithm), ptr(seed), size(seed), &p)
	return newSigningKey(p, st)
}

// Algorithm is the one that the key was made with.
func (k *SigningKey) Algorithm() (SignatureAlgorithm, error) {
	p, err := k.own().acquire()
	if err != nil {
		return 0, err
	}
	defer k.own().release()
	var algorithm C.uint32_t
	st := C.pqrtc_signing_key_algorithm(p, &algorithm)
	return SignatureAlgorithm(algorithm), check(st)
}

func (k *SigningKey) sizes() (SignatureSizes, error) {
	algorithm, err := k.Algorithm()
	if err != nil {
		return SignatureSizes{}, err
	}
	return algorithm.Sizes()
}

// PublicKey is what verifies this key's signatures.
func (k *SigningKey) PublicKey() ([]byte, error) {
	sizes, err := k.sizes()
	if err != nil {
		return nil, err
	}
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(sizes.PublicKey, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_signing_key_public_key(p, out, n)
	})
}

// Seed is the private key; ErrUnsupported if the key was imported in expanded form.
func (k *SigningKey) Seed() ([]byte, error) {
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
		return C.pqrtc_signing_key_seed(p, out, n)
	})
}

// Sign signs a message under a context string of 0 to 255 bytes. Contexts that begin with "pqrtc " belong to the library and give
// ErrInvalidArgument.
func (k *SigningKey) Sign(context string, message []byte) ([]byte, error) {
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
		return C.pqrtc_sign(p, strBytes(context), C.size_t(len(context)), ptr(message), size(message), out, n)
	})
}

// Verify is nil if the signature is that of the message under the context, and ErrBadSignature if not.
func Verify(algorithm SignatureAlgorithm, publicKey []byte, context string, message, signature []byte) error {
	return check(C.pqrtc_verify(C.uint32_t(algorithm), ptr(publicKey), size(publicKey), strBytes(context), C.size_t(len(context)),
		ptr(message), size(message), ptr(signature), size(signature)))
}

// Fingerprint is what a participant is known by: the first 32 bytes of SHA-512 of a public key's SubjectPublicKeyInfo.
func (a SignatureAlgorithm) Fingerprint(publicKey []byte) ([]byte, error) {
	return fixed(FingerprintSize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_public_key_fingerprint(C.uint32_t(a), ptr(publicKey), size(publicKey), out, n)
	})
}

// Close wipes and frees the key pair.
func (k *SigningKey) Close() error { return k.own().close() }
