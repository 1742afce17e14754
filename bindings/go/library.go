package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// Sizes in bytes.
const (
	KEMPublicKeySize     = C.PQRTC_KEM_PUBLIC_KEY_BYTES
	KEMCiphertextSize    = C.PQRTC_KEM_CIPHERTEXT_BYTES
	KEMSharedSecretSize  = C.PQRTC_KEM_SHARED_SECRET_BYTES
	KEMSeedSize          = C.PQRTC_KEM_SEED_BYTES
	KEMExpandedKeySize   = C.PQRTC_KEM_EXPANDED_KEY_BYTES
	HybridBundleSize     = C.PQRTC_HYBRID_BUNDLE_BYTES
	HybridExchangeSize   = C.PQRTC_HYBRID_EXCHANGE_BYTES
	SessionKeySize       = C.PQRTC_SESSION_KEY_BYTES
	SessionSealOverhead  = C.PQRTC_SESSION_SEAL_OVERHEAD_BYTES
	TURNWrapOverhead     = C.PQRTC_TURN_WRAP_OVERHEAD_BYTES
	SigningPublicKeySize = C.PQRTC_SIGNING_PUBLIC_KEY_BYTES
	SigningSeedSize      = C.PQRTC_SIGNING_SEED_BYTES
	SignatureSize        = C.PQRTC_SIGNATURE_BYTES
	SFrameMaxOverhead    = C.PQRTC_SFRAME_MAX_OVERHEAD_BYTES // the most that one sealed frame can be longer than its frame
)

// abiVersion is the version of the C ABI that this package is written against.
const abiVersion = 1

// Version is that of the C library, "MAJOR.MINOR.PATCH".
func Version() string { return C.GoString(C.pqrtc_version()) }

// ABIVersion is that of the C library in use.
func ABIVersion() uint32 { return uint32(C.pqrtc_abi_version()) }

// Provider names the cryptography that the C library is built with: "aws-lc" or "pqclean".
func Provider() string { return C.GoString(C.pqrtc_provider()) }

// SelfTest checks that the library in use is the one that this package was compiled for, and runs a known answer
// for every primitive in use. Call it once at start-up.
func SelfTest() error {
	if v := ABIVersion(); v != abiVersion {
		return fmt.Errorf("pqrtc: the library has ABI version %d, this package needs %d", v, abiVersion)
	}
	for _, s := range []struct {
		name     string
		compiled int
		loaded   C.size_t
	}{
		{"KEM public key", KEMPublicKeySize, C.pqrtc_kem_public_key_bytes()},
		{"KEM ciphertext", KEMCiphertextSize, C.pqrtc_kem_ciphertext_bytes()},
		{"KEM shared secret", KEMSharedSecretSize, C.pqrtc_kem_shared_secret_bytes()},
		{"KEM seed", KEMSeedSize, C.pqrtc_kem_seed_bytes()},
		{"KEM expanded key", KEMExpandedKeySize, C.pqrtc_kem_expanded_key_bytes()},
		{"hybrid bundle", HybridBundleSize, C.pqrtc_hybrid_bundle_bytes()},
		{"hybrid exchange", HybridExchangeSize, C.pqrtc_hybrid_exchange_bytes()},
		{"session key", SessionKeySize, C.pqrtc_session_key_bytes()},
		{"session seal overhead", SessionSealOverhead, C.pqrtc_session_seal_overhead_bytes()},
		{"TURN wrap overhead", TURNWrapOverhead, C.pqrtc_turn_wrap_overhead_bytes()},
		{"signing public key", SigningPublicKeySize, C.pqrtc_signing_public_key_bytes()},
		{"signing seed", SigningSeedSize, C.pqrtc_signing_seed_bytes()},
		{"signature", SignatureSize, C.pqrtc_signature_bytes()},
		{"SFrame overhead", SFrameMaxOverhead, C.pqrtc_sframe_max_overhead_bytes()},
	} {
		if s.compiled != int(s.loaded) {
			return fmt.Errorf("pqrtc: %s is %d bytes in the library, %d in its header", s.name, s.loaded, s.compiled)
		}
	}
	return check(C.pqrtc_self_test())
}

// Random fills b, 1 byte to 1 MiB, from the operating system.
func Random(b []byte) error { return check(C.pqrtc_random(ptr(b), size(b))) }

// Cleanse writes zeros over b in a way that no compiler leaves out.
func Cleanse(b []byte) {
	if len(b) > 0 {
		C.pqrtc_cleanse(unsafe.Pointer(&b[0]), size(b))
	}
}
