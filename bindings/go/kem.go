package pqrtc

// #include <pqrtc.h>
import "C"

// KEMKeypair is an ML-KEM-768 key pair (FIPS 203), the recipient's side of a wrapped TURN credential.
type KEMKeypair struct {
	h handle[*C.pqrtc_kem_keypair]
}

func (k *KEMKeypair) own() *handle[*C.pqrtc_kem_keypair] {
	if k == nil {
		return nil
	}
	return &k.h
}

func newKEMKeypair(p *C.pqrtc_kem_keypair, st C.pqrtc_status) (*KEMKeypair, error) {
	if err := check(st); err != nil {
		return nil, err
	}
	k := new(KEMKeypair)
	k.h.init(p, func(p *C.pqrtc_kem_keypair) { C.pqrtc_kem_keypair_free(p) })
	return k, nil
}

// GenerateKEMKeypair makes a fresh key pair.
func GenerateKEMKeypair() (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_generate(&p)
	return newKEMKeypair(p, st)
}

// KEMKeypairFromSeed makes the key pair of a seed, d || z of FIPS 203, 64 bytes.
func KEMKeypairFromSeed(seed []byte) (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_from_seed(ptr(seed), size(seed), &p)
	return newKEMKeypair(p, st)
}

// KEMKeypairFromExpanded imports a decapsulation key in the 2400-byte form of FIPS 203, and gives ErrInvalidKey if it fails the checks
// of section 7.3. Such a key pair has no seed.
func KEMKeypairFromExpanded(dk []byte) (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_from_expanded(ptr(dk), size(dk), &p)
	return newKEMKeypair(p, st)
}

// PublicKey is the encapsulation key, 1184 bytes.
func (k *KEMKeypair) PublicKey() ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(KEMPublicKeySize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_kem_keypair_public_key(p, out, n)
	})
}

// Seed is the private key, 64 bytes; ErrUnsupported if the key pair was imported in expanded form.
func (k *KEMKeypair) Seed() ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(KEMSeedSize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_kem_keypair_seed(p, out, n)
	})
}

// Encapsulate makes a shared secret of 32 bytes, and the ciphertext of 1088 bytes that carries it to the owner of the encapsulation key ek.
// ErrInvalidKey if ek fails the check of FIPS 203 section 7.2.
func Encapsulate(ek []byte) (ciphertext, sharedSecret []byte, err error) {
	ciphertext, sharedSecret = make([]byte, KEMCiphertextSize), make([]byte, KEMSharedSecretSize)
	st := C.pqrtc_kem_encapsulate(ptr(ek), size(ek), ptr(ciphertext), size(ciphertext), ptr(sharedSecret), size(sharedSecret))
	if err := check(st); err != nil {
		return nil, nil, err
	}
	return ciphertext, sharedSecret, nil
}

// Decapsulate gives the shared secret that a ciphertext carries. An altered ciphertext is no error: it gives a secret that nobody else has.
func (k *KEMKeypair) Decapsulate(ciphertext []byte) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return fixed(KEMSharedSecretSize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_kem_decapsulate(p, ptr(ciphertext), size(ciphertext), out, n)
	})
}

// Close wipes and frees the key pair.
func (k *KEMKeypair) Close() error { return k.own().close() }
