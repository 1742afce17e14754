package pqrtc_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"hash"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// reference is SFrame written from RFC 9605 with Go's own cryptography, for all five cipher suites.
type reference struct {
	suite     pqrtc.SFrameCipher
	kid       uint64
	key, salt []byte
}

var errReference = errors.New("reference: does not authenticate")

func suiteHash(suite pqrtc.SFrameCipher) func() hash.Hash {
	if suite == pqrtc.SFrameAES256GCM {
		return sha512.New
	}
	return sha256.New
}

// Section 4.4.2.
func newReference(base []byte, kid uint64, suite pqrtc.SFrameCipher) (*reference, error) {
	newHash := suiteHash(suite)
	secret, err := hkdf.Extract(newHash, base, nil)
	if err != nil {
		return nil, err
	}
	id := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(nil, kid), uint16(suite))
	keyLen := map[pqrtc.SFrameCipher]int{4: 16, 5: 32}[suite]
	if suite < 4 {
		keyLen = 16 + sha256.Size
	}
	key, err := hkdf.Expand(newHash, secret, "SFrame 1.0 Secret key "+string(id), keyLen)
	if err != nil {
		return nil, err
	}
	salt, err := hkdf.Expand(newHash, secret, "SFrame 1.0 Secret salt "+string(id), 12)
	return &reference{suite, kid, key, salt}, err
}

// Section 5.1.
func ratchet(base []byte, suite pqrtc.SFrameCipher) ([]byte, error) {
	newHash := suiteHash(suite)
	secret, err := hkdf.Extract(newHash, base, nil)
	if err != nil {
		return nil, err
	}
	return hkdf.Expand(newHash, secret, "SFrame 1.0 Ratchet", newHash().Size())
}

// Section 4.3.
func header(kid, ctr uint64) []byte {
	field := func(v uint64) (bits byte, rest []byte) {
		if v < 8 {
			return byte(v), nil
		}
		rest = binary.BigEndian.AppendUint64(nil, v)
		for rest[0] == 0 {
			rest = rest[1:]
		}
		return 8 | byte(len(rest)-1), rest
	}
	k, kidBytes := field(kid)
	c, ctrBytes := field(ctr)
	return append(append([]byte{k<<4 | c}, kidBytes...), ctrBytes...)
}

func parseHeader(sealed []byte) (kid, ctr uint64, n int, err error) {
	if len(sealed) == 0 {
		return 0, 0, 0, errReference
	}
	n = 1
	field := func(bits byte) (v uint64) {
		if bits&8 == 0 {
			return uint64(bits)
		}
		for range bits&7 + 1 {
			if n >= len(sealed) {
				err = errReference
				return 0
			}
			v = v<<8 | uint64(sealed[n])
			n++
		}
		return v
	}
	kid = field(sealed[0] >> 4)
	ctr = field(sealed[0] & 15)
	return kid, ctr, n, err
}

func (r *reference) nonce(ctr uint64) []byte {
	nonce := append([]byte(nil), r.salt...)
	for i, b := range binary.BigEndian.AppendUint64(nil, ctr) {
		nonce[4+i] ^= b
	}
	return nonce
}

func (r *reference) gcm() cipher.AEAD {
	block, err := aes.NewCipher(r.key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// Section 4.5.1: AES-CTR with a truncated HMAC.
func (r *reference) ctr(nonce, text []byte) []byte {
	block, err := aes.NewCipher(r.key[:16])
	if err != nil {
		panic(err)
	}
	out := make([]byte, len(text))
	cipher.NewCTR(block, append(append([]byte(nil), nonce...), 0, 0, 0, 0)).XORKeyStream(out, text)
	return out
}

func (r *reference) tag(nonce, aad, ct []byte) []byte {
	n := map[pqrtc.SFrameCipher]int{1: 10, 2: 8, 3: 4}[r.suite]
	mac := hmac.New(sha256.New, r.key[16:])
	for _, l := range []int{len(aad), len(ct), n} {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(l)))
	}
	mac.Write(nonce)
	mac.Write(aad)
	mac.Write(ct)
	return mac.Sum(nil)[:n]
}

func (r *reference) seal(ctr uint64, metadata, frame []byte) []byte {
	head := header(r.kid, ctr)
	nonce, aad := r.nonce(ctr), append(append([]byte(nil), head...), metadata...)
	if r.suite >= 4 {
		return r.gcm().Seal(head, nonce, frame, aad)
	}
	ct := r.ctr(nonce, frame)
	return append(append(head, ct...), r.tag(nonce, aad, ct)...)
}

func (r *reference) open(metadata, sealed []byte) ([]byte, error) {
	kid, ctr, n, err := parseHeader(sealed)
	if err != nil || kid != r.kid {
		return nil, errReference
	}
	body := sealed[n:]
	nonce, aad := r.nonce(ctr), append(append([]byte(nil), sealed[:n]...), metadata...)
	if r.suite >= 4 {
		return r.gcm().Open(nil, nonce, body, aad)
	}
	tagLen := map[pqrtc.SFrameCipher]int{1: 10, 2: 8, 3: 4}[r.suite]
	if len(body) < tagLen {
		return nil, errReference
	}
	ct, tag := body[:len(body)-tagLen], body[len(body)-tagLen:]
	if !hmac.Equal(tag, r.tag(nonce, aad, ct)) {
		return nil, errReference
	}
	return r.ctr(nonce, ct), nil
}
