package pqrtc

// #include <pqrtc.h>
import "C"

// asked calls C with a buffer of guess bytes, and once more with the size that C names if that is too small.
func asked(guess int, fill func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status) ([]byte, error) {
	out := make([]byte, guess)
	var n C.size_t
	st := fill(ptr(out), size(out), &n)
	if st == C.PQRTC_BUFFER_TOO_SMALL {
		out = make([]byte, n)
		st = fill(ptr(out), size(out), &n)
	}
	if err := check(st); err != nil {
		return nil, err
	}
	return out[:n], nil
}

// ImportSigningKey reads a PKCS#8 file, DER or PEM (RFC 9881; the composite as its draft has it). ErrInvalidKey for what is none.
func ImportSigningKey(file []byte) (*SigningKey, error) {
	var p *C.pqrtc_signing_key
	st := C.pqrtc_signing_key_import(ptr(file), size(file), &p)
	return newSigningKey(p, st)
}

// Export writes the key as a PKCS#8 file, a secret.
func (k *SigningKey) Export(format KeyFormat) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return asked(4096, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_signing_key_export(p, C.uint32_t(format), out, capacity, n)
	})
}

// ImportKEMKeypair reads a PKCS#8 file, DER or PEM (RFC 9935). ErrInvalidKey for what is none.
func ImportKEMKeypair(file []byte) (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_import(ptr(file), size(file), &p)
	return newKEMKeypair(p, st)
}

// Export writes the key pair as a PKCS#8 file, a secret.
func (k *KEMKeypair) Export(format KeyFormat) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return asked(4096, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_kem_keypair_export(p, C.uint32_t(format), out, capacity, n)
	})
}

// PublicKeyAlgorithm is a [SignatureAlgorithm], or [PublicKeyKEM] and a [KEMAlgorithm].
type PublicKeyAlgorithm uint32

// PublicKey names the algorithm where keys of both kinds are taken.
func (a KEMAlgorithm) PublicKey() PublicKeyAlgorithm { return PublicKeyKEM + PublicKeyAlgorithm(a) }

// ImportPublicKey reads a SubjectPublicKeyInfo file, DER or PEM. ErrInvalidKey for what is none.
func ImportPublicKey(file []byte) (PublicKeyAlgorithm, []byte, error) {
	var algorithm C.uint32_t
	raw, err := asked(4096, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_public_key_import(ptr(file), size(file), &algorithm, out, capacity, n)
	})
	return PublicKeyAlgorithm(algorithm), raw, err
}

// ExportPublicKey writes a SubjectPublicKeyInfo file.
func ExportPublicKey(algorithm PublicKeyAlgorithm, publicKey []byte, format KeyFormat) ([]byte, error) {
	return asked(8192, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_public_key_export(C.uint32_t(algorithm), ptr(publicKey), size(publicKey), C.uint32_t(format), out, capacity, n)
	})
}
