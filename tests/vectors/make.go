// The part of Go's standard library in independent.json; make.py runs it.
//
//	go run make.go encapsulate PARAMETER_SET PUBLIC_KEY     prints a ciphertext
//	go run make.go check FILE                               computes all that Go has the algorithms for
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/mlkem"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"log"
	"os"
)

type data []byte

func (d *data) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	b, err := hex.DecodeString(s)
	*d = b
	return err
}

type file struct {
	MLKEM []struct {
		ParameterSet int `json:"parameter_set"`
		Seed         data
		PublicKey    data `json:"public_key"`
		Ciphertexts  []struct {
			Ciphertext   data
			SharedSecret data `json:"shared_secret"`
		}
	} `json:"ml_kem"`
	X25519 []struct {
		PrivateKey   data `json:"private_key"`
		PublicKey    data `json:"public_key"`
		Peer         data
		SharedSecret data `json:"shared_secret"`
	}
	Ed25519 []struct {
		Seed      data
		PublicKey data `json:"public_key"`
		Message   data
		Signature data
	}
	AESGCM []struct{ Key, Nonce, AAD, Plaintext, Sealed data } `json:"aes_gcm"`
	HKDF   []struct {
		Hash                 string
		Salt, IKM, Info, Out data
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

var seen int

func same(what string, got, want []byte) {
	seen++
	if !bytes.Equal(got, want) {
		log.Fatalf("%s: Go has %x, the file %x", what, got, want)
	}
}

func check(f file) {
	for _, v := range f.MLKEM {
		var public []byte
		var decapsulate func([]byte) ([]byte, error)
		switch v.ParameterSet {
		case 768:
			key := must(mlkem.NewDecapsulationKey768(v.Seed))
			public, decapsulate = key.EncapsulationKey().Bytes(), key.Decapsulate
		case 1024:
			key := must(mlkem.NewDecapsulationKey1024(v.Seed))
			public, decapsulate = key.EncapsulationKey().Bytes(), key.Decapsulate
		}
		same("ML-KEM public key", public, v.PublicKey)
		for _, c := range v.Ciphertexts {
			same("ML-KEM shared secret", must(decapsulate(c.Ciphertext)), c.SharedSecret)
		}
	}
	for _, v := range f.X25519 {
		key := must(ecdh.X25519().NewPrivateKey(v.PrivateKey))
		same("X25519 public key", key.PublicKey().Bytes(), v.PublicKey)
		same("X25519", must(key.ECDH(must(ecdh.X25519().NewPublicKey(v.Peer)))), v.SharedSecret)
	}
	for _, v := range f.Ed25519 {
		key := ed25519.NewKeyFromSeed(v.Seed)
		same("Ed25519 public key", key.Public().(ed25519.PublicKey), v.PublicKey)
		same("Ed25519", ed25519.Sign(key, v.Message), v.Signature)
	}
	for _, v := range f.AESGCM {
		gcm := must(cipher.NewGCM(must(aes.NewCipher(v.Key))))
		same("AES-GCM", gcm.Seal(nil, v.Nonce, v.Plaintext, v.AAD), v.Sealed)
	}
	for _, v := range f.HKDF {
		h := map[string]func() hash.Hash{"SHA-256": sha256.New, "SHA-512": sha512.New}[v.Hash]
		same("HKDF", must(hkdf.Key(h, v.IKM, v.Salt, string(v.Info), len(v.Out))), v.Out)
	}
	if seen < 50 {
		log.Fatalf("only %d values were there to compare", seen)
	}
}

func main() {
	switch os.Args[1] {
	case "encapsulate":
		public := must(hex.DecodeString(os.Args[3]))
		var ciphertext []byte
		if os.Args[2] == "768" {
			_, ciphertext = must(mlkem.NewEncapsulationKey768(public)).Encapsulate()
		} else {
			_, ciphertext = must(mlkem.NewEncapsulationKey1024(public)).Encapsulate()
		}
		fmt.Printf("%x\n", ciphertext)
	case "check":
		var f file
		if err := json.Unmarshal(must(os.ReadFile(os.Args[2])), &f); err != nil {
			log.Fatal(err)
		}
		check(f)
	}
}
