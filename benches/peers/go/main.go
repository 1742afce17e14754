// pqrtc beside circl and Go's standard library, from Go: each takes the other's keys, ciphertexts and signatures, then all are measured in one
// run. `make bench-peers`.
package main

import (
	"bytes"
	"crypto/mlkem"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"time"

	"github.com/cloudflare/circl/kem/xwing"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// kem is what messages see of a KEM: generate gives a public key and what opens ciphertexts for it.
type kem struct {
	name        string
	generate    func() (public []byte, decapsulate func(ciphertext []byte) []byte)
	encapsulate func(public []byte) (ciphertext, secret []byte)
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func sessionKey(session *pqrtc.Session) []byte {
	defer session.Close()
	return must(session.Key())
}

var xWing = []kem{
	{"pqrtc", func() ([]byte, func([]byte) []byte) {
		pair := must(pqrtc.GenerateHybridKeypair(pqrtc.XWing))
		return must(pair.Bundle()), func(exchange []byte) []byte {
			defer pair.Close()
			return sessionKey(must(pair.Respond(exchange)))
		}
	}, func(bundle []byte) ([]byte, []byte) {
		exchange, session, err := pqrtc.Initiate(pqrtc.XWing, bundle)
		return must(exchange, err), sessionKey(session)
	}},
	{"circl", func() ([]byte, func([]byte) []byte) {
		secret, public, err := xwing.GenerateKeyPairPacked(nil)
		if err != nil {
			log.Fatal(err)
		}
		return public, func(ciphertext []byte) []byte { return xwing.Decapsulate(ciphertext, secret) }
	}, func(public []byte) ([]byte, []byte) {
		shared, ciphertext, err := xwing.Encapsulate(public, nil)
		return must(ciphertext, err), shared
	}},
}

var mlKEM768 = []kem{
	{"pqrtc", func() ([]byte, func([]byte) []byte) {
		pair := must(pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768))
		return must(pair.PublicKey()), func(ciphertext []byte) []byte {
			defer pair.Close()
			return must(pair.Decapsulate(ciphertext))
		}
	}, func(public []byte) ([]byte, []byte) {
		ciphertext, secret, err := pqrtc.Encapsulate(pqrtc.MLKEM768, public)
		return must(ciphertext, err), secret
	}},
	{"crypto/mlkem", func() ([]byte, func([]byte) []byte) {
		key := must(mlkem.GenerateKey768())
		return key.EncapsulationKey().Bytes(), func(ciphertext []byte) []byte { return must(key.Decapsulate(ciphertext)) }
	}, func(public []byte) ([]byte, []byte) {
		shared, ciphertext := must(mlkem.NewEncapsulationKey768(public)).Encapsulate()
		return ciphertext, shared
	}},
}

func (k kem) exchange(with kem) {
	public, decapsulate := k.generate()
	ciphertext, secret := with.encapsulate(public)
	if !bytes.Equal(decapsulate(ciphertext), secret) {
		log.Fatalf("%s and %s do not agree", k.name, with.name)
	}
}

func kems(what string, rounds int, peers []kem) {
	for _, one := range peers {
		for _, other := range peers {
			one.exchange(other)
		}
	}
	fmt.Printf("Go: %s agrees with %s, both ways\n", what, peers[1].name)
	compare(what+", generate to decapsulate", peers[1].name, rounds, func() { peers[0].exchange(peers[0]) }, func() { peers[1].exchange(peers[1]) })
}

func signatures(rounds int) {
	message := make([]byte, 32)
	key := must(pqrtc.GenerateSigningKey(pqrtc.MLDSA65))
	defer key.Close()
	public := must(key.PublicKey())
	_, theirs, err := mldsa65.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	theirPublic := theirs.Public().(*mldsa65.PublicKey)
	theirSign := func() []byte {
		signature := make([]byte, mldsa65.SignatureSize)
		if err := mldsa65.SignTo(theirs, message, nil, true, signature); err != nil {
			log.Fatal(err)
		}
		return signature
	}
	ours, known := must(key.Sign("", message)), theirSign()
	var ourPublic mldsa65.PublicKey
	if err := ourPublic.UnmarshalBinary(public); err != nil || !mldsa65.Verify(&ourPublic, message, nil, ours) {
		log.Fatal("circl refuses a signature of pqrtc")
	}
	verify := func() {
		if err := pqrtc.Verify(pqrtc.MLDSA65, theirPublic.Bytes(), "", message, known); err != nil {
			log.Fatal(err)
		}
	}
	verify()
	fmt.Println("Go: ML-DSA-65 agrees with circl, both ways")
	compare("ML-DSA-65 sign", "circl", rounds, func() { must(key.Sign("", message)) }, func() { theirSign() })
	bytesOfPublic := theirPublic.Bytes()
	compare("ML-DSA-65 verify", "circl", rounds, verify, func() {
		var public mldsa65.PublicKey
		if public.UnmarshalBinary(bytesOfPublic) != nil || !mldsa65.Verify(&public, message, nil, known) {
			log.Fatal("circl refuses its own signature")
		}
	})
}

// compare prints the medians of rounds in which the two take turns, and the median of their ratios.
func compare(what, peer string, rounds int, ours, theirs func()) {
	const calls = 10
	run := func(work func()) float64 {
		start := time.Now()
		for range calls {
			work()
		}
		return float64(time.Since(start).Nanoseconds()) / calls / 1000
	}
	var times [3][]float64
	for round := 0; round < rounds+3; round++ {
		mine, other := run(ours), run(theirs)
		if round >= 3 {
			times[0], times[1], times[2] = append(times[0], mine), append(times[1], other), append(times[2], mine/other)
		}
	}
	for _, t := range times {
		sort.Float64s(t)
	}
	fmt.Printf("%-40s %9.2f us  %-14s %9.2f us   ratio %5.2f\n", what, times[0][rounds/2], peer, times[1][rounds/2], times[2][rounds/2])
}

func main() {
	rounds := 301
	if len(os.Args) > 1 {
		rounds = must(strconv.Atoi(os.Args[1]))
	}
	kems("X-Wing", rounds, xWing)
	kems("ML-KEM-768", rounds, mlKEM768)
	signatures(rounds)
}
