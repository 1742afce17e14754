package pqrtc

// #include <pqrtc.h>
import "C"

// KEMSizes are the lengths, in bytes, of an algorithm.
type KEMSizes struct {
	PublicKey, Ciphertext, Seed int
}

// Sizes gives the lengths of an algorithm; ErrUnsupported for one that is known and not in this build.
func (a KEMAlgorithm) Sizes() (KEMSizes, error) {
	var pk, ct, seed C.size_t
	st := C.pqrtc_kem_sizes(C.uint32_t(a), &pk, &ct, &seed)
	return KEMSizes{int(pk), int(ct), int(seed)}, check(st)
}

// KEMKeypair is an ML-KEM key pair (FIPS 203), the recipient's side of a wrapped TURN credential.
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
func GenerateKEMKeypair(algorithm KEMAlgorithm) (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_generate(C.uint32_t(algorithm), &p)
	return newKEMKeypair(p, st)
}

// KEMKeypairFromSeed makes the key pair of a seed, d || z of FIPS 203, 64 bytes.
func KEMKeypairFromSeed(algorithm KEMAlgorithm, seed []byte) (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_from_seed(C.uint32_t(algorithm), ptr(seed), size(seed), &p)
	return newKEMKeypair(p, st)
}

// KEMKeypairFromExpanded imports a decapsulation key in the expanded form of FIPS 203, and gives ErrInvalidKey if it fails the checks
// of section 7.3. Such a key pair has no seed.
func KEMKeypairFromExpanded(algorithm KEMAlgorithm, dk []byte) (*KEMKeypair, error) {
	var p *C.pqrtc_kem_keypair
	st := C.pqrtc_kem_keypair_from_expanded(C.uint32_t(algorithm), ptr(dk), size(dk), &p)
	return newKEMKeypair(p, st)
}

// Algorithm is the one that the key pair was made with.
func (k *KEMKeypair) Algorithm() (KEMAlgorithm, error) {
	p, err := k.own().acquire()
	if err != nil {
		return 0, err
	}
	defer k.own().release()
	var algorithm C.uint32_t
	st := C.pqrtc_kem_keypair_algorithm(p, &algorithm)
	return KEMAlgorithm(algorithm), check(st)
}

func (k *KEMKeypair) sizes() (KEMSizes, error) {
	algorithm, err := k.Algorithm()
	if err != nil {
		return KEMSizes{}, err
	}
	return algorithm.Sizes()
}

// PublicKey is the encapsulation key.
func (k *KEMKeypair) PublicKey() ([]byte, error) {
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
		return C.pqrtc_kem_keypair_public_key(p, out, n)
	})
}

// Seed is the private key, 64 bytes; ErrUnsupported if the key pair was imported in expanded form.
func (k *KEMKeypair) Seed() ([]byte, error) {
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
		return C.pqrtc_kem_keypair_seed(p, out, n)
	})
}

// Encapsulate makes a shared secret of 32 bytes, and the ciphertext that carries it to the owner of the encapsulation key ek.
// ErrInvalidKey if ek fails the check of FIPS 203 section 7.2.
func Encapsulate(algorithm KEMAlgorithm, ek []byte) (ciphertext, sharedSecret []byte, err error) {
	sizes, err := algorithm.Sizes()
	if err != nil {
		return nil, nil, err
	}
	ciphertext, sharedSecret = make([]byte, sizes.Ciphertext), make([]byte, KEMSharedSecretSize)
	st := C.pqrtc_kem_encapsulate(C.uint32_t(algorithm), ptr(ek), size(ek), ptr(ciphertext), size(ciphertext), ptr(sharedSecret), size(sharedSecret))
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
