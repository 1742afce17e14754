package pqrtc

// #include <pqrtc.h>
import "C"

import "io"

// SignArtifact signs content that is in memory; for a file see [ArtifactHasher].
func (k *SigningKey) SignArtifact(kind ArtifactKind, content []byte) ([]byte, error) {
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
		return C.pqrtc_artifact_sign(p, C.uint32_t(kind), ptr(content), size(content), out, n)
	})
}

// SignArtifactCOSE makes a COSE_Sign1 message (RFC 9964) that contains the content; its external_aad is the context string of the kind, such as
// "pqrtc recording-manifest v1". ErrUnsupported for the composite, for which COSE has no number.
func (k *SigningKey) SignArtifactCOSE(kind ArtifactKind, content []byte) ([]byte, error) {
	p, err := k.own().acquire()
	if err != nil {
		return nil, err
	}
	defer k.own().release()
	return asked(len(content)+8192, func(out *C.uint8_t, room C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_artifact_sign_cose(p, C.uint32_t(kind), ptr(content), size(content), out, room, n)
	})
}

// VerifyArtifact is nil if the signature is that of the content as this kind, and ErrBadSignature if not.
func VerifyArtifact(algorithm SignatureAlgorithm, publicKey []byte, kind ArtifactKind, content, signature []byte) error {
	return check(C.pqrtc_artifact_verify(C.uint32_t(algorithm), ptr(publicKey), size(publicKey), C.uint32_t(kind), ptr(content), size(content),
		ptr(signature), size(signature)))
}

// ArtifactHasher takes content in pieces of any size, then signs or verifies what it was given. It is an io.Writer, for io.Copy.
type ArtifactHasher struct {
	h handle[*C.pqrtc_artifact_hasher]
}

func (a *ArtifactHasher) own() *handle[*C.pqrtc_artifact_hasher] {
	if a == nil {
		return nil
	}
	return &a.h
}

var _ io.WriteCloser = (*ArtifactHasher)(nil)

// NewArtifactHasher begins the content of an artifact.
func NewArtifactHasher(kind ArtifactKind) (*ArtifactHasher, error) {
	var p *C.pqrtc_artifact_hasher
	if err := check(C.pqrtc_artifact_hasher_new(C.uint32_t(kind), &p)); err != nil {
		return nil, err
	}
	a := new(ArtifactHasher)
	a.h.init(p, func(p *C.pqrtc_artifact_hasher) { C.pqrtc_artifact_hasher_free(p) })
	return a, nil
}

// Write adds data to the content.
func (a *ArtifactHasher) Write(data []byte) (int, error) {
	p, err := a.own().acquireExclusive()
	if err != nil {
		return 0, err
	}
	defer a.own().releaseExclusive()
	if err := check(C.pqrtc_artifact_hasher_update(p, ptr(data), size(data))); err != nil {
		return 0, err
	}
	return len(data), nil
}

// Sign signs what was written so far; more may be written after it.
func (a *ArtifactHasher) Sign(key *SigningKey) ([]byte, error) {
	p, err := a.own().acquire()
	if err != nil {
		return nil, err
	}
	defer a.own().release()
	sizes, err := key.sizes()
	if err != nil {
		return nil, err
	}
	k, err := key.own().acquire()
	if err != nil {
		return nil, err
	}
	defer key.own().release()
	return fixed(sizes.Signature, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_artifact_hasher_sign(p, k, out, n)
	})
}

// Verify is nil if the signature is that of what was written so far, and ErrBadSignature if not.
func (a *ArtifactHasher) Verify(algorithm SignatureAlgorithm, publicKey, signature []byte) error {
	p, err := a.own().acquire()
	if err != nil {
		return err
	}
	defer a.own().release()
	return check(C.pqrtc_artifact_hasher_verify(p, C.uint32_t(algorithm), ptr(publicKey), size(publicKey), ptr(signature), size(signature)))
}

// Close wipes and frees the hasher.
func (a *ArtifactHasher) Close() error { return a.own().close() }
