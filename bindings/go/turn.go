package pqrtc

// #include <pqrtc.h>
import "C"

import "time"

// MintTURN makes a TURN REST credential, the scheme of coturn's use-auth-secret: the username is the expiry in Unix seconds, ":" and the
// user (the expiry alone for an empty user), the password an HMAC of it under the secret that the TURN server shares. The username may
// be at most 508 bytes long and hold no NUL.
func MintTURN(secret []byte, user string, expires time.Time) (username, password string, err error) {
	at := expires.Unix()
	if at < 0 {
		return "", "", ErrInvalidArgument
	}
	name, pass := make([]byte, 512), make([]byte, 64) // the longest are 508 and 28
	var nameLen, passLen C.size_t
	st := C.pqrtc_turn_credential_mint(ptr(secret), size(secret), str(user), C.size_t(len(user)), C.uint64_t(at),
		chars(name), size(name), &nameLen, chars(pass), size(pass), &passLen)
	if err := check(st); err != nil {
		return "", "", err
	}
	return string(name[:nameLen]), string(pass[:passLen]), nil
}

// VerifyTURN checks a credential as the TURN server would at the time now: ErrCredentialRejected for a wrong password or a malformed
// username, ErrCredentialExpired for a right one that is no longer good.
func VerifyTURN(secret []byte, username, password string, now time.Time) error {
	at := now.Unix()
	if at < 0 {
		return ErrInvalidArgument
	}
	return check(C.pqrtc_turn_credential_verify(ptr(secret), size(secret), str(username), C.size_t(len(username)),
		str(password), C.size_t(len(password)), C.uint64_t(at)))
}

// WrapTURN encrypts a credential, at most 1 MiB in any form, to a recipient's ML-KEM public key. The result is longer by the ciphertext
// of the algorithm and 28 bytes.
func WrapTURN(algorithm KEMAlgorithm, publicKey, credential []byte) ([]byte, error) {
	sizes, err := algorithm.Sizes()
	if err != nil {
		return nil, err
	}
	whole, out := extend(nil, len(credential)+sizes.Ciphertext+28)
	var n C.size_t
	st := C.pqrtc_turn_wrap(C.uint32_t(algorithm), ptr(publicKey), size(publicKey), ptr(credential), size(credential), ptr(out), size(out), &n)
	return finish(whole, n, st)
}

// UnwrapTURN decrypts what WrapTURN made for this key pair; ErrDecryptionFailed if it was altered or made for another.
func (k *KEMKeypair) UnwrapTURN(wrapped []byte) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	whole, out := extend(nil, len(wrapped))
	var n C.size_t
	st := C.pqrtc_turn_unwrap(p, ptr(wrapped), size(wrapped), ptr(out), size(out), &n)
	return finish(whole, n, st)
}
