// Package pqrtc adds post-quantum protection to an existing WebRTC stack: hybrid key exchange (X25519 with ML-KEM-768), TURN
// credentials, signed meeting artifacts (ML-DSA-65) and SFrame media frames (RFC 9605). It is the C library libpqrtc, reached
// through cgo, and adds no protocol of its own.
//
// Errors are values of type [Status] and compare with errors.Is, for example errors.Is(err, pqrtc.ErrBadSignature).
//
// Types with a Close method own an object of the C library. Close wipes its secrets at once, may be called twice, and waits for calls
// in progress; every later call gives [ErrClosed]. An object that is only dropped is freed, and wiped, after the garbage collector
// finds it. All methods may be called from many goroutines at once. The objects must not be copied.
//
// Slices that the package returns, keys among them, are ordinary Go memory, which the garbage collector does not wipe: call [Cleanse].
//
// Methods that append to dst work as those of crypto/cipher: they return the longer slice, and allocate only when its capacity is too
// small. No pointer to Go memory is kept by C after a call.
package pqrtc
