package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// Version is that of the C library, "MAJOR.MINOR.PATCH".
func Version() string { return C.GoString(C.pqrtc_version()) }

// ABIVersion is that of the C library in use.
func ABIVersion() uint32 { return uint32(C.pqrtc_abi_version()) }

// Provider names the cryptography that the C library is built with: "aws-lc", "rustcrypto" or "pqclean".
func Provider() string { return C.GoString(C.pqrtc_provider()) }

// SelfTest checks that the library in use is the one that this package was compiled for, and runs a known answer
// for every primitive in use. Call it once at start-up.
func SelfTest() error {
	if v := ABIVersion(); v != abiVersion {
		return fmt.Errorf("pqrtc: the library has ABI version %d, this package needs %d", v, abiVersion)
	}
	for _, s := range sizes {
		if loaded := int(s.loaded()); s.compiled != loaded {
			return fmt.Errorf("pqrtc: %s is %d bytes in the library, %d in its header", s.name, loaded, s.compiled)
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
