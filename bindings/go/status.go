package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"errors"
	"strconv"
)

// Status is a status code of the C API, and the error that stands for it. Codes are never renumbered.
type Status uint32

// The codes that can come back as errors.
const (
	ErrNullPointer        Status = C.PQRTC_NULL_POINTER        // a nil where a value is needed
	ErrInvalidLength      Status = C.PQRTC_INVALID_LENGTH      // a length differs from the one required, or is out of range
	ErrBufferTooSmall     Status = C.PQRTC_BUFFER_TOO_SMALL    // never from this package, which sizes its buffers
	ErrInvalidArgument    Status = C.PQRTC_INVALID_ARGUMENT    // unknown suite, kind, profile, cipher or codec; overlapping buffers
	ErrUnsupported        Status = C.PQRTC_UNSUPPORTED         // known, but not in this build
	ErrInvalidKey         Status = C.PQRTC_INVALID_KEY         // a key that fails its standard's checks
	ErrNonContributory    Status = C.PQRTC_NON_CONTRIBUTORY    // X25519 gave the all-zero result
	ErrDecryptionFailed   Status = C.PQRTC_DECRYPTION_FAILED   // altered data or another key
	ErrBadSignature       Status = C.PQRTC_BAD_SIGNATURE       // the signature does not verify
	ErrCredentialExpired  Status = C.PQRTC_CREDENTIAL_EXPIRED  // right password, expiry not in the future
	ErrCredentialRejected Status = C.PQRTC_CREDENTIAL_REJECTED // wrong password or malformed username
	ErrMalformedFrame     Status = C.PQRTC_MALFORMED_FRAME     // not an SFrame ciphertext
	ErrUnknownKeyID       Status = C.PQRTC_UNKNOWN_KEY_ID      // no key for the frame's KID
	ErrReplayedFrame      Status = C.PQRTC_REPLAYED_FRAME      // counter seen before, or older than the window
	ErrKeyReused          Status = C.PQRTC_KEY_REUSED          // a second sender for the same key and KID
	ErrCounterExhausted   Status = C.PQRTC_COUNTER_EXHAUSTED   // the sender has used up its counters or ratchet steps
	ErrRNGFailed          Status = C.PQRTC_RNG_FAILED          // the operating system gave no randomness
	ErrOutOfMemory        Status = C.PQRTC_OUT_OF_MEMORY       // no memory for a buffer whose size the caller chose
	ErrInternal           Status = C.PQRTC_INTERNAL            // a bug in the library, caught
)

// ErrClosed is what a method gives after Close, and on the zero value of its type.
var ErrClosed = errors.New("pqrtc: use of a closed object")

// Error says in words which class of failure it was. It never holds key bytes.
func (s Status) Error() string {
	return "pqrtc: " + C.GoString(C.pqrtc_status_string(C.uint32_t(s))) + " (" + strconv.Itoa(int(s)) + ")"
}

// check turns a result into an error; PQRTC_OK is nil.
func check(st C.pqrtc_status) error {
	if st == C.PQRTC_OK {
		return nil
	}
	return Status(st)
}
